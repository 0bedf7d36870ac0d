using Quorate.Raft;

namespace Quorate.Storage;

/// <summary>Whose data directory it is.</summary>
/// <param name="Cluster">The cluster; 0 while the node belongs to none.</param>
/// <param name="Member">The member; provisional, and in no configuration, while the node belongs to no cluster.</param>
/// <param name="Directory">Random, never reused: another one is another memory.</param>
/// <param name="Name">The member's name.</param>
public sealed record DirectoryIdentity(UInt128 Cluster, NodeId Member, UInt128 Directory, string Name)
{
    /// <summary>The name that the directory was made with, when a cluster gave it another one; else empty.</summary>
    public string Alias { get; init; } = "";

    /// <summary>The token that went into the ids, when a start list gave them; else empty.</summary>
    public string Token { get; init; } = "";

    /// <summary>Whether the node belongs to no cluster.</summary>
    public bool IsUnconfigured => Cluster == UInt128.Zero;

    /// <summary>What seeds the checksums of its files.</summary>
    public LogIdentity Log => new(Cluster, Member, Directory);

    /// <summary>Whether a node that is started under this name is the one.</summary>
    public bool IsNamed(string name) => name == Name || (Alias.Length > 0 && name == Alias);

    /// <summary>The identity that a cluster gives this directory; what it was made with stays its alias.</summary>
    public DirectoryIdentity TakenOver(UInt128 cluster, NodeId member, string name)
    {
        var madeWith = Alias.Length > 0 ? Alias : Name;
        return new DirectoryIdentity(cluster, member, Directory, name) { Alias = madeWith == name ? "" : madeWith };
    }

    /// <summary>A new directory of the same names that belongs to no cluster.</summary>
    public DirectoryIdentity Reset(IRandomSource random) =>
        new(UInt128.Zero, NewMemberId(random), NewDirectoryId(random), Name) { Alias = Alias };

    /// <summary>Draws the id of a directory.</summary>
    public static UInt128 NewDirectoryId(IRandomSource random)
    {
        ArgumentNullException.ThrowIfNull(random);
        return new UInt128(random.Next(), random.Next());
    }

    /// <summary>Draws the id of a cluster; never 0, and neither is its low half, which etcd's headers show.</summary>
    public static UInt128 NewClusterId(IRandomSource random)
    {
        ArgumentNullException.ThrowIfNull(random);
        return new UInt128(random.Next(), random.Next() | 1);
    }

    /// <summary>Draws the id of a member; never 0.</summary>
    public static NodeId NewMemberId(IRandomSource random)
    {
        ArgumentNullException.ThrowIfNull(random);
        return new NodeId(random.Next() | 1);
    }

    /// <summary>As in <c>"n1" (n4f) of cluster 2a</c>.</summary>
    public override string ToString() =>
        IsUnconfigured ? $"\"{Name}\" of no cluster" : $"\"{Name}\" ({Member}) of cluster {Cluster:x32}";
}

/// <summary>The data directory that another member showed when it was first met.</summary>
public readonly record struct PeerNote(NodeId Member, UInt128 Directory);
