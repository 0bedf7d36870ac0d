using Quorate.Raft;
using Quorate.Storage;

namespace Quorate.Node;

/// <summary>Between the hub and the loops: hands what arrives to the right loop, and sends what may not wait.</summary>
internal sealed class PeerPort(Inbox inbox, PeerNotes notes) : IPeerSink, ISnapshotLink, IHeldSender
{
    private PeerHub? _hub;
    private SnapshotKeeper? _snapshots;
    private BackgroundLoop? _background;

    /// <summary>Closes the circle; once, before anything is pumped.</summary>
    public void Attach(PeerHub hub, SnapshotKeeper snapshots, BackgroundLoop background)
    {
        _hub = hub;
        _snapshots = snapshots;
        _background = background;
    }

    public bool TryPostFrame(NodeId from, ReadOnlySpan<byte> body) => inbox.TryPostFrame(from, body);

    public void LinkUp(NodeId peer, PeerHello hello)
    {
        inbox.Post(new NodeInput.LinkUp(peer, hello.Name));
        var note = new PeerNote(peer, hello.DirectoryId);
        if (notes.TryAdd(note))
        {
            _background!.Note(note);
        }
    }

    public void LinkDown(NodeId peer, bool refused) => inbox.Post(new NodeInput.LinkDown(peer, refused));

    public void SnapshotChunk(NodeId from, in SnapshotChunk chunk) => _snapshots!.ChunkArrived(from, chunk);

    public void SnapshotAck(NodeId from, in SnapshotAck ack) => _snapshots!.AckArrived(from, ack);

    public void Probed(ulong token, in ProbeResult result) => inbox.Post(new NodeInput.Probed(token, result));

    public void Invited(Invitation invitation) => inbox.Post(new NodeInput.Invited(invitation));

    public void ToldRemoved() => inbox.Post(new NodeInput.ToldRemoved());

    public void ChangeRequested(NodeId from, ChangeRequest request) =>
        inbox.Post(new NodeInput.ChangeRequested(from, request));

    public void ChangeAnswered(NodeId from, ChangeAnswer answer) => inbox.Post(new NodeInput.ChangeAnswered(answer));

    public bool TrySend(NodeId to, in SnapshotChunk chunk) => _hub!.SendSnapshotChunk(to, chunk);

    public void Send(NodeId to, SnapshotAck ack) => _hub!.SendSnapshotAck(to, ack);

    public void SendHeld(IReadOnlyList<Message> messages)
    {
        foreach (var message in messages)
        {
            _hub!.SendNow(message);
        }
    }
}

/// <summary>The directory id that each member showed when it was first met. Read on any thread.</summary>
internal sealed class PeerNotes(IReadOnlyList<PeerNote> durable)
{
    private readonly Lock _gate = new();
    private PeerNote[] _notes = [.. durable];

    /// <summary>What is known of a member, or null.</summary>
    public UInt128? Find(NodeId member)
    {
        foreach (var note in Volatile.Read(ref _notes))
        {
            if (note.Member == member)
            {
                return note.Directory;
            }
        }

        return null;
    }

    /// <summary>Keeps the first note of a member; false when there was one.</summary>
    public bool TryAdd(PeerNote note)
    {
        lock (_gate)
        {
            if (Find(note.Member) is not null)
            {
                return false;
            }

            Volatile.Write(ref _notes, [.. _notes, note]);
            return true;
        }
    }
}
