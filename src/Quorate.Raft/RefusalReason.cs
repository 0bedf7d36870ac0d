namespace Quorate.Raft;

/// <summary>
/// Why a proposal or a read was not taken. Each means: not done, and never will be. Part of the wire.
/// </summary>
public enum RefusalReason : byte
{
    /// <summary>This member knows no leader.</summary>
    NoLeader = 1,

    /// <summary>Asked a member that does not lead.</summary>
    NotLeader = 2,

    /// <summary>The leader has not committed an entry of its term yet (thesis 6.4).</summary>
    NotReady = 3,

    /// <summary>Too much is waiting for disk, quorum or apply.</summary>
    Overloaded = 4,

    /// <summary>Leadership is being handed over.</summary>
    Transferring = 5,

    /// <summary>The disk has no room for more log.</summary>
    NoSpace = 6,

    /// <summary>This node belongs to no cluster yet.</summary>
    Unconfigured = 7,

    /// <summary>The node is stopping.</summary>
    ShuttingDown = 8,

    /// <summary>This node was removed from its cluster. Said by the shell, which knows the ids that were.</summary>
    Removed = 9,

    /// <summary>This node is being taken into another cluster.</summary>
    Joining = 10,
}
