using Quorate.Raft;

namespace Quorate.Storage;

/// <summary>Whose data directory it is.</summary>
/// <param name="Cluster">The cluster.</param>
/// <param name="Member">The member.</param>
/// <param name="Directory">Random, drawn when the directory was made; never reused.</param>
/// <param name="Name">The member's name when the directory was made.</param>
public sealed record DirectoryIdentity(UInt128 Cluster, NodeId Member, UInt128 Directory, string Name)
{
    /// <summary>What seeds the checksums of its files.</summary>
    public LogIdentity Log => new(Cluster, Member, Directory);

    /// <summary>As in <c>"n1" (n4f) of cluster 2a</c>.</summary>
    public override string ToString() => $"\"{Name}\" ({Member}) of cluster {Cluster:x32}";
}

/// <summary>The data directory that another member showed when it was first met.</summary>
public readonly record struct PeerNote(NodeId Member, UInt128 Directory);
