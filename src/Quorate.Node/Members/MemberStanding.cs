using Quorate.Mvcc;
using Quorate.Raft;

namespace Quorate.Node;

/// <summary>
/// What the node loop has last published about the members and this node's place among them. Any thread.
/// </summary>
internal sealed class MemberStanding(Roster roster, NodeState state, PeerNotes notes, Func<StateMachine> machine)
{
    private static readonly Revision FirstRevision = new(1);
    private volatile Roster _roster = roster;
    private volatile NodeState _state = state;

    /// <summary>The members of the configuration in force.</summary>
    public Roster Roster
    {
        get => _roster;
        set => _roster = value;
    }

    /// <summary>
    /// What this node is to a cluster. It may be published a turn late; that data is held is said at once, so that
    /// nobody who was answered sees a node that claims to be empty.
    /// </summary>
    public NodeState State
    {
        get => _state == NodeState.Alone && HoldsData ? NodeState.AloneWithData : _state;
        set => _state = value;
    }

    /// <summary>Whether a write of a user, or a compaction, has been applied.</summary>
    public bool HoldsData => machine() is var store
        && (store.CurrentRevision != FirstRevision || store.CompactRevision != Revision.None);

    /// <summary>
    /// The data directory that a member is known with: by the configuration, else as it was first met.
    /// </summary>
    public UInt128? DirectoryOf(NodeId id) =>
        _roster.Find(id) is { } member && member.Directory != UInt128.Zero ? member.Directory : notes.Find(id);
}
