namespace Quorate.Raft;

/// <summary>
/// One member of one Raft group: synchronous, deterministic, without clock, thread, I/O or randomness of its own.
/// Inputs change it, <see cref="TakeReady"/> says what is to be done; see README.md for the order.
/// </summary>
public sealed partial class RaftCore
{
    /// <summary>Starts as a follower from what recovery found.</summary>
    /// <exception cref="ArgumentException">The options cannot be.</exception>
    public RaftCore(RaftOptions options, RaftStart start, IRandomSource random) => throw new NotSupportedException();

    /// <summary>A picture of the state now.</summary>
    public RaftStatus Status() => throw new NotSupportedException();

    /// <summary>One tick of the clock has passed.</summary>
    public void Tick() => throw new NotSupportedException();

    /// <summary>A message has arrived. The outcome says which entries it carried entered the log.</summary>
    public StepOutcome Step(Message message) => throw new NotSupportedException();

    /// <summary>Local proposals: appended by a leader, to be forwarded by a follower, or refused, all together.</summary>
    public StepOutcome Propose(IReadOnlyList<ProposalHeader> proposals) => throw new NotSupportedException();

    /// <summary>Asks for a confirmed commit index; the answer comes in <see cref="Ready.Reads"/>.</summary>
    public void ReadIndex(ReadId id) => throw new NotSupportedException();

    /// <summary>Every write up to this one is durable.</summary>
    public void Persisted(WriteId upTo) => throw new NotSupportedException();

    /// <summary>Every entry up to this one is applied.</summary>
    public void Applied(LogIndex upTo) => throw new NotSupportedException();

    /// <summary>A snapshot has arrived whole and is durable beside the one in use.</summary>
    public void SnapshotReceived(SnapshotMetadata metadata) => throw new NotSupportedException();

    /// <summary>A snapshot transfer to a peer has ended, well or not.</summary>
    public void SnapshotSent(NodeId to, EntryId last, bool succeeded) => throw new NotSupportedException();

    /// <summary>Entries up to this one are in a durable snapshot and may go from the log.</summary>
    public void TrimPrefix(LogIndex upTo, SnapshotMetadata snapshot) => throw new NotSupportedException();

    /// <summary>A range for this peer could not be resolved because the log no longer holds it.</summary>
    public void RangeGone(NodeId to) => throw new NotSupportedException();

    /// <summary>The link to this peer broke: what was in flight to it may be lost.</summary>
    public void PeerUnreachable(NodeId peer) => throw new NotSupportedException();

    /// <summary>The process of the leader of this term is gone (a hint to liveness only; mechanism "term gate").</summary>
    public void LeaderGone(Term term) => throw new NotSupportedException();

    /// <summary>Whether <see cref="TakeReady"/> would return anything.</summary>
    public bool HasReady => throw new NotSupportedException();

    /// <summary>Takes everything that is to be done. The object is reused: it holds until the next call.</summary>
    public Ready TakeReady() => throw new NotSupportedException();
}
