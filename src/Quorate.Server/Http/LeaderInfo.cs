using Quorate.Node;
using Quorate.Raft;

namespace Quorate.Server.Http;

/// <summary>The leader as this member knows it from the membership, never from what users stored.</summary>
/// <param name="Name">Its name.</param>
/// <param name="PeerAddress">Host and port of its Raft listener; empty when not known.</param>
/// <param name="ClientUrls">Where its clients reach it; may be empty.</param>
internal sealed record LeaderInfo(string Name, string PeerAddress, IReadOnlyList<string> ClientUrls)
{
    /// <summary>The leader, or null while none is known.</summary>
    public static LeaderInfo? Of(MemberStatus status) => status.Raft.Leader == NodeId.None
        ? null
        : new LeaderInfo(
            NameOf(status, status.Raft.Leader),
            PeerAddressOf(status, status.Raft.Leader),
            status.ClientUrlsOf(status.Raft.Leader));

    /// <summary>The client URL for a caller that came by this scheme; null when none was published.</summary>
    public string? ClientUrl(string scheme) =>
        ClientUrls.FirstOrDefault(url => url.StartsWith(scheme + "://", StringComparison.OrdinalIgnoreCase))
        ?? ClientUrls.FirstOrDefault();

    /// <summary>A member's name; its id while the configuration does not name it.</summary>
    public static string NameOf(MemberStatus status, NodeId id) => status.Find(id)?.Name ?? $"{id.Value:x16}";

    /// <summary>Host and port of a member's Raft listener; empty when not known.</summary>
    public static string PeerAddressOf(MemberStatus status, NodeId id) =>
        status.Find(id)?.PeerUrls is [var url, ..] ? WithoutScheme(url) : "";

    private static string WithoutScheme(string url)
    {
        var scheme = url.IndexOf("://", StringComparison.Ordinal);
        return (scheme < 0 ? url : url[(scheme + 3)..]).TrimEnd('/');
    }
}
