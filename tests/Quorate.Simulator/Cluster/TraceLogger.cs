using Microsoft.Extensions.Logging;

namespace Quorate.Simulator;

/// <summary>The log of a node's member as lines of the trace.</summary>
internal sealed class TraceLogger(Action<string> trace) : ILogger, ILoggerFactory
{
    public ILogger CreateLogger(string categoryName) => this;

    public void AddProvider(ILoggerProvider provider) =>
        throw new NotSupportedException("a trace is written in one place");

    public IDisposable? BeginScope<TState>(TState state)
        where TState : notnull => null;

    public bool IsEnabled(LogLevel logLevel) => true;

    public void Log<TState>(
        LogLevel logLevel, EventId eventId, TState state, Exception? exception,
        Func<TState, Exception?, string> formatter)
    {
        ArgumentNullException.ThrowIfNull(formatter);
        trace($"log: {formatter(state, exception)}");
    }

    public void Dispose()
    {
    }
}
