using Quorate.Raft;

namespace Quorate.Node.Tests.Members;

/// <summary>Changes of the members, asked of whole members.</summary>
public sealed class MemberChangeTests
{
    [Fact]
    public void Follower_that_is_asked_has_the_change_done_by_its_leader()
    {
        using var cluster = TestCluster.OfList(3);
        cluster.UntilLed();
        var asked = cluster.Follower;
        var leaving = new[] { 1, 2, 3 }.Select(id => cluster[id]).First(node => node != asked && !node.Leads);

        var told = asked.Change(new MemberChange.Remove(leaving.Member.Self));
        cluster.Until(() => told.IsTold);

        Assert.Equal(OutcomeKind.Done, told.Outcome.Kind);
        Assert.Equal(leaving.Member.Self, told.Outcome.Member);
        cluster.Until(() => leaving.Member.Status().NodeState == NodeState.Removed);
        Assert.Equal(2, asked.Member.Status().Members.Count);
        Assert.Equal(1, told.Times);
    }
}
