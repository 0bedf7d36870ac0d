using Quorate.Raft;

namespace Quorate.Simulator;

/// <summary>
/// Thesis 4.2.3: a member that hears a leader lets nobody raise its term by asking for a vote. The facts do not say
/// which message raised a term, so only the clear case is judged: the next fact is the vote, and nobody had sent this
/// member an answer of that term, which would have raised it too. A term in which the leader was said to be gone is
/// left out.
/// </summary>
internal sealed class StickinessChecker(int electionTicks)
{
    private readonly Dictionary<ulong, ulong> _highestAnswer = [];
    private readonly Dictionary<ulong, Term> _doubted = [];
    private (ulong Node, Term From, Term To, RaftStatus Before)? _raised;

    /// <summary>A member gives a message to the network.</summary>
    public void Sent(Message message)
    {
        if (message is Message.VoteResponse or Message.PreVoteResponse or Message.AppendResponse
            or Message.HeartbeatResponse or Message.SnapshotResponse)
        {
            var highest = _highestAnswer.GetValueOrDefault(message.To.Value);
            _highestAnswer[message.To.Value] = Math.Max(highest, message.Term.Value);
        }
    }

    /// <summary>A core tells a fact. <paramref name="before"/> is what it published last.</summary>
    public void FactHappened(RaftStatus before, RaftFact fact, bool isTransfer)
    {
        var self = before.Self.Value;
        if (fact is RaftFact.VoteCast { Granted: true } vote && _raised is { } raised && raised.Node == self
            && vote.Term == raised.To && !isTransfer)
        {
            Judge(raised.Before, vote);
        }

        _raised = fact is RaftFact.TermChanged changed ? (self, changed.From, changed.To, before) : null;
        if (fact is RaftFact.LeaderReportedGone or RaftFact.ElectionTimeout)
        {
            _doubted[self] = before.HardState.Term;
        }
    }

    private void Judge(RaftStatus before, RaftFact.VoteCast vote)
    {
        var hears = before.Role == RaftRole.Follower && before.Leader != NodeId.None
            && before.TicksSinceLeader >= 0 && before.TicksSinceLeader < electionTicks - 1
            && before.HardState.Term < vote.Term;
        var isClear = _highestAnswer.GetValueOrDefault(before.Self.Value) < vote.Term.Value
            && _doubted.GetValueOrDefault(before.Self.Value) != before.HardState.Term;
        if (hears && isClear)
        {
            throw new CheckerException("Stickiness",
                $"{before.Self} heard {before.Leader} {before.TicksSinceLeader} ticks ago and votes for "
                + $"{vote.Candidate} in term {vote.Term}");
        }
    }
}
