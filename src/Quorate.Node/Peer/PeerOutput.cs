using Quorate.Raft;

namespace Quorate.Node;

/// <summary>
/// What goes to one peer: the frames gathered in a turn leave in one send; those that do not belong to a turn leave
/// at once. Thread-safe and bounded: what finds no link or no room is dropped and counted, and raft sends it again.
/// </summary>
internal sealed class PeerOutput(int turnBytesMax, PeerMetrics metrics)
{
    private readonly Lock _gate = new();
    private readonly PeerBuffer _turn = new();
    private readonly PeerBuffer _now = new();
    private PeerSession? _session;
    private int _turnFrames;

    /// <summary>Sends on this session from now on, or nowhere. What was gathered for another dies with it.</summary>
    public void Attach(PeerSession? session)
    {
        lock (_gate)
        {
            DropTurn();
            _session = session;
        }
    }

    public bool Add(Message message)
    {
        lock (_gate)
        {
            return HasRoom() && Gathered(PeerCodec.TryWrite(_turn, message));
        }
    }

    public bool AddAppend(NodeId from, in AppendToSend append, IReadOnlyList<ReadOnlyMemory<byte>> records)
    {
        lock (_gate)
        {
            return HasRoom() && Gathered(PeerCodec.TryWriteAppend(_turn, from, append, records));
        }
    }

    /// <summary>
    /// Sends a forward, and what was gathered before it, at once: false means that no byte of it was given to a
    /// socket, so that its proposals are certainly not done.
    /// </summary>
    public bool SendForward(Message.ForwardedProposals forward, IReadOnlyList<ReadOnlyMemory<byte>> payloads)
    {
        lock (_gate)
        {
            return HasRoom() && Gathered(PeerCodec.TryWriteForward(_turn, forward, payloads)) && FlushTurn();
        }
    }

    /// <summary>Sends a change, and what was gathered before it, at once: false means that it was never sent.</summary>
    public bool SendChange(NodeId from, NodeId to, ChangeRequest request)
    {
        lock (_gate)
        {
            return HasRoom() && Gathered(PeerCodec.TryWriteChange(_turn, from, to, request)) && FlushTurn();
        }
    }

    public bool SendChangeAnswer(NodeId from, NodeId to, ChangeAnswer answer)
    {
        lock (_gate)
        {
            return SendNow(PeerCodec.TryWriteChangeAnswer(_now, from, to, answer));
        }
    }

    public void Flush()
    {
        lock (_gate)
        {
            FlushTurn();
        }
    }

    public bool SendNow(Message message)
    {
        lock (_gate)
        {
            return SendNow(PeerCodec.TryWrite(_now, message));
        }
    }

    public bool SendAppendNow(NodeId from, in AppendToSend append, IReadOnlyList<ReadOnlyMemory<byte>> records)
    {
        lock (_gate)
        {
            return SendNow(PeerCodec.TryWriteAppend(_now, from, append, records));
        }
    }

    public bool SendChunk(NodeId from, NodeId to, in SnapshotChunk chunk)
    {
        lock (_gate)
        {
            return SendNow(PeerCodec.TryWriteChunk(_now, from, to, chunk));
        }
    }

    public bool SendAck(NodeId from, NodeId to, in SnapshotAck ack)
    {
        lock (_gate)
        {
            return SendNow(PeerCodec.TryWriteAck(_now, from, to, ack));
        }
    }

    private bool HasRoom()
    {
        if (_session is not null && _turn.Length < turnBytesMax)
        {
            return true;
        }

        metrics.OutboundDropped(1);
        return false;
    }

    private bool Gathered(bool written)
    {
        if (!written)
        {
            metrics.OutboundDropped(1);
            return false;
        }

        _turnFrames++;
        return true;
    }

    private bool FlushTurn()
    {
        if (_turnFrames == 0)
        {
            return true;
        }

        var sent = TrySend(_turn, _turnFrames);
        _turn.Clear();
        _turnFrames = 0;
        return sent;
    }

    private void DropTurn()
    {
        metrics.OutboundDropped(_turnFrames);
        _turn.Clear();
        _turnFrames = 0;
    }

    private bool SendNow(bool written)
    {
        if (!written)
        {
            metrics.OutboundDropped(1);
            return false;
        }

        var sent = TrySend(_now, frames: 1);
        _now.Clear();
        return sent;
    }

    private bool TrySend(PeerBuffer buffer, int frames)
    {
        if (_session is null || !_session.TrySend(buffer.Written))
        {
            metrics.OutboundDropped(frames);
            return false;
        }

        metrics.FramesSent(frames, buffer.Length);
        return true;
    }
}
