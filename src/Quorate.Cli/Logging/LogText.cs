using Microsoft.Extensions.Logging;

namespace Quorate.Cli.Logging;

/// <summary>What both formats share.</summary>
internal static class LogText
{
    public const string TimeFormat = "yyyy-MM-dd'T'HH:mm:ss.fff'Z'";

    /// <summary>Five letters at most, so that messages stand in one column.</summary>
    public static string LevelName(LogLevel level) => level switch
    {
        LogLevel.Trace => "trace",
        LogLevel.Debug => "debug",
        LogLevel.Information => "info",
        LogLevel.Warning => "warn",
        LogLevel.Error => "error",
        _ => "fatal",
    };

    /// <summary>
    /// The text without control characters: what a client or a peer sent can neither fake a line nor drive the
    /// terminal of the reader.
    /// </summary>
    public static string OneLine(string text) => text.Any(char.IsControl)
        ? string.Concat(text.Select(c => char.IsControl(c) ? ' ' : c))
        : text;
}
