using Microsoft.Extensions.Logging;

namespace Quorate.Server;

/// <summary>What the TCP transport logs: ids 1280 to 1299, never reused.</summary>
internal static partial class TcpPeerLog
{
    [LoggerMessage(1280, LogLevel.Information, "Listening for peers at {EndPoint}.")]
    public static partial void Listening(this ILogger logger, string endPoint);

    [LoggerMessage(1281, LogLevel.Warning, "Closed a connection of {Remote} at once: {Max} are open already.")]
    public static partial void TooManyConnections(this ILogger logger, string remote, int max);

    [LoggerMessage(1282, LogLevel.Warning, "The system gave no connection: {Why}. Trying on.")]
    public static partial void AcceptFailed(this ILogger logger, string why);
}
