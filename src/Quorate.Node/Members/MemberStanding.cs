using Quorate.Raft;

namespace Quorate.Node;

/// <summary>
/// What the node loop has last published about the members and this node's place among them. Any thread.
/// </summary>
internal sealed class MemberStanding(Roster roster, NodeState state, PeerNotes notes)
{
    private volatile Roster _roster = roster;
    private volatile NodeState _state = state;

    /// <summary>The members of the configuration in force.</summary>
    public Roster Roster
    {
        get => _roster;
        set => _roster = value;
    }

    /// <summary>What this node is to a cluster.</summary>
    public NodeState State
    {
        get => _state;
        set => _state = value;
    }

    /// <summary>
    /// The data directory that a member is known with: by the configuration, else as it was first met.
    /// </summary>
    public UInt128? DirectoryOf(NodeId id) =>
        _roster.Find(id) is { } member && member.Directory != UInt128.Zero ? member.Directory : notes.Find(id);
}
