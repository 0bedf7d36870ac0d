using Quorate.Raft;

namespace Quorate.Node;

/// <summary>Where the hub delivers. Called on transport threads; link news of one hub never overlap.</summary>
public interface IPeerSink
{
    /// <summary>A whole message body with a good checksum, of a peer whose handshake was good. To be copied.</summary>
    /// <returns>False when its lane is full: dropped, and counted by the hub.</returns>
    bool TryPostFrame(NodeId from, ReadOnlySpan<byte> body);

    /// <summary>The first link with this peer is up. Its directory id is to be noted durably.</summary>
    void LinkUp(NodeId peer, PeerHello hello);

    /// <summary>The last link is down; told once more when a redial is refused.</summary>
    /// <param name="peer">The peer.</param>
    /// <param name="refused">The host answers and nobody listens: that process is gone.</param>
    void LinkDown(NodeId peer, bool refused);

    /// <summary>A piece of a snapshot. Its bytes are valid during the call only.</summary>
    void SnapshotChunk(NodeId from, in SnapshotChunk chunk);

    /// <summary>How far a snapshot that we send has arrived.</summary>
    void SnapshotAck(NodeId from, in SnapshotAck ack);

    /// <summary>What a probe found, or why it found nobody.</summary>
    void Probed(ulong token, in ProbeResult result);

    /// <summary>Another cluster's committed configuration names this node.</summary>
    void Invited(Invitation invitation);

    /// <summary>A member says that this one was removed.</summary>
    void ToldRemoved();

    /// <summary>A member passes on a change that it was asked for.</summary>
    void ChangeRequested(NodeId from, ChangeRequest request);

    /// <summary>The leader answers a change that we passed on.</summary>
    void ChangeAnswered(NodeId from, ChangeAnswer answer);
}
