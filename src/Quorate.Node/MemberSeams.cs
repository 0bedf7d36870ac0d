using System.Diagnostics.Metrics;
using Microsoft.Extensions.Logging;
using Quorate.Mvcc;
using Quorate.Raft;
using Quorate.Storage;

namespace Quorate.Node;

/// <summary>Everything outside that a member stands on. The simulator gives its own.</summary>
public sealed class MemberSeams
{
    /// <summary>Files and directories.</summary>
    public required IFileSystem Files { get; init; }

    /// <summary>Makes the disk of the log for who hears of its writes. Disposed with the member.</summary>
    public required Func<ILogDiskListener, ILogDisk> LogDisk { get; init; }

    /// <summary>Connections to other members.</summary>
    public required IPeerTransport Transport { get; init; }

    /// <summary>Chance.</summary>
    public required IRandomSource Random { get; init; }

    /// <summary>Loggers.</summary>
    public required ILoggerFactory Loggers { get; init; }

    /// <summary>Where waiters are told.</summary>
    public ICompletionDispatcher Completions { get; init; } = new InlineCompletions();

    /// <summary>Meters; null counts for nobody.</summary>
    public IMeterFactory? Meters { get; init; }

    /// <summary>Memory settings of the state machine.</summary>
    public StateMachineOptions State { get; init; } = new();
}
