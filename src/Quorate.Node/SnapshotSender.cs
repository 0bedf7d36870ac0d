using Quorate.Raft;
using Quorate.Storage;

namespace Quorate.Node;

/// <summary>
/// Streams snapshots to peers: a window of pieces ahead of the acknowledgements, again from the last one
/// acknowledged where a link broke, given up when nothing moves for five election timeouts.
/// </summary>
internal sealed class SnapshotSender(
    SnapshotDirectory directory, MemberOptions options, ISnapshotLink link, Inbox inbox)
{
    private const int GiveUpElections = 5;
    private readonly List<Transfer> _transfers = [];
    private readonly byte[] _chunk = new byte[Math.Min(options.SnapshotChunkBytes, SnapshotChunk.DataBytesMax)];

    /// <summary>Whether a step would do something.</summary>
    public bool HasWork => NextToServe() is not null;

    public void Begin(SnapshotToSend request)
    {
        End(_transfers.Find(transfer => transfer.To == request.To), succeeded: false, tell: false);
        _transfers.Add(new Transfer(request));
    }

    public void Arrived(NodeId from, SnapshotAck ack)
    {
        var transfer = _transfers.Find(known => known.To == from && known.Id == ack.Transfer);
        switch (ack.Status)
        {
            case SnapshotAckStatus.Continue when transfer is not null:
                transfer.Acknowledge((long)ack.Offset);
                break;
            case SnapshotAckStatus.Complete:
                End(transfer, succeeded: true);
                break;
            case SnapshotAckStatus.Rejected:
                End(transfer, succeeded: false);
                break;
        }
    }

    public void Tick()
    {
        for (var i = _transfers.Count - 1; i >= 0; i--)
        {
            var transfer = _transfers[i];
            transfer.Blocked = false;
            transfer.QuietTicks++;
            if (transfer.QuietTicks >= GiveUpElections * options.ElectionTicks)
            {
                End(transfer, succeeded: false);
            }
            else if (transfer.QuietTicks % options.ElectionTicks == 0)
            {
                // What was sent is lost, or its acknowledgements are: go on from the last one that came.
                transfer.Sent = transfer.Acknowledged;
            }
        }
    }

    public void Step()
    {
        if (NextToServe() is not { } transfer)
        {
            return;
        }

        transfer.Reader ??= directory.Open(transfer.Id.Last);
        if (transfer.Reader is not { } reader)
        {
            // A newer one has taken its place meanwhile: the leader offers that.
            End(transfer, succeeded: false);
            return;
        }

        var read = reader.ReadAt(transfer.Sent, _chunk);
        var metadata = transfer.Sent == 0 ? reader.Metadata : null;
        var chunk = new SnapshotChunk(
            transfer.Id, (ulong)transfer.Sent, (ulong)reader.ContentLength, metadata, _chunk.AsSpan(0, read));
        if (link.TrySend(transfer.To, chunk))
        {
            transfer.Sent += read;
        }
        else
        {
            transfer.Blocked = true;
        }
    }

    private Transfer? NextToServe()
    {
        foreach (var transfer in _transfers)
        {
            if (!transfer.Blocked && transfer.MaySend(_chunk.Length * options.SnapshotWindow))
            {
                return transfer;
            }
        }

        return null;
    }

    private void End(Transfer? transfer, bool succeeded, bool tell = true)
    {
        if (transfer is null)
        {
            return;
        }

        _transfers.Remove(transfer);
        transfer.Reader?.Dispose();
        if (tell)
        {
            inbox.Post(new NodeInput.SnapshotSent(transfer.To, transfer.Id.Last, succeeded));
        }
    }

    private sealed class Transfer(SnapshotToSend request)
    {
        public NodeId To { get; } = request.To;

        public TransferId Id { get; } = new(request.Term, request.Last);

        public SnapshotReader? Reader { get; set; }

        public long Sent { get; set; }

        public long Acknowledged { get; private set; }

        public int QuietTicks { get; set; }

        public bool Blocked { get; set; }

        public bool MaySend(long window) =>
            Reader is null || (Sent < Reader.ContentLength && Sent - Acknowledged < window);

        public void Acknowledge(long offset)
        {
            if (offset > Acknowledged)
            {
                Acknowledged = offset;
                Sent = Math.Max(Sent, offset);
                QuietTicks = 0;
            }
        }
    }
}
