namespace Quorate.Node.Tests.Members;

/// <summary>A node that keeps its files in memory takes no more of it than it needs.</summary>
public sealed class InMemoryTests
{
    private const int SegmentBytes = 64 * 1024;
    private readonly StartMember _self = new("n1", [TestCluster.UrlOf(1)]);

    [Fact]
    public void Trimmed_segments_and_older_snapshots_are_given_back()
    {
        var (inMemory, snapshots) = Run(inMemory: true);
        var (onDisk, _) = Run(inMemory: false);

        Assert.Equal(1, snapshots);
        Assert.True(inMemory <= 5 * SegmentBytes, $"{inMemory} bytes");
        Assert.True(inMemory < onDisk, $"{inMemory} bytes in memory, {onDisk} on a disk");
    }

    [Fact]
    public void Status_says_so()
    {
        using var cluster = new TestCluster();
        var node = cluster.Add(1, _self);
        node.Options = Options(inMemory: true);
        node.Start();

        Assert.True(node.Member.Status().InMemory);
    }

    // A thousand frames of at least 512 bytes each: many segments, if they stayed.
    private (long Bytes, int Snapshots) Run(bool inMemory)
    {
        using var cluster = new TestCluster();
        var node = cluster.Add(1, _self);
        node.Options = Options(inMemory);
        node.Start();
        cluster.Until(() => node.Leads);
        for (var at = 0; at < 1000; at++)
        {
            var put = node.Put("key");
            cluster.Until(() => put.IsTold);
            Assert.True(put.Outcome.IsDone);
        }

        cluster.Tick(100);
        return (node.Files.Bytes, node.Files.List($"{TestNode.Path}/snapshots").Count);
    }

    private MemberOptions Options(bool inMemory) => new()
    {
        Name = "n1",
        DataDirectory = TestNode.Path,
        InitialCluster = [_self],
        InMemory = inMemory,
        SegmentBytes = SegmentBytes,
        SnapshotCount = 50,
        KeepEntries = 10,
    };
}
