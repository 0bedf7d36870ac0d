using FsCheck;
using FsCheck.Fluent;

namespace Quorate.Raft.Tests;

public class ClusterConfigTests
{
    [Fact]
    public void Bytes_come_back_as_they_went() =>
        Prop.ForAll<ushort, ushort, byte[]>((voters, outgoing, attachment) =>
        {
            var config = Make(voters, outgoing, attachment);
            return ClusterConfig.TryRead(config.ToBytes(), out var read) && read.Equals(config);
        }).QuickCheckThrowOnFailure();

    [Fact]
    public void Bytes_cut_anywhere_are_refused()
    {
        var whole = Make(0b1011, 0b0110, [1, 2, 3]).ToBytes();

        for (var cut = 0; cut < whole.Length; cut++)
        {
            Assert.False(ClusterConfig.TryRead(whole.AsSpan(0, cut), out _), $"cut at {cut}");
        }

        Assert.False(ClusterConfig.TryRead([.. whole, 0], out _), "a byte too many");
        Assert.True(ClusterConfig.TryRead(whole, out _));
    }

    [Fact]
    public void Any_bytes_are_read_or_refused_and_never_throw() =>
        Prop.ForAll<byte[]>(bytes =>
        {
            ClusterConfig.TryRead([1, .. bytes], out _);
            return !ClusterConfig.TryRead([2, .. bytes], out _);
        }).QuickCheckThrowOnFailure();

    [Fact]
    public void A_learner_is_no_voter_and_nobody_stands_twice()
    {
        NodeId[] one = [new(1)];

        Assert.Throws<ArgumentException>(() => new ClusterConfig(one, learners: one));
        Assert.Throws<ArgumentException>(() => new ClusterConfig([new(1), new(1)]));
        Assert.Throws<ArgumentException>(() => new ClusterConfig([NodeId.None]));
    }

    [Fact]
    public void Members_of_a_joint_configuration_are_listed_once_and_sorted()
    {
        var config = new ClusterConfig([new(4), new(2)], [new(2), new(1)], [new(3)]);

        Assert.Equal([new(1), new(2), new(4)], config.AllVoters());
        Assert.Equal([new(1), new(2), new(3), new(4)], config.AllMembers());
    }

    private static ClusterConfig Make(ushort voters, ushort outgoing, byte[] attachment)
    {
        var incoming = Chosen(voters);
        var old = Chosen(outgoing);
        var learners = Chosen((ushort)~(voters | outgoing));
        return new ClusterConfig(incoming, old, learners, attachment);
    }

    private static NodeId[] Chosen(ushort bits) =>
        [.. Enumerable.Range(1, 16).Where(id => (bits >> (id - 1) & 1) == 1).Select(id => new NodeId((ulong)id))];
}
