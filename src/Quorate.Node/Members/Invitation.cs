using Quorate.Raft;

namespace Quorate.Node;

/// <summary>A committed configuration of another cluster names this node's directory: it is to be taken in.</summary>
/// <param name="Cluster">The cluster.</param>
/// <param name="Member">The member id that it gives.</param>
/// <param name="Name">The name that it gives; empty for the one the node has.</param>
public sealed record Invitation(UInt128 Cluster, NodeId Member, string Name)
{
    /// <summary>As in <c>member n4f "n2" of cluster 2a</c>.</summary>
    public override string ToString() => $"member {Member} \"{Name}\" of cluster {Cluster:x32}";
}
