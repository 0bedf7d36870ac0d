using Quorate.Raft;

namespace Quorate.Node.Tests.Members;

/// <summary>Leadership that is handed over, given up and asked for, with clients writing.</summary>
public sealed class LeadershipTests
{
    private const int ElectionTicks = 100;

    [Fact]
    public void Leadership_goes_to_the_voter_that_was_named_without_a_timeout()
    {
        using var cluster = TestCluster.OfList(3);
        var leader = cluster.UntilLed();
        var target = cluster.Others(leader).Last();
        var term = leader.Member.Raft.HardState.Term;
        var begun = leader.Member.Now;

        var told = Transfer(leader, target.Member.Self);
        cluster.Until(() => told.IsTold && target.Leads);

        Assert.Null(told.Refused);
        Assert.Equal(term.Value + 1, target.Member.Raft.HardState.Term.Value);
        Assert.True(leader.Member.Now - begun < ElectionTicks);
        cluster.Write(leader, "after");
        Assert.Same(target, cluster.UntilSettled());
    }

    [Fact]
    public void Target_that_lags_costs_an_election_timeout_and_then_all_is_as_before()
    {
        using var cluster = TestCluster.OfList(3);
        var leader = cluster.UntilLed();
        var target = cluster.Others(leader).Last();
        target.IsPaused = true;
        for (var i = 0; i < 5; i++)
        {
            cluster.Write(leader, $"k{i}");
        }

        var term = leader.Member.Raft.HardState.Term;
        var begun = leader.Member.Now;
        var told = Transfer(leader, target.Member.Self);
        cluster.Tick();
        var refused = leader.Put("meanwhile");
        cluster.Until(() => told.IsTold);

        Assert.Equal(TransferRefusal.UnderWay, told.Refused);
        Assert.InRange(leader.Member.Now - begun, ElectionTicks, ElectionTicks + 2);
        Assert.True(refused.IsTold);
        Assert.Equal(RefusalReason.Transferring, refused.Outcome.Refused);
        Assert.Equal(OutcomeKind.NotDone, refused.Outcome.Kind);
        Assert.Equal(NodeId.None, leader.Member.Raft.TransferTarget);
        cluster.Write(leader, "after");

        // An order that comes late is of no use to anybody: it was never given.
        target.IsPaused = false;
        cluster.Tick(400);
        Assert.True(leader.Leads);
        Assert.Equal(term, leader.Member.Raft.HardState.Term);
        Assert.True(target.Holds("after"));
        Assert.False(target.Holds("meanwhile"));
    }

    [Fact]
    public void Target_that_lags_catches_up_first_and_then_leads()
    {
        using var cluster = TestCluster.OfList(3, snapshotCount: 5);
        var leader = cluster.UntilLed();
        var target = cluster.Others(leader).Last();
        target.IsPaused = true;
        for (var i = 0; i < 20; i++)
        {
            cluster.Write(leader, $"k{i}");
        }

        var told = Transfer(leader, target.Member.Self);
        cluster.Tick(20);
        Assert.False(told.IsTold);
        target.IsPaused = false;
        cluster.Until(() => told.IsTold && target.Leads);

        Assert.Null(told.Refused);
        cluster.Write(leader, "after");
        for (var i = 0; i < 20; i++)
        {
            Assert.True(target.Holds($"k{i}"), $"k{i}");
        }
    }

    [Fact]
    public void Second_transfer_and_a_change_wait_or_are_refused_while_one_is_under_way()
    {
        using var cluster = TestCluster.OfList(3);
        var leader = cluster.UntilLed();
        var target = cluster.Others(leader).Last();
        target.IsPaused = true;
        cluster.Write(leader, "a");
        var first = Transfer(leader, target.Member.Self);
        cluster.Tick();

        var second = Transfer(leader, cluster.Others(leader).First().Member.Self);
        var change = leader.Change(
            new MemberChange.Announce(["http://later:1"], StaysLearner: false), deadlineTicks: 1000);
        cluster.Tick();

        Assert.Equal(TransferRefusal.UnderWay, second.Refused);
        Assert.False(change.IsTold);
        cluster.Until(() => change.IsTold);
        Assert.True(first.IsTold);
        Assert.True(change.Outcome.IsDone);
    }

    [Fact]
    public void Leader_that_steps_down_hands_over_to_whom_it_hears()
    {
        using var cluster = TestCluster.OfList(3);
        var leader = cluster.UntilLed();
        var hung = cluster.Others(leader).First();
        hung.IsPaused = true;
        cluster.Tick(150);

        var told = Transfer(leader, NodeId.None);
        cluster.Until(() => told.IsTold && cluster.Running.Any(node => node.Leads));

        Assert.Null(told.Refused);
        Assert.Same(cluster.Others(leader).Last(), cluster.Leader);
        cluster.Write(leader, "after");
    }

    [Fact]
    public void Who_cannot_hand_over_or_lead_says_why()
    {
        using var cluster = TestCluster.OfList(1);
        var leader = cluster.UntilLed();
        var (learner, stranger) = (cluster.Add(2), cluster.Add(3));
        learner.StartUnconfigured();
        stranger.StartUnconfigured();
        cluster.MustChange(leader, new MemberChange.Add("n2", [learner.Url], StaysLearner: true));
        cluster.UntilSettled();

        Assert.Equal(TransferRefusal.NoSuchVoter, Answer(cluster, Transfer(leader, NodeId.None)));
        Assert.Equal(TransferRefusal.NoSuchVoter, Answer(cluster, Transfer(leader, learner.Member.Self)));
        Assert.Equal(TransferRefusal.NoSuchVoter, Answer(cluster, Transfer(leader, new NodeId(7))));
        Assert.Equal(TransferRefusal.LeadsAlready, Answer(cluster, Transfer(leader, leader.Member.Self)));
        Assert.Equal(TransferRefusal.NotLeader, Answer(cluster, Transfer(learner, NodeId.None)));
        Assert.Equal(TransferRefusal.NotAVoter, Answer(cluster, Force(learner)));
        Assert.Equal(TransferRefusal.NotAVoter, Answer(cluster, Force(stranger)));
        Assert.Equal(TransferRefusal.LeadsAlready, Answer(cluster, Force(leader)));
        cluster.Write(learner, "a");
        Assert.True(leader.Leads);
    }

    [Fact]
    public void Voter_that_is_told_to_run_is_handed_leadership_by_the_leader()
    {
        using var cluster = TestCluster.OfList(3);
        var leader = cluster.UntilLed();
        var candidate = cluster.Others(leader).Last();
        var term = leader.Member.Raft.HardState.Term;
        var begun = candidate.Member.Now;

        var told = Force(candidate);
        cluster.Until(() => candidate.Leads);

        Assert.Null(Answer(cluster, told));
        Assert.Equal(term.Value + 1, candidate.Member.Raft.HardState.Term.Value);
        Assert.True(candidate.Member.Now - begun < ElectionTicks);
        cluster.Write(leader, "after");
    }

    [Fact]
    public void Transfer_that_is_under_way_is_told_by_a_stop()
    {
        using var cluster = TestCluster.OfList(3);
        var leader = cluster.UntilLed();
        var target = cluster.Others(leader).Last();
        target.IsPaused = true;
        cluster.Write(leader, "a");
        var told = Transfer(leader, target.Member.Self);
        cluster.Tick();
        Assert.False(told.IsTold);

        leader.Stop();

        Assert.Equal(TransferRefusal.NotLeader, told.Refused);
        Assert.Equal(1, told.Times);
    }

    private static ToldTransfer Transfer(TestNode asked, NodeId target)
    {
        var told = new ToldTransfer();
        asked.Member.TransferLeadership(target, told.Tell);
        return told;
    }

    private static ToldTransfer Force(TestNode asked)
    {
        var told = new ToldTransfer();
        asked.Member.ForceElection(told.Tell);
        return told;
    }

    private static TransferRefusal? Answer(TestCluster cluster, ToldTransfer told)
    {
        cluster.Until(() => told.IsTold);
        Assert.Equal(1, told.Times);
        return told.Refused;
    }

    /// <summary>What was said of a transfer.</summary>
    private sealed class ToldTransfer
    {
        public int Times { get; private set; }

        public bool IsTold => Times > 0;

        public TransferRefusal? Refused { get; private set; }

        public void Tell(TransferRefusal? refused)
        {
            Times++;
            Refused = refused;
        }
    }
}
