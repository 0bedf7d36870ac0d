using System.Buffers;
using Quorate.Raft;

namespace Quorate.Node;

/// <summary>The bounds of an <see cref="Inbox"/>.</summary>
internal readonly record struct InboxBounds(int RequestsMax, long RequestBytesMax, long PeerBytesMax);

/// <summary>
/// The one door of a node loop. Every lane has its own bound, so a full lane never blocks another:
/// acknowledgements are watermarks and ticks a counter, never refused; frames are dropped when a peer's share is
/// full (Raft sends again); proposals and reads are refused, and the caller is told. See mechanism "the inbox".
/// </summary>
internal sealed class Inbox(InboxBounds bounds)
{
    private readonly Lock _gate = new();
    private readonly Queue<NodeInput> _inputs = new();
    private readonly Queue<ArrivedFrame> _frames = new();
    private readonly Queue<ProposalRequest> _proposals = new();
    private readonly Queue<ReadRequest> _reads = new();
    private readonly Dictionary<NodeId, long> _frameBytes = [];
    private long _proposalBytes;
    private WriteId _persisted;
    private LogIndex _applied;
    private ulong _appliedBatch;
    private int _ticks;
    private bool _acknowledged;
    private bool _woken;
    private bool _isClosed;

    /// <summary>Called outside the lock when the first thing since the last turn is posted.</summary>
    public Action? Signal { get; set; }

    /// <summary>Whether it takes no requests any more. What is in it stays to be told.</summary>
    public bool IsClosed
    {
        get
        {
            lock (_gate)
            {
                return _isClosed;
            }
        }
    }

    /// <summary>Whether a turn would find anything.</summary>
    public bool HasWork
    {
        get
        {
            lock (_gate)
            {
                return IsBusy();
            }
        }
    }

    /// <summary>Every write up to this one is durable.</summary>
    public void PostPersisted(WriteId upTo)
    {
        lock (_gate)
        {
            _persisted = upTo > _persisted ? upTo : _persisted;
            _acknowledged = true;
        }

        Wake();
    }

    /// <summary>Every entry up to this one, and every apply batch up to this number, is applied.</summary>
    public void PostApplied(LogIndex upTo, ulong batch)
    {
        lock (_gate)
        {
            _applied = LogIndex.Max(_applied, upTo);
            _appliedBatch = Math.Max(_appliedBatch, batch);
            _acknowledged = true;
        }

        Wake();
    }

    /// <summary>A tick has passed.</summary>
    public void PostTick()
    {
        lock (_gate)
        {
            _ticks++;
        }

        Wake();
    }

    /// <summary>Something rare has happened.</summary>
    public void Post(NodeInput input)
    {
        lock (_gate)
        {
            _inputs.Enqueue(input);
        }

        Wake();
    }

    /// <summary>Somebody asks for something rare, and waits. False when the inbox is closed.</summary>
    public bool TryPost(NodeInput request)
    {
        lock (_gate)
        {
            if (_isClosed)
            {
                return false;
            }

            _inputs.Enqueue(request);
        }

        Wake();
        return true;
    }

    /// <summary>A message body from a peer; copied. False when that peer's share is full.</summary>
    public bool TryPostFrame(NodeId from, ReadOnlySpan<byte> body)
    {
        var rented = ArrayPool<byte>.Shared.Rent(body.Length);
        body.CopyTo(rented);
        lock (_gate)
        {
            var waiting = _frameBytes.GetValueOrDefault(from) + body.Length;
            if (waiting > bounds.PeerBytesMax && waiting != body.Length)
            {
                ArrayPool<byte>.Shared.Return(rented);
                return false;
            }

            _frameBytes[from] = waiting;
            _frames.Enqueue(new ArrivedFrame(from, rented, body.Length));
        }

        Wake();
        return true;
    }

    /// <summary>A proposal. False when too many, or too many bytes, are waiting, or the inbox is closed.</summary>
    public bool TryPost(in ProposalRequest proposal)
    {
        lock (_gate)
        {
            if (_isClosed || _proposals.Count >= bounds.RequestsMax
                || (_proposals.Count > 0 && _proposalBytes + proposal.Command.Length > bounds.RequestBytesMax))
            {
                return false;
            }

            _proposalBytes += proposal.Command.Length;
            _proposals.Enqueue(proposal);
        }

        Wake();
        return true;
    }

    /// <summary>A read. False when too many are waiting, or the inbox is closed.</summary>
    public bool TryPost(in ReadRequest read)
    {
        lock (_gate)
        {
            if (_isClosed || _reads.Count >= bounds.RequestsMax)
            {
                return false;
            }

            _reads.Enqueue(read);
        }

        Wake();
        return true;
    }

    /// <summary>Takes no requests from now on, so that whoever tells what is in it tells everybody.</summary>
    public void Close()
    {
        lock (_gate)
        {
            _isClosed = true;
        }
    }

    /// <summary>Moves what one turn may serve into <paramref name="turn"/>; false when there was nothing.</summary>
    public bool TryTake(InboxTurn turn)
    {
        turn.Clear();
        lock (_gate)
        {
            _woken = false;
            if (!IsBusy())
            {
                return false;
            }

            turn.Persisted = _persisted;
            turn.Applied = _applied;
            turn.AppliedBatch = _appliedBatch;
            _acknowledged = false;

            turn.Ticks = Math.Min(_ticks, turn.TicksMax);
            _ticks -= turn.Ticks;

            Move(_inputs, turn.Inputs, int.MaxValue);
            TakeFrames(turn);
            TakeProposals(turn);
            Move(_reads, turn.Reads, turn.RequestsMax);
            return true;
        }
    }

    private static void Move<T>(Queue<T> source, Queue<T> target, int max)
    {
        while (target.Count < max && source.TryDequeue(out var item))
        {
            target.Enqueue(item);
        }
    }

    private bool IsBusy() =>
        _acknowledged || _ticks > 0 || _inputs.Count > 0 || _frames.Count > 0 || _proposals.Count > 0
        || _reads.Count > 0;

    private void TakeFrames(InboxTurn turn)
    {
        while (turn.Frames.Count < turn.FramesMax && _frames.TryDequeue(out var frame))
        {
            _frameBytes[frame.From] -= frame.Length;
            turn.Frames.Add(frame);
        }
    }

    private void TakeProposals(InboxTurn turn)
    {
        while (turn.Proposals.Count < turn.RequestsMax && _proposals.TryDequeue(out var proposal))
        {
            _proposalBytes -= proposal.Command.Length;
            turn.Proposals.Enqueue(proposal);
        }
    }

    private void Wake()
    {
        if (Signal is not { } signal)
        {
            return;
        }

        if (!Interlocked.Exchange(ref _woken, true))
        {
            signal();
        }
    }
}

/// <summary>
/// What one turn of the node loop serves; reused from turn to turn. What somebody waits for is taken off when it is
/// served: at a stop, the rest is what nobody was told about.
/// </summary>
/// <param name="ticksMax">At most one heartbeat's worth, so that a pause does not depose a leader whose peers'
/// answers already lie in its inbox.</param>
internal sealed class InboxTurn(int ticksMax)
{
    public int TicksMax { get; } = ticksMax;

    public int FramesMax { get; } = 256;

    public int RequestsMax { get; } = 1024;

    public WriteId Persisted { get; set; }

    public LogIndex Applied { get; set; }

    public ulong AppliedBatch { get; set; }

    public int Ticks { get; set; }

    public Queue<NodeInput> Inputs { get; } = [];

    public List<ArrivedFrame> Frames { get; } = [];

    public Queue<ProposalRequest> Proposals { get; } = [];

    public Queue<ReadRequest> Reads { get; } = [];

    public void Clear()
    {
        Ticks = 0;
        Inputs.Clear();
        Frames.Clear();
        Proposals.Clear();
        Reads.Clear();
    }
}
