using System.Net;
using System.Net.Sockets;

namespace Quorate.Cli;

/// <summary>
/// All that a command may touch of the process around it, so that tests run whole commands without one.
/// </summary>
internal sealed class Surroundings
{
    public required TextWriter Out { get; init; }

    public required TextWriter Error { get; init; }

    /// <summary>Standard output for bytes: values need not be text.</summary>
    public required Stream RawOut { get; init; }

    public required Stream RawIn { get; init; }

    /// <summary>True when a person reads the output; then it may hold tables and colours.</summary>
    public required bool OutputIsTerminal { get; init; }

    /// <summary>True when a person sits at both ends.</summary>
    public required bool IsInteractive { get; init; }

    public required Func<string, string?> Environment { get; init; }

    /// <summary>The name of this machine; null when it cannot be looked up.</summary>
    public Func<string?> HostName { get; init; } = LookUpHostName;

    /// <summary>The clock for pauses and for what is shown of time.</summary>
    public TimeProvider Time { get; init; } = TimeProvider.System;

    public static Surroundings OfThisProcess() => new()
    {
        Out = Console.Out,
        Error = Console.Error,
        RawOut = Console.OpenStandardOutput(),
        RawIn = Console.OpenStandardInput(),
        OutputIsTerminal = !Console.IsOutputRedirected,
        IsInteractive = !Console.IsOutputRedirected && !Console.IsInputRedirected && IsCapable(),
        Environment = System.Environment.GetEnvironmentVariable,
    };

    private static string? LookUpHostName()
    {
        try
        {
            var name = Dns.GetHostName();
            return Dns.GetHostAddresses(name).Length > 0 ? name : null;
        }
        catch (SocketException)
        {
            return null;
        }
    }

    private static bool IsCapable() => System.Environment.GetEnvironmentVariable("TERM") is not "dumb";
}
