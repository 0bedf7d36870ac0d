using Quorate.Raft;

namespace Quorate.Node;

/// <content>
/// Sending. The turn's methods are the node loop's; those named Now, and the snapshot's, may be called by any thread.
/// False always means: no link, or no room; dropped and counted.
/// </content>
public sealed partial class PeerHub
{
    /// <summary>Adds a message to what this turn sends to its receiver.</summary>
    public bool Send(Message message) => OutputOf(message.To) is { } output && output.Add(message);

    /// <summary>Adds an append, with its entry records as they stand in the log.</summary>
    public bool SendAppend(in AppendToSend append, IReadOnlyList<ReadOnlyMemory<byte>> records) =>
        OutputOf(append.To) is { } output && output.AddAppend(_options.Self, append, records);

    /// <summary>
    /// Sends forwarded proposals, behind what the turn has gathered for the same peer, at once. False means that they
    /// were never sent, and are certainly not done.
    /// </summary>
    public bool SendForward(Message.ForwardedProposals forward, IReadOnlyList<ReadOnlyMemory<byte>> payloads) =>
        OutputOf(forward.To) is { } output && output.SendForward(forward, payloads);

    /// <summary>Ends a turn: what it gathered leaves in one send per peer, in the order of member ids.</summary>
    public void FlushTurn()
    {
        foreach (var link in Volatile.Read(ref _links))
        {
            link.Output.Flush();
        }
    }

    /// <summary>Sends a message at once.</summary>
    public bool SendNow(Message message) => OutputOf(message.To) is { } output && output.SendNow(message);

    /// <summary>Sends an append at once.</summary>
    public bool SendAppendNow(in AppendToSend append, IReadOnlyList<ReadOnlyMemory<byte>> records) =>
        OutputOf(append.To) is { } output && output.SendAppendNow(_options.Self, append, records);

    /// <summary>Sends a piece of a snapshot at once.</summary>
    public bool SendSnapshotChunk(NodeId to, in SnapshotChunk chunk) =>
        OutputOf(to) is { } output && output.SendChunk(_options.Self, to, chunk);

    /// <summary>Says at once how far a snapshot has arrived.</summary>
    public bool SendSnapshotAck(NodeId to, in SnapshotAck ack) =>
        OutputOf(to) is { } output && output.SendAck(_options.Self, to, ack);

    /// <summary>
    /// Passes a change on to the leader, behind what the turn has gathered for it, at once. False means that it was
    /// never sent.
    /// </summary>
    public bool SendChange(NodeId to, ChangeRequest request) =>
        OutputOf(to) is { } output && output.SendChange(_options.Self, to, request);

    /// <summary>Answers a change that a member passed on.</summary>
    public bool SendChangeAnswer(NodeId to, ChangeAnswer answer) =>
        OutputOf(to) is { } output && output.SendChangeAnswer(_options.Self, to, answer);

    private PeerOutput? OutputOf(NodeId to)
    {
        var output = Find(to)?.Output;
        if (output is null)
        {
            Metrics.OutboundDropped(1);
        }

        return output;
    }
}
