using Quorate.Raft.Tests.Cluster;
using static Quorate.Raft.Tests.Cluster.Solo;

namespace Quorate.Raft.Tests;

/// <summary>What no story needs and no section of the thesis says: start, limits, hints.</summary>
public class CoreTests
{
    private static readonly ClusterConfig Three = new([N1, N2, N3]);

    [Fact]
    public void Bad_options_are_named_all_at_once()
    {
        var options = new RaftOptions { Self = NodeId.None, ElectionTicks = 1, HeartbeatTicks = 0 };

        var fault = Assert.Throws<ArgumentException>(() => new RaftCore(options, new RaftStart(), new NoJitter()));

        Assert.Contains("Self", fault.Message, StringComparison.Ordinal);
        Assert.Contains("HeartbeatTicks", fault.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_node_without_a_configuration_never_campaigns_and_says_so()
    {
        var core = new RaftCore(new RaftOptions { Self = N1 }, new RaftStart(), new NoJitter());
        for (var i = 0; i < 1000; i++)
        {
            core.Tick();
        }

        var outcome = core.Propose([new ProposalHeader(new ProposalId(N1, 1, 1), EntryKind.Command, 10)]);

        Assert.Equal(RaftRole.Follower, core.Status().Role);
        Assert.Equal(RefusalReason.Unconfigured, outcome.Refused);
    }

    [Fact]
    public void Status_tells_timer_votes_and_how_long_the_term_is()
    {
        var solo = new Solo();
        var asleep = new RaftCore(new RaftOptions { Self = N1 }, new RaftStart(), new NoJitter());

        solo.Core.Tick();

        Assert.Equal((9, 1L, 0), (solo.Status.TicksToElection, solo.Status.TicksInTerm, solo.Status.VotesGranted));
        Assert.Null(asleep.Status().TicksToElection);

        for (var i = 0; i < 9; i++)
        {
            solo.Core.Tick();
        }

        Assert.Equal((RaftRole.PreCandidate, 1), (solo.Status.Role, solo.Status.VotesGranted));
        solo.Core.Step(new Message.HeartbeatRequest(N2, N1, new Term(7), LogIndex.Zero, 0));
        solo.Core.Tick();
        Assert.Equal((9, 1L, 0), (solo.Status.TicksToElection, solo.Status.TicksInTerm, solo.Status.VotesGranted));
    }

    [Fact]
    public void A_snapshot_beyond_the_log_is_installed_at_start()
    {
        var start = new RaftStart
        {
            HardState = new HardState(new Term(2), NodeId.None),
            Snapshot = new SnapshotMetadata(Id(9, 3), new LogIndex(1), Three),
            Entries = [Entry(1, 1), Entry(2, 2)],
            Applied = new LogIndex(9),
        };

        var core = new RaftCore(new RaftOptions { Self = N1 }, start, new NoJitter());
        var ready = core.TakeReady();

        Assert.Equal((start.Snapshot, false), (ready.Write!.Install, ready.Write.KeepSuffix));
        Assert.Null(ready.Install);
        Assert.Equal(
            (Id(9, 3), new Term(3), Three),
            (core.Status().Last, core.Status().HardState.Term, core.Status().Config));
    }

    [Fact]
    public void A_gap_between_snapshot_and_log_is_refused_at_start()
    {
        var start = new RaftStart
        {
            Snapshot = new SnapshotMetadata(Id(3, 1), new LogIndex(1), Three),
            Before = Id(5, 1),
            Applied = new LogIndex(3),
        };

        Assert.Throws<ArgumentException>(() => new RaftCore(new RaftOptions { Self = N1 }, start, new NoJitter()));
    }

    [Fact]
    public void Entries_below_the_snapshot_are_kept_for_slow_followers()
    {
        var start = new RaftStart
        {
            HardState = new HardState(new Term(1), NodeId.None),
            Snapshot = new SnapshotMetadata(Id(3, 1), new LogIndex(1), Three),
            Before = Id(1, 1),
            Entries = [Entry(2, 1), Entry(3, 1), Entry(4, 1)],
            Applied = new LogIndex(3),
        };

        var status = new RaftCore(new RaftOptions { Self = N1 }, start, new NoJitter()).Status();

        Assert.Equal((new LogIndex(2), Id(4, 1), new LogIndex(3)), (status.First, status.Last, status.Commit));
    }

    [Fact]
    public void A_hint_that_the_leader_is_gone_counts_once_and_in_its_term_only()
    {
        var solo = new Solo().Step(Beat(N2, 2)).Persist();

        solo.Do(core => core.LeaderGone(new Term(1))).Do(core => core.LeaderGone(new Term(2))).Tick(2);
        solo.Do(core => core.LeaderGone(new Term(2))).Tick();

        Assert.Equal(RaftRole.PreCandidate, solo.Status.Role);
    }

    [Fact]
    public void A_member_says_how_long_ago_it_heard_any_leader()
    {
        var solo = new Solo();
        Assert.Equal(-1, solo.Status.TicksSinceLeader);

        solo.Step(Beat(N2, 2)).Persist().Tick(25);
        Assert.Equal((RaftRole.PreCandidate, 25), (solo.Status.Role, solo.Status.TicksSinceLeader));

        Assert.Equal(0, new Solo().LeadAndCommit().Tick(9).Status.TicksSinceLeader);
        Assert.Equal(12, new Solo().LeadAndCommit().Tick(12).Status.TicksSinceLeader);
    }

    [Fact]
    public void An_outcome_says_which_entries_of_an_append_were_new()
    {
        var solo = new Solo([2, 2]);

        var outcome = solo.Core.Step(Append(N2, 3, Id(1, 1), 0, Entry(2, 2), Entry(3, 3), Entry(4, 3)));

        Assert.Equal(new StepOutcome(1, new LogIndex(3), 2, Term.Zero, null, NodeId.None), outcome);
    }

    [Fact]
    public void A_boot_is_remembered_and_the_one_unheard_for_longest_forgotten()
    {
        var memory = new ForwardMemory();
        Assert.Equal(0, memory.CountJudgedAndNote([Proposal(boot: 1, sequence: 5)]));
        Assert.Equal(1, memory.CountJudgedAndNote([Proposal(boot: 1, sequence: 4), Proposal(boot: 1, sequence: 6)]));

        for (ulong boot = 2; boot <= ForwardMemory.BootsMax + 1; boot++)
        {
            Assert.Equal(0, memory.CountJudgedAndNote([Proposal(boot, sequence: 1)]));
        }

        Assert.Equal(1, memory.CountJudgedAndNote([Proposal(ForwardMemory.BootsMax + 1, sequence: 1)]));
        Assert.Equal(0, memory.CountJudgedAndNote([Proposal(boot: 1, sequence: 6)]));
    }

    [Fact]
    public void A_forwarded_change_is_judged_once_whatever_was_forwarded_beside_it()
    {
        var solo = new Solo().LeadAndCommit();
        var puts = new Message.ForwardedProposals(N2, N1, new Term(2), [Put(5), Put(7)]);
        var late = new Message.ForwardedProposals(N2, N1, new Term(2), [Put(8)]);

        Assert.Equal(2, solo.Core.Step(puts).Count);
        Assert.True(solo.Core.TryJudgeForward(new ProposalId(N2, 1, 6)));
        Assert.True(solo.Core.TryJudgeForward(new ProposalId(N2, 1, 9)));
        Assert.Equal(1, solo.Core.Step(late).Count);
        Assert.False(solo.Core.TryJudgeForward(new ProposalId(N2, 1, 9)));

        static ProposalHeader Put(ulong sequence) => new(new ProposalId(N2, 1, sequence), EntryKind.Command, 10);
    }

    [Fact]
    public void A_window_wraps_and_frees_in_order()
    {
        var window = new Inflights(messagesMax: 10);
        for (ulong index = 1; index <= 100; index++)
        {
            window.Add(new LogIndex(index), bytes: 7);
            if (window.IsFull)
            {
                window.FreeTo(new LogIndex(index - 4));
                Assert.Equal((4, 28L), (window.Count, window.Bytes));
            }
        }
    }

    private static ProposalHeader Proposal(ulong boot, ulong sequence) =>
        new(new ProposalId(N2, boot, sequence), EntryKind.Command, 10);
}
