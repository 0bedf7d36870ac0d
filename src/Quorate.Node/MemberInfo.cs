using Quorate.Raft;

namespace Quorate.Node;

/// <summary>One member of the cluster as its configuration names it.</summary>
/// <param name="Id">Its member id.</param>
/// <param name="Name">Its name, unique in the cluster; at most 256 bytes of UTF-8.</param>
/// <param name="PeerUrls">Where its Raft listener is reached; resolved at each dial.</param>
public sealed record MemberInfo(NodeId Id, string Name, IReadOnlyList<string> PeerUrls)
{
    /// <summary>As in <c>"n1" (n8e9e05c5 at http://127.0.0.1:2380)</c>.</summary>
    public override string ToString() => $"\"{Name}\" ({Id} at {string.Join(',', PeerUrls)})";
}
