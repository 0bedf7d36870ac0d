using Microsoft.Extensions.Logging;
using Quorate.Storage;

namespace Quorate.Server;

/// <summary>Every log message of the client side, in one place. Event ids 2000 to 2099, never reused.</summary>
internal static partial class ServerLog
{
    [LoggerMessage(2000, LogLevel.Information, "Serving clients at {Urls}.")]
    public static partial void ServingClients(this ILogger logger, string urls);

    [LoggerMessage(2001, LogLevel.Warning,
        "Admin requests are taken from everywhere (--insecure-admin): anyone may reshape or end the cluster.")]
    public static partial void AdminIsOpen(this ILogger logger);

    [LoggerMessage(2002, LogLevel.Error, "{Method} {Path} failed in the server; its outcome is unknown.")]
    public static partial void RequestFailed(this ILogger logger, Exception exception, string method, string path);

    [LoggerMessage(2003, LogLevel.Information, "Stopping: no new requests are taken.")]
    public static partial void Stopping(this ILogger logger);

    [LoggerMessage(2004, LogLevel.Warning, "Requests still under way after {DrainMs} ms were given up.")]
    public static partial void DrainCutShort(this ILogger logger, long drainMs);

    [LoggerMessage(2005, LogLevel.Information, "Stopped.")]
    public static partial void Stopped(this ILogger logger);

    [LoggerMessage(2007, LogLevel.Information, "This node goes on as {Identity}.")]
    public static partial void GoesOnAs(this ILogger logger, DirectoryIdentity identity);

    [LoggerMessage(2008, LogLevel.Warning, "{Method} of a key refused: not a leader.")]
    public static partial void NotALeader(this ILogger logger, string method);

    [LoggerMessage(2009, LogLevel.Information, "Taken into the cluster as \"{Name}\".")]
    public static partial void Joined(this ILogger logger, string name);

    [LoggerMessage(2010, LogLevel.Warning, "Not taken into the cluster by {Target} yet: {Words}. It is asked again.")]
    public static partial void CannotJoin(this ILogger logger, string target, string words);

    [LoggerMessage(2006, LogLevel.Critical, "The node must stop.")]
    public static partial void MustStop(this ILogger logger, Exception exception);
}
