using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Logging.Console;
using Microsoft.Extensions.Options;
using Quorate.Cli.Logging;

namespace Quorate.Cli.Tests;

public sealed class LogFormatTests
{
    [Fact]
    public void A_line_has_time_level_and_message()
    {
        Assert.Equal("2026-01-31T12:00:00.123Z info  became leader in term 3\n", Line("became leader in term 3"));
    }

    [Fact]
    public void An_exception_is_its_sentence_unless_stacks_are_asked_for()
    {
        var failed = new InvalidOperationException("the disk is gone");

        Assert.Equal("2026-01-31T12:00:00.123Z info  stopped: the disk is gone\n", Line("stopped", failed));
        Assert.Contains("System.InvalidOperationException", Line("stopped", failed, withStacks: true));
    }

    [Fact]
    public void What_a_client_sent_cannot_fake_a_line()
    {
        Assert.Equal("2026-01-31T12:00:00.123Z info  key a fatal [31m\n", Line("key a\nfatal\u001b[31m"));
    }

    [Fact]
    public void Json_carries_the_values_by_name()
    {
        KeyValuePair<string, object?>[] values = [new("Term", 3), new("{OriginalFormat}", "leads in term {Term}")];
        var formatter = new JsonLineFormatter(Options(withStacks: false), new FixedTime());

        var line = Write(formatter, values, "leads in term 3");

        Assert.Equal(
            """{"ts":"2026-01-31T12:00:00.123Z","level":"info","logger":"Quorate.Node","msg":"leads in term 3","""
                + "\"term\":\"3\"}\n",
            line);
    }

    private static string Line(string message, Exception? exception = null, bool withStacks = false) =>
        Write(new LineFormatter(Options(withStacks), new FixedTime()), message, message, exception);

    private static string Write<T>(ConsoleFormatter formatter, T state, string message, Exception? exception = null)
    {
        var output = new StringWriter();
        var entry = new LogEntry<T>(LogLevel.Information, "Quorate.Node", default, state, exception, (_, _) => message);
        formatter.Write(in entry, scopeProvider: null, output);
        return output.ToString();
    }

    private static IOptions<LineFormatterOptions> Options(bool withStacks) =>
        Microsoft.Extensions.Options.Options.Create(new LineFormatterOptions { WithStacks = withStacks });

    private sealed class FixedTime : TimeProvider
    {
        public override DateTimeOffset GetUtcNow() => new(2026, 1, 31, 12, 0, 0, 123, TimeSpan.Zero);
    }
}
