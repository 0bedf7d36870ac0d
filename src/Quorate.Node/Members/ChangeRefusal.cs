namespace Quorate.Node;

/// <summary>
/// Why a change of the members was not done. Each means: not done, and never will be. Part of the wire.
/// </summary>
public enum ChangeRefusal : byte
{
    /// <summary>No leader is known here, or the one asked does not lead any more.</summary>
    NoLeader = 1,

    /// <summary>This node belongs to no cluster.</summary>
    Unconfigured = 2,

    /// <summary>This node was removed from its cluster.</summary>
    Removed = 3,

    /// <summary>The node is stopping.</summary>
    ShuttingDown = 4,

    /// <summary>Another change was not finished in time; try again.</summary>
    ChangeUnderWay = 5,

    /// <summary>The leader has not committed an entry of its term in time, or hands over; try again.</summary>
    NotReady = 6,

    /// <summary>Too much is waiting for disk, quorum or apply; try again.</summary>
    Overloaded = 7,

    /// <summary>No member of that id.</summary>
    NoSuchMember = 8,

    /// <summary>It is the last voter.</summary>
    LastVoter = 9,

    /// <summary>Too few of the voters that would remain are connected.</summary>
    WouldLoseQuorum = 10,

    /// <summary>It is a voter already.</summary>
    NotALearner = 11,

    /// <summary>It has not caught up in time; try again.</summary>
    NotCaughtUp = 12,

    /// <summary>A name or a URL that cannot be.</summary>
    Invalid = 13,

    /// <summary>Another member has that name.</summary>
    NameTaken = 14,

    /// <summary>Another member has that URL.</summary>
    UrlTaken = 15,

    /// <summary>Nobody answered at that address.</summary>
    Unreachable = 16,

    /// <summary>The node there holds data of its own.</summary>
    HasData = 17,

    /// <summary>The node there belongs to another cluster, or is another member than was meant.</summary>
    OtherCluster = 18,

    /// <summary>The node there speaks no protocol version of ours.</summary>
    OtherProtocol = 19,

    /// <summary>The member there has lost its data directory; it must come back as a new one.</summary>
    OtherDirectory = 20,

    /// <summary>The node there is busy joining, or taking somebody in; try again.</summary>
    Busy = 21,

    /// <summary>Too many members, or too many learners.</summary>
    TooMany = 22,
}
