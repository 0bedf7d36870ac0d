namespace Quorate.Node.Tests.Members;

/// <summary>What the loops tell each other of a snapshot, in the worst order that threads allow.</summary>
public sealed class SnapshotOrderTests
{
    [Fact]
    public void Snapshot_that_is_written_at_once_is_told_after_the_entries_that_it_holds()
    {
        using var cluster = TestCluster.OfList(1, snapshotCount: 5);
        var node = cluster.UntilLed();
        var applies = false;
        node.Member.OnSignals(static () => { }, static () => { }, RunBackground);
        node.IsPaused = true;
        ToldPut[] told = [.. Enumerable.Range(1, 12).Select(key => node.Put($"k{key}"))];
        for (var round = 0; round < 20; round++)
        {
            node.Member.Tick();
            node.Member.PumpNode(16);
            node.RunDisk();
            node.Member.PumpNode(16);
            applies = true;
            node.Member.PumpApply(1);
            applies = false;
            node.Member.PumpBackground(16);
        }

        Assert.All(told, put => Assert.True(put.Outcome.IsDone));
        Assert.True(node.Member.Core.First > Quorate.Raft.LogIndex.Zero.Next);

        // The background thread wakes, and is quicker than the apply thread that woke it.
        void RunBackground()
        {
            if (applies)
            {
                applies = false;
                node.Member.PumpBackground(1000);
                node.Member.PumpNode(16);
            }
        }
    }
}
