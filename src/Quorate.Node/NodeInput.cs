using Quorate.Raft;

namespace Quorate.Node;

/// <summary>
/// One of the rare things that can happen to a node. Acknowledgements, ticks, frames, proposals and reads have
/// lanes of their own in <see cref="Inbox"/>; everything else the loop reacts to is here.
/// </summary>
internal abstract record NodeInput
{
    private NodeInput()
    {
    }

    /// <summary>A snapshot of our own state is durable.</summary>
    public sealed record SnapshotTaken(SnapshotMetadata Metadata) : NodeInput;

    /// <summary>A snapshot from a leader has arrived whole and is durable.</summary>
    public sealed record SnapshotReceived(SnapshotMetadata Metadata) : NodeInput;

    /// <summary>A transfer to a peer has ended.</summary>
    public sealed record SnapshotSent(NodeId To, EntryId Last, bool Succeeded) : NodeInput;

    /// <summary>A range for a peer is no longer in our log.</summary>
    public sealed record RangeGone(NodeId To) : NodeInput;

    /// <summary>The start of a range that was no longer in memory, read from the log.</summary>
    public sealed record RangeRead(AppendToSend Append, IReadOnlyList<ReadOnlyMemory<byte>> Records) : NodeInput;

    /// <summary>A link to a peer stands, both identities checked.</summary>
    public sealed record LinkUp(NodeId Peer, string Name) : NodeInput;

    /// <summary>The link broke. Refused: a redial was turned away, so the host lives and the process is gone.</summary>
    public sealed record LinkDown(NodeId Peer, bool Refused) : NodeInput;

    /// <summary>A peer's directory id is durably noted (first start of a list).</summary>
    public sealed record PeerNoted(NodeId Peer) : NodeInput;

    /// <summary>A change of the members is asked for here.</summary>
    public sealed record ChangeAsked(MemberChange Change, bool Force, long DeadlineTick, IChangeWaiter Waiter)
        : NodeInput;

    /// <summary>A member passes on a change that it was asked for.</summary>
    public sealed record ChangeRequested(NodeId From, ChangeRequest Request) : NodeInput;

    /// <summary>The leader answers a change that we passed on.</summary>
    public sealed record ChangeAnswered(ChangeAnswer Answer) : NodeInput;

    /// <summary>What a probe found.</summary>
    public sealed record Probed(ulong Token, ProbeResult Result) : NodeInput;

    /// <summary>Another cluster's committed configuration names this node.</summary>
    public sealed record Invited(Invitation Invitation) : NodeInput;

    /// <summary>The host wants to give the node another identity; told whether it holds nothing.</summary>
    public sealed record LeaveAsked(Action<bool> Told) : NodeInput;

    /// <summary>A member says that this one was removed.</summary>
    public sealed record ToldRemoved : NodeInput;

    /// <summary>Leadership is to be handed over; told null when that was done.</summary>
    public sealed record TransferAsked(NodeId Target, Action<TransferRefusal?> Told) : NodeInput;

    /// <summary>An election is to be begun; told null when that was done.</summary>
    public sealed record ElectionAsked(Action<TransferRefusal?> Told) : NodeInput;

    /// <summary>Something this node cannot go on after; the next turn throws it.</summary>
    public sealed record Fatal(Exception Cause) : NodeInput;
}

/// <summary>A proposal on its way to the node loop.</summary>
/// <param name="Command">The encoded command; stays as it is until the waiter is told.</param>
/// <param name="DeadlineTick">The tick at which the waiter is told "unknown" at the latest.</param>
/// <param name="Waiter">Who is told.</param>
internal readonly record struct ProposalRequest(
    ReadOnlyMemory<byte> Command, long DeadlineTick, IProposalWaiter Waiter);

/// <summary>A read's question for a confirmed index, on its way to the node loop.</summary>
internal readonly record struct ReadRequest(long DeadlineTick, IReadWaiter Waiter);

/// <summary>A message body from a peer, copied out of the socket's buffer; the bytes are rented.</summary>
internal readonly record struct ArrivedFrame(NodeId From, byte[] Rented, int Length);
