namespace Quorate.Raft;

/// <summary>Everything one member's core says to another's. All arrive through <see cref="RaftCore.Step"/>.</summary>
/// <remarks>
/// A message may be lost, delayed, doubled and reordered. Snapshot chunks and the handshake are the shell's
/// and do not appear here. Sealed: what can be said is this list.
/// </remarks>
public abstract record Message
{
    private Message(NodeId from, NodeId to, Term term)
    {
        From = from;
        To = to;
        Term = term;
    }

    /// <summary>The sender.</summary>
    public NodeId From { get; }

    /// <summary>The receiver.</summary>
    public NodeId To { get; }

    /// <summary>The sender's term; in a pre-vote request, and in a grant of it, the term asked for.</summary>
    public Term Term { get; }

    /// <summary>
    /// Asks for a vote (thesis 3.4). <paramref name="Transfer"/>: the old leader told us to run (3.10).
    /// </summary>
    public sealed record VoteRequest(NodeId From, NodeId To, Term Term, EntryId Last, bool Transfer)
        : Message(From, To, Term);

    /// <summary>A vote given or refused.</summary>
    public sealed record VoteResponse(NodeId From, NodeId To, Term Term, bool Granted) : Message(From, To, Term);

    /// <summary>Asks whether a vote would be given, without changing anything durable (thesis 9.6).</summary>
    public sealed record PreVoteRequest(NodeId From, NodeId To, Term Term, EntryId Last) : Message(From, To, Term);

    /// <summary>Says whether it would. A grant carries the term asked for, a refusal the sender's own.</summary>
    public sealed record PreVoteResponse(NodeId From, NodeId To, Term Term, bool Granted) : Message(From, To, Term);

    /// <summary>Entries behind <paramref name="Previous"/>, or none as a probe (thesis 3.5).</summary>
    /// <param name="From">The leader.</param>
    /// <param name="To">The receiver.</param>
    /// <param name="Term">The leader's term.</param>
    /// <param name="Previous">The entry before the first; the receiver must have it.</param>
    /// <param name="Entries">Consecutive headers from <c>Previous.Index + 1</c>. The records travel beside
    /// them.</param>
    /// <param name="Commit">min(commit index, last entry of this message).</param>
    /// <param name="Configs">The configurations carried by those entries that are configuration entries.</param>
    public sealed record AppendRequest(
        NodeId From, NodeId To, Term Term, EntryId Previous, IReadOnlyList<EntryHeader> Entries, LogIndex Commit,
        IReadOnlyList<ConfigEntry> Configs) : Message(From, To, Term);

    /// <summary>Says how far the receiver's log is durable and equal to the leader's, or why it is not.</summary>
    /// <param name="From">The receiver of the append.</param>
    /// <param name="To">The leader.</param>
    /// <param name="Term">The sender's term.</param>
    /// <param name="Accepted">Whether <c>Previous</c> was there.</param>
    /// <param name="Index">Accepted: highest index durable and known equal to this leader's log in this term.
    /// Refused: the index of <c>Previous</c> that was missing or different.</param>
    /// <param name="Conflict">Refused: the highest entry of the sender's log, at or below <paramref name="Index"/>,
    /// whose term is at most that of <c>Previous</c>: where the logs may meet (back-off by term).</param>
    public sealed record AppendResponse(
        NodeId From, NodeId To, Term Term, bool Accepted, LogIndex Index, EntryId Conflict) : Message(From, To, Term);

    /// <summary>I lead. Repeats commit news and the newest read round, so that a lost one costs one beat.</summary>
    /// <param name="From">The leader.</param>
    /// <param name="To">The receiver.</param>
    /// <param name="Term">The leader's term.</param>
    /// <param name="Commit">min(commit index, what this receiver is known to hold).</param>
    /// <param name="ReadRound">The newest read round of this term; 0 when there was none.</param>
    public sealed record HeartbeatRequest(NodeId From, NodeId To, Term Term, LogIndex Commit, ulong ReadRound)
        : Message(From, To, Term);

    /// <summary>I follow.</summary>
    /// <param name="From">The follower.</param>
    /// <param name="To">The leader.</param>
    /// <param name="Term">The sender's term.</param>
    /// <param name="ReadRound">The echo: confirms all rounds up to it.</param>
    /// <param name="Received">Last index received and matched in this term, durable or not. Never counted.</param>
    public sealed record HeartbeatResponse(NodeId From, NodeId To, Term Term, ulong ReadRound, LogIndex Received)
        : Message(From, To, Term);

    /// <summary>The commit index moved; min(commit, the receiver's match). One way, counts only in its term.</summary>
    public sealed record CommitNews(NodeId From, NodeId To, Term Term, LogIndex Commit) : Message(From, To, Term);

    /// <summary>Offers a snapshot because the entries needed are gone from the leader's log (thesis 5).</summary>
    public sealed record SnapshotRequest(NodeId From, NodeId To, Term Term, SnapshotMetadata Metadata)
        : Message(From, To, Term);

    /// <summary>Answers an offer: the transfer may start, or it is not needed or not wanted.</summary>
    public sealed record SnapshotResponse(NodeId From, NodeId To, Term Term, EntryId Last, bool Wanted)
        : Message(From, To, Term);

    /// <summary>
    /// Run for leadership now (thesis 3.10). Obeyed only in the receiver's own term, from its leader.
    /// </summary>
    public sealed record TimeoutNow(NodeId From, NodeId To, Term Term) : Message(From, To, Term);

    /// <summary>A voter was told to hold an election and asks its leader to hand over to it.</summary>
    public sealed record TransferRequest(NodeId From, NodeId To, Term Term) : Message(From, To, Term);

    /// <summary>
    /// Proposals taken by another member, in growing sequence order. The payloads travel beside them.
    /// </summary>
    public sealed record ForwardedProposals(
        NodeId From, NodeId To, Term Term, IReadOnlyList<ProposalHeader> Proposals) : Message(From, To, Term);

    /// <summary>These forwarded proposals were not appended and never will be.</summary>
    public sealed record ProposalsRefused(
        NodeId From, NodeId To, Term Term, IReadOnlyList<ProposalId> Proposals, RefusalReason Reason)
        : Message(From, To, Term);

    /// <summary>A follower asks for a confirmed commit index. The number is never used twice.</summary>
    public sealed record ReadIndexRequest(NodeId From, NodeId To, Term Term, ulong Number) : Message(From, To, Term);

    /// <summary>The answer, good only for the leader, term and number that were asked.</summary>
    /// <param name="From">Who was asked.</param>
    /// <param name="To">Who asked.</param>
    /// <param name="Term">The answering member's term.</param>
    /// <param name="Number">The number of the question.</param>
    /// <param name="Index">The confirmed commit index; meaningless unless <paramref name="Refused"/> is null.</param>
    /// <param name="Refused">Why there is no index: not the leader, or not ready yet.</param>
    public sealed record ReadIndexResponse(
        NodeId From, NodeId To, Term Term, ulong Number, LogIndex Index, RefusalReason? Refused)
        : Message(From, To, Term);
}
