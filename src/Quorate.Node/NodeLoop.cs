using Quorate.Raft;
using Quorate.Storage;

namespace Quorate.Node;

/// <summary>
/// The loop around the core. Each turn takes what has arrived, feeds the core, and does what its
/// <see cref="Ready"/> says: appends leave at once, writes go to the log writer, committed ranges to apply.
/// </summary>
/// <remarks>
/// Owns core and arena; nothing else touches them. Never waits: not for a disk, not for a queue, not for a peer.
/// Answers come only from apply (or from a refusal).
/// </remarks>
internal sealed partial class NodeLoop
{
    private readonly MemberOptions _options;
    private readonly MemberIdentity _identity;
    private readonly NodeMetrics _metrics;
    private readonly RaftCore _core;
    private readonly LogArena _arena;
    private readonly LogWriter _logWriter;
    private readonly ApplyLoop _apply;
    private readonly SnapshotKeeper _snapshots;
    private readonly BackgroundLoop _background;
    private readonly FactTeller _facts;
    private readonly PeerHub _peers;
    private readonly ProposalTable _proposals;
    private readonly PendingReads _reads;
    private readonly Completions _completions;
    private readonly Meeting _meeting;
    private readonly AttributePublisher _publisher;
    private readonly ChangeDesk _desk;
    private readonly MemberKeeper _keeper;
    private readonly MemberStanding _standing;
    private readonly Inbox _inbox;
    private readonly InboxTurn _turn;
    private LogIndex _arenaLast;
    private RaftStatus _status;
    private long _tick;

    public NodeLoop(NodeLoopParts parts)
    {
        _options = parts.Options;
        _identity = parts.Identity;
        _metrics = parts.Metrics;
        _core = parts.Core;
        _arena = parts.Arena;
        _logWriter = parts.LogWriter;
        _apply = parts.Apply;
        _snapshots = parts.Snapshots;
        _background = parts.Background;
        _facts = parts.Facts;
        _peers = parts.Peers;
        _proposals = parts.Proposals;
        _reads = parts.Reads;
        _completions = new Completions(parts.Dispatcher);
        _meeting = parts.Meeting;
        _publisher = parts.Publisher;
        _desk = parts.Desk;
        _keeper = parts.Keeper;
        _standing = parts.Standing;
        _inbox = parts.Inbox;
        _turn = new InboxTurn(_options.HeartbeatTicks);
        _status = _core.Status();
        _arenaLast = _status.Last.Index;
        _termSeen = _status.HardState.Term;
    }

    /// <summary>An immutable picture of the core, made anew each tick and at each change of role.</summary>
    public RaftStatus RaftStatus => Volatile.Read(ref _status);

    /// <summary>Ticks since the start of this process.</summary>
    public long Now => Volatile.Read(ref _tick);

    /// <summary>Whether a turn would find anything to do.</summary>
    public bool HasWork => _inbox.HasWork;

    /// <summary>Called after each new <see cref="RaftStatus"/>.</summary>
    public Action? StatusPublished { get; set; }

    /// <summary>Hears every fact of the core, in order; for the simulator's checkers.</summary>
    internal Action<RaftFact>? FactHappened { get; set; }

    /// <summary>The core, for the simulator's checkers.</summary>
    internal RaftCore Core => _core;

    /// <summary>Does up to <paramref name="max"/> turns and returns how many found something to do.</summary>
    public int Pump(int max)
    {
        var done = 0;
        while (done < max && _inbox.TryTake(_turn))
        {
            Turn();
            done++;
        }

        return done;
    }

    /// <summary>Tells every waiter that is left; the loop is not pumped any more.</summary>
    public void Stop()
    {
        do
        {
            RefuseTurn();
        }
        while (_inbox.TryTake(_turn));

        RefuseReads(_readsToAsk);
        _readsToAsk.Clear();
        _desk.RefuseAll(ChangeRefusal.ShuttingDown, "this node is stopping", _completions);
        _transfers.ForEach(static told => told(TransferRefusal.NotLeader));
        _transfers.Clear();
        if (_departure is { } departure && !_isLeft)
        {
            departure.WhenNot();
        }

        _proposals.Stopped(_completions);
        _reads.Stopped(_completions);
        _completions.Tell();
    }

    private void RefuseTurn()
    {
        while (_turn.Inputs.TryDequeue(out var input))
        {
            switch (input)
            {
                case NodeInput.ChangeAsked asked:
                    asked.Waiter.Completed(
                        ChangeOutcome.NotDone(ChangeRefusal.ShuttingDown, "this node is stopping"));
                    break;
                case NodeInput.TransferAsked asked:
                    asked.Told(TransferRefusal.NotLeader);
                    break;
                case NodeInput.ElectionAsked asked:
                    asked.Told(TransferRefusal.NotAVoter);
                    break;
                case NodeInput.LeaveAsked asked:
                    asked.Told(false);
                    break;
            }
        }

        while (_turn.Proposals.TryDequeue(out var proposal))
        {
            _completions.Add(proposal.Waiter, ProposeOutcome.NotDone(RefusalReason.ShuttingDown));
        }

        RefuseReads(_turn.Reads);
        _turn.Reads.Clear();
    }

    private void RefuseReads(IEnumerable<ReadRequest> reads)
    {
        foreach (var read in reads)
        {
            _completions.Add(read.Waiter, new ReadOutcome(false, RefusalReason.ShuttingDown, LogIndex.Zero));
        }
    }

    private void Turn()
    {
        TakeAcknowledgements();
        TakeInputs();
        TakeTicks();
        TakeFrames();
        TakeProposals();
        TakeReads();
        if (_desk.HasWork)
        {
            _desk.Step(_tick, _completions);
        }

        while (_core.HasReady)
        {
            Execute(_core.TakeReady());
        }

        FollowConfig();
        FallSilentWhenRemoved();
        TellTransfers();
        StepDeparture();
        _peers.FlushTurn();
        _completions.Tell();
    }

    private void PublishStatus()
    {
        _standing.State = ComputeState();
        Volatile.Write(ref _status, _core.Status());
        StatusPublished?.Invoke();
    }
}

/// <summary>What a node loop is made of.</summary>
internal sealed class NodeLoopParts
{
    public required MemberOptions Options { get; init; }

    public required MemberIdentity Identity { get; init; }

    public required NodeMetrics Metrics { get; init; }

    public required RaftCore Core { get; init; }

    public required LogArena Arena { get; init; }

    public required LogWriter LogWriter { get; init; }

    public required ApplyLoop Apply { get; init; }

    public required SnapshotKeeper Snapshots { get; init; }

    public required BackgroundLoop Background { get; init; }

    public required FactTeller Facts { get; init; }

    public required PeerHub Peers { get; init; }

    public required ProposalTable Proposals { get; init; }

    public required PendingReads Reads { get; init; }

    public required ICompletionDispatcher Dispatcher { get; init; }

    public required Meeting Meeting { get; init; }

    public required AttributePublisher Publisher { get; init; }

    public required ChangeDesk Desk { get; init; }

    public required MemberKeeper Keeper { get; init; }

    public required MemberStanding Standing { get; init; }

    public required Inbox Inbox { get; init; }
}
