using Microsoft.Extensions.Logging;

namespace Quorate.Cli.Serving;

/// <summary>Every log message of the start line, in one place. Event ids 3000 to 3099, never reused.</summary>
internal static partial class ServeLog
{
    [LoggerMessage(3000, LogLevel.Warning, "{Note}")]
    public static partial void StartLineNote(this ILogger logger, string note);

    [LoggerMessage(3001, LogLevel.Warning, "The client port of the last start is another one now: {Why}.")]
    public static partial void ClientPortMoved(this ILogger logger, string why);

    [LoggerMessage(3002, LogLevel.Information,
        "Clients are served on loopback at port {Port}, now and at later starts; --listen-client-urls says otherwise.")]
    public static partial void ClientPortKept(this ILogger logger, int port);
}
