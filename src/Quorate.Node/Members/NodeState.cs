namespace Quorate.Node;

/// <summary>What a node is to a cluster. The numbers are part of the format; see docs/format/peer.md.</summary>
public enum NodeState : byte
{
    /// <summary>Belongs to a running cluster of which it is not the only member.</summary>
    Member = 0,

    /// <summary>Belongs to no cluster: waits until a member of one reaches it, and campaigns never.</summary>
    Unconfigured = 1,

    /// <summary>
    /// A cluster of one that holds nothing but its own start-up entries: another cluster may take it.
    /// </summary>
    Alone = 2,

    /// <summary>A cluster of one that holds data, or is changing: no other cluster may take it.</summary>
    AloneWithData = 3,

    /// <summary>Was removed from its cluster: quiet until it is reset.</summary>
    Removed = 4,

    /// <summary>
    /// A cluster of one that has not applied its log yet, or waits for the end of it before another cluster takes it:
    /// nobody can say whether it holds data.
    /// </summary>
    Starting = 5,
}
