namespace Quorate.Raft;

/// <summary>What the leader knows about one follower; see docs/raft/probing.md.</summary>
/// <remarks>
/// Laws: <c>Match &lt; Next</c>; (Match, Next) may be in flight, in <see cref="ProgressState.Replicate"/> only;
/// Match grows only by an acknowledgement of this term.
/// </remarks>
internal sealed class Progress(
    NodeId id, LogIndex last, LogIndex commit, ulong tick, int inflightMessagesMax)
{
    private LogIndex _roundEnd = commit;
    private ulong _roundAt = tick;
    private LogIndex _commitInBeat;
    private LogIndex _commitInBeatBefore;

    public NodeId Id { get; } = id;

    /// <summary>It counts in no quorum of the configuration in force.</summary>
    public bool IsLearner { get; private set; }

    /// <summary>When it left the configuration; 0 while it is a member.</summary>
    public ulong RemovedAt { get; private set; }

    /// <summary>The configuration without it.</summary>
    public LogIndex RemovedBy { get; private set; }

    /// <summary>What it knows to be committed, as far as its echoes tell. A hint, never counted.</summary>
    public LogIndex KnownCommit { get; private set; }

    /// <summary>When it last ended a round of catching up within an election timeout; 0 for never.</summary>
    public ulong CaughtUpAt { get; private set; }

    /// <summary>Durable there and equal to our log up to here.</summary>
    public LogIndex Match { get; private set; }

    /// <summary>The next index to send.</summary>
    public LogIndex Next { get; private set; } = last.Next;

    public ProgressState State { get; private set; } = ProgressState.Probe;

    public Inflights Inflights { get; } = new(inflightMessagesMax);

    /// <summary>Probing: the probe is out, nothing more goes until it is answered or a beat has passed.</summary>
    public bool IsProbeOut { get; private set; }

    /// <summary>In Snapshot: what was offered.</summary>
    public EntryId PendingSnapshot { get; private set; }

    /// <summary>In Snapshot: the offer was taken, the shell streams.</summary>
    public bool IsStreaming { get; set; }

    /// <summary>In Snapshot: the offer is to be made, or made again.</summary>
    public bool IsOfferDue { get; set; }

    /// <summary>An empty append is to ask for an acknowledgement that seems to be lost.</summary>
    public bool IsNudgeDue { get; set; }

    /// <summary>When anything of this term came from it; the moment of election counts, as grace.</summary>
    public ulong HeardAt { get; set; } = tick;

    /// <summary>Whether anything of this term came from it at all.</summary>
    public bool WasHeard { get; set; }

    /// <summary>The newest read round it echoed.</summary>
    public ulong EchoedRound { get; set; }

    /// <summary>The commit index it was last told.</summary>
    public LogIndex CommitTold { get; set; }

    /// <summary>What had been sent when the newest heartbeat left.</summary>
    public LogIndex SentBeforeBeat { get; private set; }

    /// <summary>When the window last moved: something was acknowledged, or the first append went out.</summary>
    public ulong MovedAt { get; set; } = tick;

    /// <summary>Records an acknowledgement. Returns false when it is stale.</summary>
    public bool TryAdvance(LogIndex acknowledged)
    {
        Inflights.FreeTo(acknowledged);
        if (acknowledged <= Match)
        {
            return false;
        }

        Match = acknowledged;
        Next = LogIndex.Max(Next, acknowledged.Next);
        Invariant.Holds(Match < Next, "an acknowledged entry is never the next to send");
        return true;
    }

    /// <summary>Its place in a configuration that is in force from <paramref name="index"/> on.</summary>
    public void Place(ClusterConfig config, LogIndex index, ulong tick)
    {
        IsLearner = !config.IsVoter(Id);
        if (config.Contains(Id))
        {
            RemovedAt = 0;
        }
        else if (RemovedAt == 0)
        {
            (RemovedAt, RemovedBy) = (tick, index);
        }
    }

    /// <summary>A heartbeat leaves, with the commit index it was told.</summary>
    public void BeatSent()
    {
        _commitInBeatBefore = _commitInBeat;
        _commitInBeat = CommitTold;
        SentBeforeBeat = Next.Previous;
    }

    /// <summary>A heartbeat was echoed: the last one, or at the usual delays the one before.</summary>
    public void BeatEchoed() => KnownCommit = LogIndex.Max(KnownCommit, _commitInBeatBefore);

    /// <summary>
    /// Thesis 4.2.1: a round takes it to the commit index of the round's begin. One within an election timeout shows
    /// that it keeps up.
    /// </summary>
    public void JudgeRound(LogIndex commit, ulong tick, ulong electionTicks)
    {
        if (Match < _roundEnd)
        {
            return;
        }

        CaughtUpAt = tick - _roundAt < electionTicks ? tick : CaughtUpAt;
        _roundEnd = commit;
        _roundAt = tick;
    }

    /// <summary>
    /// Looks for the meeting place from <paramref name="next"/> on, but never below what is known equal.
    /// </summary>
    public void BecomeProbe(LogIndex next)
    {
        Become(ProgressState.Probe);
        Next = LogIndex.Max(next, Match.Next);
    }

    public void BecomeReplicate()
    {
        Become(ProgressState.Replicate);
        Next = Match.Next;
    }

    public void BecomeSnapshot(EntryId offered)
    {
        Become(ProgressState.Snapshot);
        PendingSnapshot = offered;
        IsOfferDue = true;
    }

    /// <summary>A probe left: one at a time.</summary>
    public void ProbeSent(ulong tick)
    {
        IsProbeOut = true;
        MovedAt = tick;
    }

    /// <summary>The probe, or its answer, seems to be lost.</summary>
    public void AllowProbe() => IsProbeOut = false;

    /// <summary>Entries up to <paramref name="last"/> left ahead of their acknowledgement.</summary>
    public void AppendSent(LogIndex last, long bytes, ulong tick)
    {
        MovedAt = Inflights.Count == 0 ? tick : MovedAt;
        Inflights.Add(last, bytes);
        Next = last.Next;
    }

    public override string ToString() => new FollowerStatus(Id, Match, Next, State, IsLearner, 0, 0).ToString();

    private void Become(ProgressState state)
    {
        State = state;
        Inflights.Clear();
        IsProbeOut = false;
        IsStreaming = false;
        IsOfferDue = false;
        IsNudgeDue = false;
    }
}
