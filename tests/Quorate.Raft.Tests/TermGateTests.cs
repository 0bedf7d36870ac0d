using Quorate.Raft.Tests.Cluster;
using static Quorate.Raft.Tests.Cluster.Solo;

namespace Quorate.Raft.Tests;

/// <summary>The table of the term gate, row by row, and what no correct member sends.</summary>
public class TermGateTests
{
    public static TheoryData<Message> LeaderMessagesOfALowerTerm => new(
        Append(N2, 1, Id(1, 1), 0),
        Beat(N2, 1),
        new Message.SnapshotRequest(
            N2, N1, new Term(1), new SnapshotMetadata(Id(9, 1), new LogIndex(1), ClusterConfig.Empty)));

    public static TheoryData<Message> ResponsesOfAHigherTerm => new(
        new Message.VoteResponse(N2, N1, new Term(9), Granted: false),
        new Message.PreVoteResponse(N2, N1, new Term(9), Granted: false),
        new Message.AppendResponse(N2, N1, new Term(9), Accepted: false, LogIndex.Zero, EntryId.Zero),
        new Message.HeartbeatResponse(N2, N1, new Term(9), 0, LogIndex.Zero),
        new Message.SnapshotResponse(N2, N1, new Term(9), Id(1, 1), Wanted: false));

    public static TheoryData<Message> Impossible => new(
        Beat(N1, 2),
        Beat(NodeId.None, 2),
        Beat(N2, ulong.MaxValue),
        new Message.HeartbeatRequest(N2, N3, new Term(2), LogIndex.Zero, 0),
        Append(N2, 2, Id(ulong.MaxValue, 1), 0),
        Append(N2, 2, Id(1, 1), 0, Entry(3, 2)),
        Append(N2, 2, Id(1, 1), 0, Entry(2, 3)),
        Append(N2, 2, Id(1, 1), 0, Entry(2, 2, EntryKind.ConfigChange)),
        Append(N2, 2, Id(1, 1), 0, Entry(2, 2), Entry(3, 1)),
        new Message.HeartbeatRequest(N2, N1, new Term(1), new LogIndex(99), 0),
        new Message.ForwardedProposals(N2, N1, new Term(1), [Proposal(N3, 1)]),
        new Message.ForwardedProposals(N2, N1, new Term(1), [Proposal(N2, 2), Proposal(N2, 1)]),
        new Message.ForwardedProposals(
            N2, N1, new Term(1), [new ProposalHeader(new ProposalId(N2, 1, 1), EntryKind.ConfigChange, 9)]));

    [Theory]
    [MemberData(nameof(LeaderMessagesOfALowerTerm))]
    public void A_leader_of_a_lower_term_is_told_ours(Message message)
    {
        var solo = new Solo(term: 5).Step(message).Persist();

        Assert.Equal(new Term(5), solo.Sent.Single().Term);
        Assert.Equal(NodeId.None, solo.Status.Leader);
    }

    [Theory]
    [MemberData(nameof(ResponsesOfAHigherTerm))]
    public void A_response_of_a_higher_term_deposes(Message message)
    {
        var solo = new Solo().Lead().Step(message);

        Assert.Equal((RaftRole.Follower, new Term(9)), (solo.Status.Role, solo.Status.HardState.Term));
    }

    [Theory]
    [MemberData(nameof(Impossible))]
    public void What_cannot_be_is_rejected_and_changes_nothing(Message message)
    {
        var solo = new Solo();

        solo.Step(message);

        Assert.Contains(solo.Facts, fact => fact is RaftFact.MessageRejected);
        Assert.Equal((Id(1, 1), LogIndex.Zero), (solo.Status.Last, solo.Status.Commit));
    }

    [Fact]
    public void A_granted_pre_vote_of_the_asked_term_does_not_depose()
    {
        var solo = new Solo().Lead().Step(new Message.PreVoteResponse(N3, N1, new Term(3), Granted: true));

        Assert.Equal(RaftRole.Leader, solo.Status.Role);
    }

    [Fact]
    public void Responses_of_a_lower_term_are_dropped()
    {
        var solo = new Solo(term: 4).Lead().Persist();

        solo.Step(Accepted(N2, 4, 2), Accepted(N3, 3, 2));

        Assert.Equal(LogIndex.Zero, solo.Status.Commit);
    }

    [Fact]
    public void A_vote_request_of_a_lower_term_is_refused_with_ours()
    {
        var solo = new Solo(term: 4).Step(AskVote(N2, 3, Id(9, 3))).Persist();

        Assert.Equal(
            new Message.VoteResponse(N1, N2, new Term(4), Granted: false),
            Assert.IsType<Message.VoteResponse>(solo.Sent.Single()));
    }

    [Fact]
    public void A_pre_vote_in_our_own_term_is_judged_as_a_vote()
    {
        var solo = new Solo().Step(AskVote(N2, 2, Id(1, 1))).Persist();
        solo.Sent.Clear();

        solo.Step(
            new Message.PreVoteRequest(N3, N1, new Term(2), Id(9, 1)),
            new Message.PreVoteRequest(N2, N1, new Term(2), Id(1, 1)));

        Assert.Equal([false, true], solo.Sent.Cast<Message.PreVoteResponse>().Select(vote => vote.Granted));
    }

    [Fact]
    public void Forwards_and_reads_are_judged_by_role_and_answers_carry_the_number()
    {
        var solo = new Solo().Step(
            new Message.ForwardedProposals(N2, N1, new Term(9), [Proposal(N2, 1)]),
            new Message.ReadIndexRequest(N2, N1, new Term(9), Number: 77));

        var refused = Assert.IsType<Message.ProposalsRefused>(solo.Sent[0]);
        var read = Assert.IsType<Message.ReadIndexResponse>(solo.Sent[1]);
        Assert.Equal(RefusalReason.NotLeader, refused.Reason);
        Assert.Equal((77UL, (RefusalReason?)RefusalReason.NotLeader), (read.Number, read.Refused));
        Assert.Equal(new Term(1), solo.Status.HardState.Term);
    }

    [Fact]
    public void Commit_news_counts_in_its_own_term_only()
    {
        var solo = new Solo([1]).Step(Beat(N2, 2));

        solo.Step(
            new Message.CommitNews(N2, N1, new Term(1), new LogIndex(2)),
            new Message.CommitNews(N3, N1, new Term(2), new LogIndex(2)));
        Assert.Equal(LogIndex.Zero, solo.Status.Commit);

        solo.Step(new Message.CommitNews(N2, N1, new Term(2), new LogIndex(2)));
        Assert.Equal(new LogIndex(2), solo.Status.Commit);
    }

    [Fact]
    public void A_heartbeat_is_echoed_before_the_term_is_durable()
    {
        var solo = new Solo().Step(Beat(N2, 7, round: 3));

        var echo = Assert.IsType<Message.HeartbeatResponse>(solo.Sent.Single());
        Assert.Equal((new Term(7), 3UL), (echo.Term, echo.ReadRound));
        Assert.Equal(1, solo.Disk.PendingCount);
    }

    [Fact]
    public void An_acknowledgement_names_what_is_matched_and_never_the_end_of_the_log()
    {
        var solo = new Solo([1, 1, 1]).Step(Append(N2, 2, Id(1, 1), 0, Entry(2, 1))).Persist();

        Assert.Equal(new LogIndex(2), Assert.IsType<Message.AppendResponse>(solo.Sent.Single()).Index);
        Assert.Equal(Id(4, 1), solo.Status.Last);
    }

    private static ProposalHeader Proposal(NodeId member, ulong sequence) =>
        new(new ProposalId(member, 1, sequence), EntryKind.Command, 50);
}
