using Quorate.Raft;

namespace Quorate.Node.Tests;

public sealed class RosterTests
{
    private static readonly Roster Three = new(
        [
            new MemberInfo(new NodeId(3), "größe", ["http://127.0.0.1:32380", "http://[::1]:32380"])
            {
                Directory = UInt128.MaxValue - 5,
                StaysLearner = true,
                Replaces = new NodeId(1),
            },
            new MemberInfo(new NodeId(1), "n1", ["http://127.0.0.1:2380"]) { Directory = 7 },
            new MemberInfo(new NodeId(2), "", ["http://127.0.0.1:22380"]) { IsAnnounced = true },
        ],
        [new NodeId(9), new NodeId(8)]);

    [Fact]
    public void A_roster_reads_back_as_it_was_written()
    {
        Assert.True(Roster.TryRead(Three.ToBytes(), out var read));

        Assert.Equal([1ul, 2, 3], read.Members.Select(member => member.Id.Value));
        Assert.Equal(Three.Members.Select(Describe), read.Members.Select(Describe));
        Assert.Equal([9ul, 8], read.Removed.Select(id => id.Value));
    }

    [Fact]
    public void A_roster_cut_anywhere_is_refused()
    {
        var bytes = Three.ToBytes();

        for (var cut = 0; cut < bytes.Length; cut++)
        {
            Assert.False(Roster.TryRead(bytes.AsSpan(0, cut), out _));
        }

        Assert.False(Roster.TryRead([.. bytes, 0], out _));
    }

    [Fact]
    public void Who_left_with_a_joint_configuration_is_no_member_and_was_removed()
    {
        var roster = Three.Without(new NodeId(1)).ToBytes();
        var joint = new ClusterConfig([new NodeId(3)], [new NodeId(3), new NodeId(1)], attachment: Three.ToBytes());
        var left = new ClusterConfig([new NodeId(3)], attachment: roster);

        Assert.NotNull(Roster.Of(joint).Find(new NodeId(1)));
        Assert.Null(Roster.Of(left).Find(new NodeId(1)));
        Assert.Contains(new NodeId(1), Roster.Of(left).Removed);
        Assert.NotNull(Roster.Of(left).Find(new NodeId(2)));
    }

    [Fact]
    public void Member_that_is_new_or_otherwise_is_found()
    {
        var one = Three.Find(new NodeId(1))!;
        var moved = Three.With(one with { PeerUrls = ["http://127.0.0.1:42380"] });
        var more = Three.With(one with { Id = new NodeId(7), Name = "n7" });
        Assert.True(Roster.TryRead(Three.ToBytes(), out var same));

        Assert.Null(same.FindChanged(Three));
        Assert.Equal(one.Id, moved.FindChanged(Three)?.Id);
        Assert.Equal(new NodeId(7), more.FindChanged(Three)?.Id);
        Assert.Null(Three.Without(one.Id).FindChanged(Three));
    }

    [Fact]
    public void Removed_ids_are_kept_within_a_bound()
    {
        var roster = new Roster([], Enumerable.Range(1, 2000).Select(id => new NodeId((ulong)id)));

        Assert.Equal(Roster.RemovedMax, roster.Removed.Count);
        Assert.Equal(new NodeId(2000), roster.Removed[^1]);
    }

    private static string Describe(MemberInfo member) =>
        $"{member} {member.Directory:x} {member.IsAnnounced} {member.StaysLearner} {member.Replaces}";
}
