using Quorate.Raft.Tests.Cluster;
using static Quorate.Raft.Tests.Cluster.Solo;

namespace Quorate.Raft.Tests;

/// <summary>One rule of the thesis (Ongaro, "Consensus: Bridging Theory and Practice") each.</summary>
public class PaperTests
{
    [Fact]
    public void Section_3_3_a_higher_term_makes_a_leader_step_down()
    {
        var solo = new Solo().Lead();

        solo.Step(new Message.AppendResponse(N2, N1, new Term(7), Accepted: false, LogIndex.Zero, EntryId.Zero));

        Assert.Equal((RaftRole.Follower, new Term(7)), (solo.Status.Role, solo.Status.HardState.Term));
    }

    [Fact]
    public void Section_3_4_one_vote_in_each_term()
    {
        var solo = new Solo().Step(AskVote(N2, 2, Id(1, 1)), AskVote(N3, 2, Id(9, 1))).Persist();

        var votes = solo.Sent.Cast<Message.VoteResponse>().ToArray();
        Assert.Equal([(N2, true), (N3, false)], votes.Select(vote => (vote.To, vote.Granted)));
    }

    [Fact]
    public void Section_3_4_a_vote_survives_a_restart()
    {
        var solo = new Solo().Step(AskVote(N2, 2, Id(1, 1))).Persist().Restart();

        solo.Step(AskVote(N3, 2, Id(9, 1)), AskVote(N2, 2, Id(1, 1))).Persist();

        var votes = solo.Sent.Cast<Message.VoteResponse>().ToArray();
        Assert.Equal([(N3, false), (N2, true)], votes.Select(vote => (vote.To, vote.Granted)));
    }

    [Theory]
    [InlineData(0, 10)]
    [InlineData(14, 4)]
    [InlineData(10, 1)]
    public void Section_3_4_timeouts_are_drawn_from_a_range(int ticksMax, int different)
    {
        var options = new RaftOptions
        {
            Self = N1, ElectionTicks = 10, ElectionTicksMax = ticksMax, HeartbeatTicks = 3,
        };
        var timer = new ElectionTimer(options, new TestRandom(1));
        var seen = new SortedSet<int>();
        for (var i = 0; i < 500; i++)
        {
            timer.Restart();
            var ticks = 1;
            while (!timer.Tick())
            {
                ticks++;
            }

            seen.Add(ticks);
        }

        Assert.Equal(Enumerable.Range(10, different), seen);
    }

    [Fact]
    public void Section_3_5_an_append_needs_the_entry_before_it()
    {
        var solo = new Solo([1, 1]).Step(Append(N2, 2, Id(5, 2), 0, Entry(6, 2))).Persist();

        var refusal = Assert.IsType<Message.AppendResponse>(solo.Sent.Single());
        Assert.Equal((false, new LogIndex(5), Id(3, 1)), (refusal.Accepted, refusal.Index, refusal.Conflict));
    }

    [Fact]
    public void Section_3_5_only_a_conflict_truncates()
    {
        var solo = new Solo().Step(Append(N2, 2, Id(1, 1), 0, Entry(2, 2), Entry(3, 2), Entry(4, 2)));

        solo.Step(Append(N2, 2, Id(1, 1), 0, Entry(2, 2)));

        Assert.Equal(Id(4, 2), solo.Status.Last);
    }

    [Fact]
    public void Section_3_5_a_conflict_takes_everything_behind_it()
    {
        var solo = new Solo([2, 2, 2]);

        solo.Step(Append(N2, 3, Id(2, 2), 0, Entry(3, 3)));

        Assert.Equal(Id(3, 3), solo.Status.Last);
        Assert.Contains(new RaftFact.LogTruncated(new LogIndex(3), new LogIndex(4)), solo.Facts);
    }

    [Theory]
    [InlineData(3, 2, true)]
    [InlineData(4, 2, true)]
    [InlineData(1, 3, true)]
    [InlineData(2, 2, false)]
    [InlineData(9, 1, false)]
    public void Section_3_6_1_vote_goes_to_up_to_date_logs(ulong index, ulong term, bool granted)
    {
        var solo = new Solo([2, 2]).Step(AskVote(N2, 5, Id(index, term))).Persist();

        Assert.Equal(granted, Assert.IsType<Message.VoteResponse>(solo.Sent.Single()).Granted);
    }

    [Fact]
    public void Section_3_6_2_each_term_begins_with_an_entry_of_its_own()
    {
        var solo = new Solo([1]).Lead();

        Assert.Equal(Entry(3, 2).Id, solo.Status.Last);
        Assert.Equal(EntryKind.Noop, solo.Core.Log.HeaderAt(new LogIndex(3)).Kind);
    }

    [Fact]
    public void Section_3_6_2_no_commit_by_counting_an_older_term()
    {
        var solo = new Solo([1, 1]).Lead().Persist();

        solo.Step(Accepted(N2, 2, 3), Accepted(N3, 2, 3));
        Assert.Equal(LogIndex.Zero, solo.Status.Commit);

        solo.Step(Accepted(N2, 2, 4));
        Assert.Equal(new LogIndex(4), solo.Status.Commit);
    }

    [Fact]
    public void Section_3_8_a_vote_waits_for_its_disk()
    {
        var solo = new Solo().Step(AskVote(N2, 2, Id(1, 1)));
        Assert.Empty(solo.Sent);

        solo.Persist();

        Assert.True(Assert.IsType<Message.VoteResponse>(solo.Sent.Single()).Granted);
    }

    [Fact]
    public void Section_3_8_a_request_for_votes_waits_for_its_disk()
    {
        var solo = new Solo().Tick(10).Step(new Message.PreVoteResponse(N2, N1, new Term(2), Granted: true));
        Assert.DoesNotContain(solo.Sent, message => message is Message.VoteRequest);

        solo.Persist();

        Assert.Equal(2, solo.Sent.Count(message => message is Message.VoteRequest));
    }

    [Fact]
    public void Section_3_8_an_acknowledgement_waits_for_its_disk()
    {
        var solo = new Solo().Step(Append(N2, 2, Id(1, 1), 0, Entry(2, 2)));
        Assert.Empty(solo.Sent);

        solo.Persist();

        var answer = Assert.IsType<Message.AppendResponse>(solo.Sent.Single());
        Assert.Equal((N2, true, new LogIndex(2)), (answer.To, answer.Accepted, answer.Index));
    }

    [Fact]
    public void Section_3_8_commit_and_applied_are_learnt_again_after_a_restart()
    {
        var solo = new Solo().LeadAndCommit().Apply().Restart();

        Assert.Equal((LogIndex.Zero, LogIndex.Zero), (solo.Status.Commit, solo.Status.Applied));
        Assert.Equal(Id(2, 2), solo.Status.Last);
    }

    [Fact]
    public void Section_3_10_timeout_now_is_obeyed_from_our_leader_only()
    {
        var order = new Message.TimeoutNow(N2, N1, new Term(2));
        var solo = new Solo().Step(order).Step(Beat(N3, 2)).Persist().Step(order);
        Assert.Equal(RaftRole.Follower, solo.Status.Role);

        solo.Step(new Message.TimeoutNow(N3, N1, new Term(2)));

        Assert.Equal((RaftRole.Candidate, new Term(3)), (solo.Status.Role, solo.Status.HardState.Term));
        Assert.All(solo.Held, message => Assert.True(((Message.VoteRequest)message).Transfer));
    }

    [Fact]
    public void Section_4_1_a_configuration_holds_from_its_place_in_the_log()
    {
        var wider = new ClusterConfig([N1, N2, N3, N4]);
        var solo = new Solo();

        solo.Step(new Message.AppendRequest(
            N2, N1, new Term(2), Id(1, 1), [Entry(2, 2, EntryKind.ConfigChange)], LogIndex.Zero,
            [new ConfigEntry(new LogIndex(2), wider)]));
        Assert.Equal(wider, solo.Status.Config);

        solo.Step(Append(N3, 3, Id(1, 1), 0, Entry(2, 3)));
        Assert.Equal(new ClusterConfig([N1, N2, N3]), solo.Status.Config);
    }

    [Fact]
    public void Section_4_2_1_a_learner_counts_in_no_quorum()
    {
        var solo = new Solo(config: new ClusterConfig([N1, N2, N3], learners: [N4])).Lead().Persist();

        solo.Step(Accepted(N4, 2, 2));
        Assert.Equal(LogIndex.Zero, solo.Status.Commit);

        solo.Step(Accepted(N3, 2, 2));
        Assert.Equal(new LogIndex(2), solo.Status.Commit);
    }

    [Fact]
    public void Section_4_2_1_a_learner_votes_when_asked_and_never_campaigns()
    {
        var solo = new Solo(config: new ClusterConfig([N2, N3], learners: [N1])).Tick(50);
        Assert.Equal((RaftRole.Follower, new Term(1)), (solo.Status.Role, solo.Status.HardState.Term));

        solo.Step(AskVote(N2, 2, Id(1, 1))).Persist();

        Assert.True(Assert.IsType<Message.VoteResponse>(solo.Sent.Single()).Granted);
    }

    [Fact]
    public void Section_4_2_3_nobody_disturbs_a_leader_that_is_heard()
    {
        var solo = new Solo().Step(Beat(N2, 2)).Persist().Tick(9);

        solo.Step(AskVote(N3, 9, Id(9, 8)));
        Assert.Equal(new Term(2), solo.Status.HardState.Term);

        solo.Step(AskVote(N3, 9, Id(9, 8), transfer: true));
        Assert.Equal(new HardState(new Term(9), N3), solo.Status.HardState);
    }

    [Fact]
    public void Section_4_3_a_joint_configuration_needs_both_majorities()
    {
        var joint = new ClusterConfig([N1, N2], outgoingVoters: [N1, N3, N4]);
        var solo = new Solo(config: joint).Tick(10);

        solo.Step(new Message.PreVoteResponse(N2, N1, new Term(2), Granted: true));
        Assert.Equal(RaftRole.PreCandidate, solo.Status.Role);

        solo.Step(new Message.PreVoteResponse(N4, N1, new Term(2), Granted: true));
        Assert.Equal(RaftRole.Candidate, solo.Status.Role);
    }

    [Fact]
    public void Section_5_3_a_snapshot_is_installed_only_above_the_commit_index()
    {
        var solo = new Solo().LeadAndCommit();

        solo.Do(core => core.SnapshotReceived(new SnapshotMetadata(Id(2, 2), new LogIndex(1), ClusterConfig.Empty)));

        Assert.Contains(new RaftFact.SnapshotIgnored(Id(2, 2), new LogIndex(2)), solo.Facts);
        Assert.Equal(RaftRole.Leader, solo.Status.Role);
    }

    [Fact]
    public void Section_6_2_a_leader_without_a_quorum_steps_down()
    {
        var solo = new Solo().LeadAndCommit().Tick(9).Step(new Message.HeartbeatResponse(
            N3, N1, new Term(2), 0, LogIndex.Zero));
        Assert.Equal(RaftRole.Leader, solo.Tick(9).Status.Role);

        Assert.Equal(RaftRole.Follower, solo.Tick().Status.Role);
    }

    [Fact]
    public void Section_6_4_no_read_before_an_entry_of_the_own_term_is_committed()
    {
        var solo = new Solo().Lead().Do(core => core.ReadIndex(new ReadId(1)));

        Assert.Equal(RefusalReason.NotReady, solo.Reads.Single().Refused);
    }

    [Fact]
    public void Section_6_4_a_read_needs_a_round_that_started_after_it()
    {
        var solo = new Solo().LeadAndCommit();
        solo.Do(core => core.ReadIndex(new ReadId(1))).Do(core => core.ReadIndex(new ReadId(2)));

        solo.Step(new Message.HeartbeatResponse(N2, N1, new Term(2), ReadRound: 1, LogIndex.Zero));
        Assert.Equal([new ReadId(1)], solo.Reads.Select(read => read.Id));

        solo.Step(new Message.HeartbeatResponse(N2, N1, new Term(2), ReadRound: 2, LogIndex.Zero));
        Assert.Equal([new ReadId(1), new ReadId(2)], solo.Reads.Select(read => read.Id));
    }

    [Fact]
    public void Section_6_4_a_lone_voter_confirms_its_own_reads()
    {
        var solo = new Solo(config: new ClusterConfig([N1])).Tick(10).Persist();

        solo.Do(core => core.ReadIndex(new ReadId(1)));

        Assert.Equal(new ReadAnswer(new ReadId(1), new LogIndex(2), null), solo.Reads.Single());
    }

    [Fact]
    public void Section_9_6_a_pre_vote_changes_nothing_durable()
    {
        var solo = new Solo();

        solo.Step(new Message.PreVoteRequest(N2, N1, new Term(5), Id(1, 1)));

        Assert.True(Assert.IsType<Message.PreVoteResponse>(solo.Sent.Single()).Granted);
        Assert.Equal(new HardState(new Term(1), NodeId.None), solo.Status.HardState);
        Assert.Equal(0, solo.Disk.PendingCount);
    }

    [Fact]
    public void Section_10_2_1_the_leader_writes_in_parallel_and_commits_without_its_own_disk()
    {
        var solo = new Solo().Lead();
        Assert.Equal(1, solo.Disk.PendingCount);

        solo.Step(Accepted(N2, 2, 2), Accepted(N3, 2, 2));

        Assert.Equal((new LogIndex(2), new LogIndex(1)), (solo.Status.Commit, solo.Status.Persisted));
        Assert.Equal(new LogIndex(1), solo.Core.HandedToApply);
    }
}
