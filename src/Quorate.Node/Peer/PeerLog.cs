using Microsoft.Extensions.Logging;
using Quorate.Raft;

namespace Quorate.Node;

/// <summary>Every log message about peers, in one place: ids 1200 to 1299, never reused.</summary>
internal static partial class PeerLog
{
    [LoggerMessage(1200, LogLevel.Information, "Link with \"{Peer}\" is up.")]
    public static partial void LinkUp(this ILogger logger, string peer);

    [LoggerMessage(1201, LogLevel.Warning, "Link with \"{Peer}\" is down: {Why}.")]
    public static partial void LinkDown(this ILogger logger, string peer, string why);

    [LoggerMessage(1202, LogLevel.Warning, "Cannot reach \"{Peer}\" at {Url}: {Why}. Trying on.")]
    public static partial void Unreachable(this ILogger logger, string peer, string url, string why);

    [LoggerMessage(1203, LogLevel.Warning, "Refused the peer at {Remote}, {Because}: {Words}.")]
    public static partial void Refused(this ILogger logger, string remote, RefusedBecause because, string words);

    [LoggerMessage(1204, LogLevel.Warning, "The peer at {Remote} refused us, {Because}: {Words}.")]
    public static partial void RefusedByPeer(this ILogger logger, string remote, RefusedBecause because, string words);

    [LoggerMessage(1205, LogLevel.Warning, "Closed the connection with {Remote}: it sent {What}.")]
    public static partial void Garbage(this ILogger logger, string remote, string what);

    [LoggerMessage(
        1206, LogLevel.Warning,
        "{Peer} beats every {Theirs} ms and elects after {TheirElection} ms; here it is {Ours} and {OurElection}.")]
    public static partial void TimingDiffers(
        this ILogger logger, PeerHello peer, uint theirs, uint theirElection, uint ours, uint ourElection);

    [LoggerMessage(1207, LogLevel.Information, "Did not log {Count} more connections closed for what they sent.")]
    public static partial void GarbageNotLogged(this ILogger logger, long count);
}
