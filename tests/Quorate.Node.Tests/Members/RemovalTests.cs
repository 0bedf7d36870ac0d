using Quorate.Raft;

namespace Quorate.Node.Tests.Members;

/// <summary>A node knows that it was removed, and takes nothing else for that.</summary>
public sealed class RemovalTests
{
    [Fact]
    public void Newcomer_that_has_read_only_configurations_without_it_is_not_removed()
    {
        using var cluster = TestCluster.OfList(1, followsInvitations: false);
        var leader = cluster.UntilLed();
        foreach (var key in Enumerable.Range(1, 5))
        {
            // More than one append carries, so that the entry that names the newcomer comes later.
            leader.Put(new string('k', 30_000) + key);
        }

        var newcomer = cluster.Add(2);
        newcomer.StartUnconfigured();
        cluster.Tick(5);
        var told = leader.Change(new MemberChange.Add("", [newcomer.Url], StaysLearner: true));
        cluster.Until(() => told.IsTold && newcomer.Invitations.Count > 0);
        newcomer.FollowInvitation();
        var core = newcomer.Member.Core;
        while (core.Commit < LogIndex.Zero.Next)
        {
            leader.Member.Tick();
            leader.Pump(16);
            cluster.Network.Run();
            newcomer.Pump(16);
        }

        leader.Stop();
        cluster.Tick(20);

        Assert.False(core.CommittedConfig.Config.Voters.IsEmpty);
        Assert.False(core.Config.Config.Contains(newcomer.Member.Self));
        Assert.Equal(NodeState.Member, newcomer.Member.Status().NodeState);
        Assert.Equal(ChangeRefusal.NoLeader, AskedWithoutLeader(cluster, newcomer).Refused);
        Assert.Equal(RefusalReason.NoLeader, PutRefused(cluster, newcomer));
    }

    [Theory]
    [InlineData(5000)]
    [InlineData(1)]
    public void Node_that_was_removed_says_so_also_when_a_snapshot_took_the_place_of_what_named_it(int snapshotCount)
    {
        using var cluster = TestCluster.OfList(3);
        foreach (var node in Enumerable.Range(1, 3).Select(id => cluster[id]))
        {
            node.Stop();
            node.Options = node.KeepingNoEntries(snapshotCount);
            node.Start();
        }

        var leader = cluster.UntilLed();
        var leaving = cluster.Follower;
        var told = leader.Change(new MemberChange.Remove(leaving.Member.Self));
        cluster.Until(() => told.IsTold && leaving.Member.Status().NodeState == NodeState.Removed);
        cluster.Tick(20);

        // All that was there of its membership may be gone from its log.
        Assert.Equal(snapshotCount > 100, IsNamedByItsLog(leaving.Member));
        AssertKnowsThatItIsRemoved(cluster, leaving);
        leaving.Stop();
        leaving.Start();
        cluster.Tick(3);
        AssertKnowsThatItIsRemoved(cluster, leaving);
    }

    private static bool IsNamedByItsLog(Member member)
    {
        var core = member.Core;
        var isNamed = false;
        for (var index = core.First.Previous; index <= core.Last.Index; index = index.Next)
        {
            isNamed |= core.ConfigAt(index).Config.Contains(member.Self);
        }

        return isNamed;
    }

    private static void AssertKnowsThatItIsRemoved(TestCluster cluster, TestNode node)
    {
        Assert.Equal(NodeState.Removed, node.Member.Status().NodeState);
        Assert.Equal(ChangeRefusal.Removed, AskedWithoutLeader(cluster, node).Refused);
        Assert.Equal(RefusalReason.Removed, PutRefused(cluster, node));
        var read = new ToldRead();
        node.Member.ReadIndex(deadlineTicks: 100, read);
        cluster.Until(() => read.Times > 0);
        Assert.Equal(RefusalReason.Removed, read.Refused);
    }

    private static RefusalReason? PutRefused(TestCluster cluster, TestNode asked)
    {
        var put = asked.Put("a");
        cluster.Until(() => put.IsTold);
        return put.Outcome.Refused;
    }

    private static ChangeOutcome AskedWithoutLeader(TestCluster cluster, TestNode asked)
    {
        var told = asked.Change(new MemberChange.Announce(["http://n9:2380"], StaysLearner: true), deadlineTicks: 50);
        cluster.Until(() => told.IsTold);
        return told.Outcome;
    }
}
