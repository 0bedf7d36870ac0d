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
        var leaving = cluster.Others(asked).First(node => !node.Leads);

        var told = asked.Change(new MemberChange.Remove(leaving.Member.Self));
        cluster.Until(() => told.IsTold);

        Assert.Equal(OutcomeKind.Done, told.Outcome.Kind);
        Assert.Equal(leaving.Member.Self, told.Outcome.Member);
        cluster.Until(() => leaving.Member.Status().NodeState == NodeState.Removed);
        Assert.Equal(2, asked.Member.Status().Members.Count);
        Assert.Equal(1, told.Times);
    }

    [Fact]
    public void Log_says_whom_an_addition_made_when_the_answer_of_the_leader_is_lost()
    {
        using var cluster = TestCluster.OfList(3);
        var leader = cluster.UntilLed();
        var asked = cluster.Follower;
        var newcomer = cluster.Add(4);
        newcomer.StartUnconfigured();
        cluster.Tick(5);

        var told = asked.Change(new MemberChange.Add("n4", [newcomer.Url], StaysLearner: true));
        var dials = cluster.Network.Dials;
        while (cluster.Network.Dials == dials)
        {
            asked.Pump(16);
            cluster.Network.Run();
            leader.Pump(16);
        }

        // Who was reached is known: in one turn the leader proposes, and answers into nothing.
        cluster.Network.Run();
        cluster.Network.IsCut = true;
        leader.Member.PumpNode(1);
        Assert.True(leader.Member.Core.IsChanging);
        cluster.Network.IsCut = false;
        cluster.Until(() => told.IsTold);

        Assert.Equal(OutcomeKind.Done, told.Outcome.Kind);
        var added = Assert.Single(leader.Member.Status().Members, member => member.Name == "n4");
        Assert.Equal(added.Id, told.Outcome.Member);
    }

    [Fact]
    public void Puts_that_a_follower_forwards_before_a_change_are_done_beside_it()
    {
        using var cluster = TestCluster.OfList(3);
        cluster.UntilLed();
        var asked = cluster.Follower;
        var leaving = cluster.Others(asked).First(node => !node.Leads);

        // All on their way together: at the leader the change comes by another lane than the puts.
        var put = asked.Put("a");
        asked.Member.PumpNode(1);
        var told = asked.Change(new MemberChange.Remove(leaving.Member.Self));
        asked.Member.PumpNode(1);
        var later = asked.Put("b");
        cluster.Until(() => told.IsTold && put.IsTold && later.IsTold);

        Assert.Equal(OutcomeKind.Done, told.Outcome.Kind);
        Assert.Equal(OutcomeKind.Done, put.Outcome.Kind);
        Assert.Equal(OutcomeKind.Done, later.Outcome.Kind);
    }

    [Fact]
    public void Nothing_is_called_done_while_the_change_before_it_is_not_committed()
    {
        using var cluster = TestCluster.OfList(3);
        var leader = cluster.UntilLed();
        var newcomer = cluster.Add(4);
        newcomer.StartUnconfigured();
        cluster.Tick(5);
        foreach (var other in cluster.Others(leader).Where(node => node != newcomer))
        {
            other.IsPaused = true;
        }

        var first = leader.Change(new MemberChange.Add("n4", [newcomer.Url], StaysLearner: true));
        cluster.Tick(20);
        var second = leader.Change(new MemberChange.Add("n4", [newcomer.Url], StaysLearner: true), deadlineTicks: 50);
        cluster.Tick(30);

        Assert.True(leader.Member.Core.IsChanging);
        Assert.False(first.IsTold);
        Assert.False(second.IsTold);
        Assert.Empty(newcomer.Invitations);
        cluster.Until(() => second.IsTold);
        Assert.Equal(ChangeRefusal.ChangeUnderWay, second.Outcome.Refused);
    }

    [Fact]
    public void Nobody_joins_by_a_configuration_that_is_not_committed()
    {
        using var cluster = TestCluster.OfList(3);
        var leader = cluster.UntilLed();
        var newcomer = cluster.Add(4);
        var announced = leader.Change(new MemberChange.Announce([newcomer.Url], StaysLearner: true));
        cluster.Until(() => announced.IsTold);

        foreach (var other in cluster.Others(leader).Where(node => node != newcomer))
        {
            other.IsPaused = true;
        }

        newcomer.StartUnconfigured();
        cluster.Until(() => leader.Member.Core.IsChanging, ticksMax: 400);
        cluster.Tick(50);

        Assert.True(leader.Member.Core.IsChanging);
        Assert.Empty(newcomer.Invitations);
    }

    [Fact]
    public void What_was_told_or_taken_is_not_told_again_by_a_stop()
    {
        using var cluster = TestCluster.OfList(1);
        var leader = cluster.UntilLed();
        var change = leader.Change(new MemberChange.Remove(leader.Member.Self));
        var put = leader.Put("a");
        leader.Member.PumpNode(1);

        leader.Stop();

        Assert.Equal(ChangeRefusal.LastVoter, change.Outcome.Refused);
        Assert.Equal(1, change.Times);
        Assert.Equal(OutcomeKind.Unknown, put.Outcome.Kind);
        Assert.Equal(1, put.Times);
    }

    [Fact]
    public void Read_that_is_to_be_asked_again_is_refused_by_a_stop()
    {
        using var cluster = TestCluster.OfList(3);
        var leader = cluster.UntilElected();
        var read = new ToldRead();
        leader.Member.ReadIndex(deadlineTicks: 100, read);
        leader.Member.PumpNode(1);
        Assert.Equal(0, read.Times);

        leader.Stop();

        Assert.Equal(1, read.Times);
        Assert.Equal(RefusalReason.ShuttingDown, read.Refused);
    }
}
