using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;

namespace Quorate.Simulator;

/// <summary>How a seed is run.</summary>
internal sealed class RunOptions
{
    public Workload Workload { get; init; } = Workload.Swarm;

    /// <summary>Hears what happens, line by line; null for nobody.</summary>
    public Action<string>? Trace { get; init; }

    public ILoggerFactory Loggers { get; init; } = NullLoggerFactory.Instance;
}
