using Quorate.Mvcc;
using Quorate.Raft;
using Quorate.Storage;

namespace Quorate.Node;

/// <summary>
/// Snapshots of this member: taken beside the writes, streamed to laggards, received from a leader, loaded. Asked
/// from any loop; everything happens in <see cref="Step"/>, on the background loop.
/// </summary>
internal sealed class SnapshotKeeper
{
    private const int ControlMax = 256;
    private readonly Lock _gate = new();
    private readonly SnapshotDirectory _directory;
    private readonly StateMachineOptions _stateOptions;
    private readonly MemberOptions _options;
    private readonly FactTeller _facts;
    private readonly SnapshotTaker _taker;
    private readonly SnapshotSender _sender;
    private readonly SnapshotReceiver _receiver;
    private readonly Queue<Action> _control = new();
    private int _ticks;
    private int _turn;
    private (StateSnapshot State, SnapshotMetadata Metadata)? _asked;
    private bool _busy;
    private bool _mayTake = true;

    public SnapshotKeeper(
        SnapshotDirectory directory, StateMachineOptions stateOptions, MemberOptions options, ISnapshotLink link,
        Inbox inbox, FactTeller facts)
    {
        _directory = directory;
        _stateOptions = stateOptions;
        _options = options;
        _facts = facts;
        _taker = new SnapshotTaker(directory, options, inbox, facts);
        _sender = new SnapshotSender(directory, options, link, inbox);
        _receiver = new SnapshotReceiver(directory, options, link, inbox, facts);
    }

    /// <summary>Called when work has come to an idle loop.</summary>
    public Action? Signal { get; set; }

    /// <summary>Whether <see cref="Step"/> would find anything to do.</summary>
    public bool HasWork
    {
        get
        {
            lock (_gate)
            {
                return _busy || _ticks > 0 || _control.Count > 0 || _asked is not null;
            }
        }
    }

    /// <summary>Whether a snapshot may be begun: none is being written, and the last try is long ago.</summary>
    public bool MayTake
    {
        get
        {
            lock (_gate)
            {
                return _mayTake;
            }
        }
    }

    /// <summary>Writes this state out, in steps.</summary>
    public void Take(StateSnapshot state, SnapshotMetadata metadata)
    {
        lock (_gate)
        {
            _asked = (state, metadata);
            _mayTake = false;
        }

        Signal?.Invoke();
    }

    /// <summary>Streams the newest snapshot to a peer that wants it.</summary>
    public void Send(SnapshotToSend request) => Do(() => _sender.Begin(request));

    /// <summary>A piece of a snapshot has arrived; one too many is dropped, and its sender goes back.</summary>
    public void ChunkArrived(NodeId from, in SnapshotChunk chunk)
    {
        lock (_gate)
        {
            if (_control.Count >= ControlMax)
            {
                return;
            }
        }

        var copy = new ReceivedChunk(
            from, chunk.Transfer, (long)chunk.Offset, (long)chunk.Total, chunk.Metadata, chunk.Data.ToArray());
        Do(() => _receiver.Arrived(copy));
    }

    /// <summary>A receiver says how far a transfer has come.</summary>
    public void AckArrived(NodeId from, SnapshotAck ack) => Do(() => _sender.Arrived(from, ack));

    /// <summary>A tick has passed.</summary>
    public void Tick()
    {
        lock (_gate)
        {
            _ticks++;
        }
    }

    /// <summary>Does one bounded step; false when there was nothing to do.</summary>
    public bool Step()
    {
        var worked = TakeControl() | BeginAsked();

        // Each in turn, so that a long snapshot of our own does not hold up one that a peer waits for.
        for (var tried = 0; tried < 3; tried++)
        {
            _turn = (_turn + 1) % 3;
            var (hasWork, step) = _turn switch
            {
                0 => (_taker.HasWork, (Action)_taker.Step),
                1 => (_sender.HasWork, _sender.Step),
                _ => (_receiver.HasWork, _receiver.Step),
            };
            if (hasWork)
            {
                step();
                worked = true;
                break;
            }
        }

        lock (_gate)
        {
            _busy = _taker.HasWork || _sender.HasWork || _receiver.HasWork;
            _mayTake = _asked is null && _taker.MayBegin;
        }

        if (worked)
        {
            _facts.Tell(_directory.TakeFacts());
        }

        return worked;
    }

    /// <summary>Starts to load a durable snapshot; stepped by the apply loop.</summary>
    public SnapshotInstaller BeginInstall(SnapshotMetadata snapshot)
    {
        var reader = _directory.Open(snapshot.Last);
        Invariant.Holds(reader is not null, "a snapshot whose marker is durable is on the disk");
        _directory.Retain(_options.SnapshotsRetained, snapshot.Last.Index);
        return new SnapshotInstaller(reader, new StateLoader(_stateOptions), _options.SnapshotStepBytes);
    }

    private bool BeginAsked()
    {
        lock (_gate)
        {
            if (_asked is not { } asked)
            {
                return false;
            }

            _taker.Begin(asked.State, asked.Metadata);
            _asked = null;
            return true;
        }
    }

    private bool TakeControl()
    {
        var worked = false;
        while (true)
        {
            Action? change;
            int ticks;
            lock (_gate)
            {
                _control.TryDequeue(out change);
                ticks = _ticks;
                _ticks = 0;
            }

            for (var i = 0; i < ticks; i++)
            {
                _taker.Tick();
                _sender.Tick();
                _receiver.Tick();
            }

            worked |= ticks > 0 || change is not null;
            if (change is null)
            {
                return worked;
            }

            change();
        }
    }

    private void Do(Action change)
    {
        lock (_gate)
        {
            _control.Enqueue(change);
        }

        Signal?.Invoke();
    }
}

/// <summary>How snapshot pieces leave; thread-safe.</summary>
internal interface ISnapshotLink
{
    /// <summary>Sends a piece; false when there is no link or it is full, and nothing was sent.</summary>
    bool TrySend(NodeId to, in SnapshotChunk chunk);

    /// <summary>Sends an acknowledgement; it may be lost.</summary>
    void Send(NodeId to, SnapshotAck ack);
}
