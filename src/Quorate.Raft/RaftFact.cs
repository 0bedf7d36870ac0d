namespace Quorate.Raft;

/// <summary>
/// Something that happened in the core, told by <see cref="Ready.Facts"/>. The shell logs, counts and shows facts;
/// goldens print them. Each prints as one short line; sealed: what can happen is this list.
/// </summary>
public abstract record RaftFact
{
    private RaftFact()
    {
    }

    /// <summary>The term moved.</summary>
    public sealed record TermChanged(Term From, Term To) : RaftFact
    {
        /// <inheritdoc/>
        public override string ToString() => $"term {From} -> {To}";
    }

    /// <summary>No leader was heard for an election timeout: asks whether it would be elected in a term.</summary>
    public sealed record ElectionTimeout(Term Asked) : RaftFact
    {
        /// <inheritdoc/>
        public override string ToString() => $"election timeout -> pre-candidate for t{Asked}";
    }

    /// <summary>
    /// An election timeout passed while term and vote wait for the disk: it starts when they are durable.
    /// </summary>
    public sealed record CampaignPostponed(HardState Waiting) : RaftFact
    {
        /// <inheritdoc/>
        public override string ToString() => $"no campaign: {Waiting} is not durable yet";
    }

    /// <summary>A quorum would elect it.</summary>
    public sealed record PreVoteWon(Term Asked) : RaftFact
    {
        /// <inheritdoc/>
        public override string ToString() => $"pre-vote won for t{Asked}";
    }

    /// <summary>Raised the term and asks for votes, which leave when its own is durable.</summary>
    public sealed record Campaigned(Term Term, bool Transfer) : RaftFact
    {
        /// <inheritdoc/>
        public override string ToString() => Transfer ? $"candidate of t{Term}, told to run" : $"candidate of t{Term}";
    }

    /// <summary>A quorum refused, in the pre-vote or in the election.</summary>
    public sealed record ElectionLost(Term Term, RaftRole As) : RaftFact
    {
        /// <inheritdoc/>
        public override string ToString() => $"{RaftStatus.NameOf(As)} of t{Term} refused by a quorum";
    }

    /// <summary>Leads this term.</summary>
    public sealed record ElectionWon(Term Term, EntryId Noop) : RaftFact
    {
        /// <inheritdoc/>
        public override string ToString() => $"leader of t{Term}, begins with {Noop}";
    }

    /// <summary>Judged a vote request.</summary>
    public sealed record VoteCast(NodeId Candidate, Term Term, bool Granted, string Because) : RaftFact
    {
        /// <inheritdoc/>
        public override string ToString() => $"{(Granted ? "vote" : "no vote")} for {Candidate} in t{Term}: {Because}";
    }

    /// <summary>Judged a pre-vote request.</summary>
    public sealed record PreVoteCast(NodeId Candidate, Term Asked, bool Granted, string Because) : RaftFact
    {
        /// <inheritdoc/>
        public override string ToString() =>
            $"{(Granted ? "pre-vote" : "no pre-vote")} for {Candidate} in t{Asked}: {Because}";
    }

    /// <summary>Did not even look at a request of a higher term, because a leader is alive.</summary>
    public sealed record VoteRequestIgnored(NodeId Candidate, Term Term, NodeId Leader) : RaftFact
    {
        /// <inheritdoc/>
        public override string ToString() => $"ignored {Candidate} asking for t{Term}: leader {Leader} is heard";
    }

    /// <summary>Left a role other than follower.</summary>
    public sealed record SteppedDown(RaftRole From, Term Term, string Because) : RaftFact
    {
        /// <inheritdoc/>
        public override string ToString() => $"{RaftStatus.NameOf(From)} -> follower in t{Term}: {Because}";
    }

    /// <summary>Learnt who leads this term.</summary>
    public sealed record LeaderFollowed(NodeId Leader, Term Term) : RaftFact
    {
        /// <inheritdoc/>
        public override string ToString() => $"follows {Leader} in t{Term}";
    }

    /// <summary>The shell says that the leader's process is gone.</summary>
    public sealed record LeaderReportedGone(NodeId Leader, Term Term) : RaftFact
    {
        /// <inheritdoc/>
        public override string ToString() => $"leader {Leader} of t{Term} is said to be gone";
    }

    /// <summary>Entries that conflict with the leader's went.</summary>
    public sealed record LogTruncated(LogIndex From, LogIndex To) : RaftFact
    {
        /// <inheritdoc/>
        public override string ToString() => $"truncated {From}..{To}";
    }

    /// <summary>Entries entered the log since the Ready before, told once for all of them.</summary>
    public sealed record EntriesAppended(EntryRange Entries, Term LastTerm) : RaftFact
    {
        /// <inheritdoc/>
        public override string ToString() =>
            Entries.Count == 1 ? $"appended {Entries.First}@{LastTerm}" : $"appended {Entries}@{LastTerm}";
    }

    /// <summary>The commit index moved since the Ready before.</summary>
    public sealed record CommitAdvanced(LogIndex From, LogIndex To) : RaftFact
    {
        /// <inheritdoc/>
        public override string ToString() => $"commit {From} -> {To}";
    }

    /// <summary>A configuration holds from its place in the log.</summary>
    public sealed record ConfigInForce(LogIndex Index, ClusterConfig Config) : RaftFact
    {
        /// <inheritdoc/>
        public override string ToString() => $"config of {Index} in force: {Config}";
    }

    /// <summary>Leadership is to go to another voter, once that holds our whole log.</summary>
    public sealed record TransferStarted(NodeId To, LogIndex Match, LogIndex Last) : RaftFact
    {
        /// <inheritdoc/>
        public override string ToString() => $"hands over to {To}, which holds {Match} of {Last}";
    }

    /// <summary>Leadership stays: the transfer was given up.</summary>
    public sealed record TransferAbandoned(NodeId To, string Because) : RaftFact
    {
        /// <inheritdoc/>
        public override string ToString() => $"does not hand over to {To}: {Because}";
    }

    /// <summary>The entry before an append is missing or another one.</summary>
    public sealed record AppendRefused(NodeId Leader, EntryId Previous, EntryId Conflict) : RaftFact
    {
        /// <inheritdoc/>
        public override string ToString() =>
            $"refused append of {Leader} behind {Previous}: logs may meet at {Conflict}";
    }

    /// <summary>Looks for the place where a follower's log meets ours.</summary>
    public sealed record ProbeStarted(NodeId Peer, LogIndex Next, string Because) : RaftFact
    {
        /// <inheritdoc/>
        public override string ToString() => $"probes {Peer} from {Next}: {Because}";
    }

    /// <summary>Sends to a follower ahead of its acknowledgements.</summary>
    public sealed record ReplicateStarted(NodeId Peer, LogIndex Next) : RaftFact
    {
        /// <inheritdoc/>
        public override string ToString() => $"replicates to {Peer} from {Next}";
    }

    /// <summary>A follower needs entries that are gone.</summary>
    public sealed record SnapshotOffered(NodeId Peer, EntryId Last) : RaftFact
    {
        /// <inheritdoc/>
        public override string ToString() => $"offers snapshot {Last} to {Peer}";
    }

    /// <summary>Does not need the snapshot that the leader offers.</summary>
    public sealed record SnapshotRefused(NodeId Leader, EntryId Last, LogIndex Commit) : RaftFact
    {
        /// <inheritdoc/>
        public override string ToString() => $"needs no snapshot {Last} of {Leader}: commit={Commit}";
    }

    /// <summary>A transfer to a follower ended.</summary>
    public sealed record SnapshotTransferEnded(NodeId Peer, EntryId Last, bool Succeeded) : RaftFact
    {
        /// <inheritdoc/>
        public override string ToString() => $"snapshot {Last} to {Peer} {(Succeeded ? "arrived" : "failed")}";
    }

    /// <summary>A received snapshot takes the place of the log before it.</summary>
    public sealed record SnapshotInstalled(EntryId Last, bool KeptSuffix) : RaftFact
    {
        /// <inheritdoc/>
        public override string ToString() =>
            $"installs snapshot {Last}, {(KeptSuffix ? "keeps the suffix" : "log restarts")}";
    }

    /// <summary>A received snapshot brings nothing new.</summary>
    public sealed record SnapshotIgnored(EntryId Last, LogIndex Commit) : RaftFact
    {
        /// <inheritdoc/>
        public override string ToString() => $"ignores snapshot {Last}: commit={Commit}";
    }

    /// <summary>A quorum confirmed leadership after these reads had arrived.</summary>
    public sealed record ReadRoundConfirmed(ulong Round, LogIndex Index, int Reads) : RaftFact
    {
        /// <inheritdoc/>
        public override string ToString() => $"read round {Round} confirmed at {Index} for {Reads}";
    }

    /// <summary>Forwarded proposals that were judged before.</summary>
    public sealed record ProposalsDropped(NodeId From, int Count) : RaftFact
    {
        /// <inheritdoc/>
        public override string ToString() => $"dropped {Count} forwarded by {From}: judged before";
    }

    /// <summary>Our disk hangs while a quorum of others makes progress.</summary>
    public sealed record GaveWay(NodeId To, WriteId Oldest) : RaftFact
    {
        /// <inheritdoc/>
        public override string ToString() => $"tells {To} to run: {Oldest} hangs here";
    }

    /// <summary>A peer sent what no correct member sends. Nothing was changed.</summary>
    public sealed record MessageRejected(NodeId From, string Kind, string Because) : RaftFact
    {
        /// <inheritdoc/>
        public override string ToString() => $"rejected {Kind} of {From}: {Because}";
    }
}
