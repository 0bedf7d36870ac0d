using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Logging.Console;
using Microsoft.Extensions.Options;

namespace Quorate.Cli.Logging;

/// <summary>One line an entry, for people: <c>2026-01-31T12:00:00.123Z info  became leader in term 3</c></summary>
internal sealed class LineFormatter(IOptions<LineFormatterOptions> options, TimeProvider time)
    : ConsoleFormatter(FormatterName)
{
    public const string FormatterName = "quorate-line";

    public override void Write<TState>(
        in LogEntry<TState> logEntry, IExternalScopeProvider? scopeProvider, TextWriter textWriter)
    {
        var message = logEntry.Formatter(logEntry.State, logEntry.Exception);
        var cause = logEntry.Exception is { } exception && !message.Contains(exception.Message)
            ? $": {exception.Message}"
            : "";
        var now = time.GetUtcNow().ToString(LogText.TimeFormat);
        textWriter.WriteLine($"{now} {LogText.LevelName(logEntry.LogLevel),-5} {LogText.OneLine(message + cause)}");
        if (logEntry.Exception is not null && options.Value.WithStacks)
        {
            textWriter.WriteLine(logEntry.Exception);
        }
    }
}
