using Quorate.Mvcc;
using Quorate.Raft;
using Quorate.Storage;

namespace Quorate.Node;

/// <summary>An immutable picture of a member, for status pages and commands.</summary>
public sealed record MemberStatus
{
    /// <summary>The core.</summary>
    public required RaftStatus Raft { get; init; }

    /// <summary>This member's name.</summary>
    public required string Name { get; init; }

    /// <summary>Its cluster.</summary>
    public required UInt128 ClusterId { get; init; }

    /// <summary>Its data directory.</summary>
    public required UInt128 DirectoryId { get; init; }

    /// <summary>What this node is to a cluster.</summary>
    public required NodeState NodeState { get; init; }

    /// <summary>The members of the configuration in force, announced ones among them, by id.</summary>
    public required IReadOnlyList<MemberInfo> Members { get; init; }

    /// <summary>What members have published about themselves.</summary>
    public required MemberTable Published { get; init; }

    /// <summary>The store's revision.</summary>
    public required Revision Revision { get; init; }

    /// <summary>The rolling hash of the state, and the entry at which it was taken.</summary>
    public required (ulong Hash, AppliedId At) State { get; init; }

    /// <summary>Frames synced since the start of the process.</summary>
    public required long Syncs { get; init; }

    /// <summary>Bytes of committed entries that wait to be applied.</summary>
    public required long UnappliedBytes { get; init; }

    /// <summary>Milliseconds since a leader was heard; 0 on the leader; null for never.</summary>
    public required long? MsSinceLeader { get; init; }

    /// <summary>At the first start of a list: the names of those not met yet.</summary>
    public required IReadOnlyList<string> WaitingFor { get; init; }

    /// <summary>Whether the disk has no room for more log.</summary>
    public required bool NoSpace { get; init; }

    /// <summary>Whether all is lost when the process ends.</summary>
    public bool InMemory { get; init; }

    /// <summary>The recovery from a lost quorum that made this cluster from this directory, or null.</summary>
    public RecoveryNote? Recovered { get; init; }

    /// <summary>The member that leads, as far as known.</summary>
    public MemberInfo? Leader => Find(Raft.Leader);

    /// <summary>One member of the configuration, or null.</summary>
    public MemberInfo? Find(NodeId id)
    {
        foreach (var member in Members)
        {
            if (member.Id == id)
            {
                return member;
            }
        }

        return null;
    }

    /// <summary>
    /// A member by its name, or null. Until an heir of the same name has taken its place, it is the old one's.
    /// </summary>
    public MemberInfo? FindName(string name)
    {
        MemberInfo? found = null;
        foreach (var member in Members)
        {
            if (name.Length > 0 && member.Name == name && (found is null || member.Replaces == NodeId.None))
            {
                found = member;
            }
        }

        return found;
    }

    /// <summary>Where clients reach a member; empty when it has not said.</summary>
    public IReadOnlyList<string> ClientUrlsOf(NodeId id) => Published.Find(id.Value)?.ClientUrls ?? [];
}
