using Microsoft.Extensions.Logging;
using Quorate.Raft;

namespace Quorate.Node;

/// <summary>Every log message about peers, in one place: ids 1200 to 1299, never reused.</summary>
internal static partial class PeerLog
{
    [LoggerMessage(1200, LogLevel.Information, "Link with \"{Peer}\" is up.")]
    public static partial void LinkUp(this ILogger logger, string peer);

    [LoggerMessage(EventId = 1201, Message = "Link with \"{Peer}\" is down: {Why}.")]
    public static partial void LinkDown(this ILogger logger, LogLevel level, string peer, string why);

    [LoggerMessage(1202, LogLevel.Warning, "Cannot reach \"{Peer}\" at {Url}: {Why}. Trying on.")]
    public static partial void Unreachable(this ILogger logger, string peer, string url, string why);

    public static void Refused(this ILogger logger, string remote, RefusedBecause because, string words) =>
        logger.Refused(LevelOf(because), remote, because, words);

    public static void RefusedByPeer(this ILogger logger, string remote, RefusedBecause because, string words) =>
        logger.RefusedByPeer(LevelOf(because), remote, because, words);

    [LoggerMessage(1205, LogLevel.Warning, "Closed the connection with {Remote}: it sent {What}.")]
    public static partial void Garbage(this ILogger logger, string remote, string what);

    [LoggerMessage(
        1206, LogLevel.Warning,
        "{Peer} beats every {Theirs} ms and elects after {TheirElection} ms; here it is {Ours} and {OurElection}.")]
    public static partial void TimingDiffers(
        this ILogger logger, PeerHello peer, uint theirs, uint theirElection, uint ours, uint ourElection);

    [LoggerMessage(1207, LogLevel.Information, "Did not log {Count} more connections closed for what they sent.")]
    public static partial void GarbageNotLogged(this ILogger logger, long count);

    [LoggerMessage(
        1208, LogLevel.Information,
        "\"{Peer}\" at {Url} starts anew as a member, and is away for it: {Why}. Trying on.")]
    public static partial void StartsAnew(this ILogger logger, string peer, string url, string why);

    [LoggerMessage(EventId = 1203, Message = "Refused the peer at {Remote}, {Because}: {Words}.")]
    private static partial void Refused(
        this ILogger logger, LogLevel level, string remote, RefusedBecause because, string words);

    [LoggerMessage(EventId = 1204, Message = "The peer at {Remote} refused us, {Because}: {Words}.")]
    private static partial void RefusedByPeer(
        this ILogger logger, LogLevel level, string remote, RefusedBecause because, string words);

    // Every member that is added belongs to no cluster until the others have committed that it belongs to theirs.
    private static LogLevel LevelOf(RefusedBecause because) =>
        because == RefusedBecause.Unconfigured ? LogLevel.Information : LogLevel.Warning;
}
