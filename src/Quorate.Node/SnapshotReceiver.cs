using Quorate.Raft;
using Quorate.Storage;

namespace Quorate.Node;

/// <summary>A piece of a snapshot, copied out of the link's buffer.</summary>
internal sealed record ReceivedChunk(
    NodeId From, TransferId Transfer, long Offset, long Total, SnapshotMetadata? Metadata, byte[] Data);

/// <summary>
/// Takes a snapshot in, piece by piece, beside the state in use. Pieces come in order or again; a gap is answered
/// with what is there, and the sender goes on from that. One transfer at a time; a newer one replaces it.
/// </summary>
internal sealed class SnapshotReceiver(
    SnapshotDirectory directory, MemberOptions options, ISnapshotLink link, Inbox inbox, FactTeller facts)
{
    private const int WaitingMax = 64;
    private const int GiveUpElections = 10;
    private readonly Queue<ReceivedChunk> _waiting = new();
    private SnapshotMetadata? _metadata;
    private SnapshotWriter? _writer;
    private TransferId _current;
    private TransferId _completed;
    private NodeId _from;
    private int _quietTicks;
    private bool _giveUp;

    /// <summary>Whether a step would do something.</summary>
    public bool HasWork => _waiting.Count > 0 || _giveUp;

    public void Arrived(ReceivedChunk chunk)
    {
        _quietTicks = 0;
        if (_waiting.Count < WaitingMax)
        {
            _waiting.Enqueue(chunk);
        }
    }

    public void Tick()
    {
        _quietTicks++;
        _giveUp = _writer is not null && _quietTicks >= GiveUpElections * options.ElectionTicks;
    }

    public void Step()
    {
        if (_giveUp)
        {
            _giveUp = false;
            Drop();
        }

        if (!_waiting.TryDequeue(out var chunk))
        {
            return;
        }

        try
        {
            Take(chunk);
        }
        catch (DiskFullException full)
        {
            facts.SnapshotHadNoRoom(full);
            Drop();
            link.Send(chunk.From, new SnapshotAck(chunk.Transfer, 0, SnapshotAckStatus.Rejected));
        }
    }

    private void Take(ReceivedChunk chunk)
    {
        if (chunk.Transfer == _completed)
        {
            link.Send(chunk.From, new SnapshotAck(chunk.Transfer, (ulong)chunk.Total, SnapshotAckStatus.Complete));
            return;
        }

        if (_writer is null || chunk.Transfer != _current)
        {
            if (!TryBegin(chunk))
            {
                link.Send(chunk.From, new SnapshotAck(chunk.Transfer, 0, SnapshotAckStatus.Continue));
                return;
            }
        }

        if (chunk.Offset == _writer!.BytesWritten && chunk.From == _from)
        {
            _writer.Append(chunk.Data);
            if (_writer.BytesWritten == chunk.Total)
            {
                Complete(chunk);
                return;
            }
        }

        var received = (ulong)_writer.BytesWritten;
        link.Send(chunk.From, new SnapshotAck(chunk.Transfer, received, SnapshotAckStatus.Continue));
    }

    // A leader of an older term never takes the place of a newer one's transfer.
    private bool TryBegin(ReceivedChunk chunk)
    {
        if (chunk.Metadata is not { } metadata || chunk.Offset != 0
            || (_writer is not null && chunk.Transfer.LeaderTerm < _current.LeaderTerm))
        {
            return false;
        }

        Drop();
        _writer = directory.Create(metadata);
        _metadata = metadata;
        _current = chunk.Transfer;
        _from = chunk.From;
        return true;
    }

    private void Complete(ReceivedChunk chunk)
    {
        _writer!.Complete();
        var metadata = _metadata!;
        facts.SnapshotReceived(metadata, _writer.BytesWritten);
        _completed = chunk.Transfer;
        Drop();
        inbox.Post(new NodeInput.SnapshotReceived(metadata));
        link.Send(chunk.From, new SnapshotAck(chunk.Transfer, (ulong)chunk.Total, SnapshotAckStatus.Complete));
    }

    private void Drop()
    {
        _writer?.Dispose();
        _writer = null;
        _metadata = null;
    }
}
