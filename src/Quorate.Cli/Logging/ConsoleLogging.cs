using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Quorate.Cli.Settings;

namespace Quorate.Cli.Logging;

/// <summary>Sends the log to standard error, so that standard output stays free.</summary>
internal static class ConsoleLogging
{
    public static void AddQuorateConsole(
        this ILoggingBuilder builder, LogLevel level, LogFormat format, bool withStacks)
    {
        builder.ClearProviders();
        builder.SetMinimumLevel(level);

        // What the framework says at "info" about itself is not about the cluster.
        builder.AddFilter("Microsoft", level < LogLevel.Information ? level : LogLevel.Warning);
        builder.AddFilter("System", level < LogLevel.Information ? level : LogLevel.Warning);
        builder.Services.AddSingleton(TimeProvider.System);
        builder.AddConsole(console =>
        {
            console.LogToStandardErrorThreshold = LogLevel.Trace;
            console.FormatterName = format == LogFormat.Json
                ? JsonLineFormatter.FormatterName
                : LineFormatter.FormatterName;
        });
        builder.AddConsoleFormatter<LineFormatter, LineFormatterOptions>(Configure);
        builder.AddConsoleFormatter<JsonLineFormatter, LineFormatterOptions>(Configure);

        void Configure(LineFormatterOptions options) => options.WithStacks = withStacks;
    }
}
