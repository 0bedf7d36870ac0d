using Quorate.Raft;

namespace Quorate.Node;

/// <summary>One member of the cluster as its configuration names it.</summary>
/// <param name="Id">Its member id.</param>
/// <param name="Name">
/// Its name, unique in the cluster; at most 256 bytes of UTF-8. Empty for a member that was announced and has not run.
/// </param>
/// <param name="PeerUrls">Where its Raft listener is reached; resolved at each dial.</param>
public sealed record MemberInfo(NodeId Id, string Name, IReadOnlyList<string> PeerUrls)
{
    /// <summary>Its data directory: another one is another memory. 0 while it is not known.</summary>
    public UInt128 Directory { get; init; }

    /// <summary>Recorded before its process exists: in no quorum, and sent nothing.</summary>
    public bool IsAnnounced { get; init; }

    /// <summary>A learner that is not promoted by itself.</summary>
    public bool StaysLearner { get; init; }

    /// <summary>The member whose place it takes once it has caught up, or none.</summary>
    public NodeId Replaces { get; init; }

    /// <summary>Whether both say the same, URLs in the same order.</summary>
    public bool Equals(MemberInfo? other) =>
        other is not null && Id == other.Id && Name == other.Name && Directory == other.Directory
        && IsAnnounced == other.IsAnnounced && StaysLearner == other.StaysLearner && Replaces == other.Replaces
        && PeerUrls.SequenceEqual(other.PeerUrls, StringComparer.Ordinal);

    /// <inheritdoc/>
    public override int GetHashCode() => HashCode.Combine(Id, Directory);

    /// <summary>As in <c>"n1" (n8e9e05c5 at http://127.0.0.1:2380)</c>.</summary>
    public override string ToString() => $"\"{Name}\" ({Id} at {string.Join(',', PeerUrls)})";
}
