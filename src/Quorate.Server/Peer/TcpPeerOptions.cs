namespace Quorate.Server;

/// <summary>Where peers are heard, and the bounds of their connections.</summary>
public sealed class TcpPeerOptions
{
    /// <summary>What to bind: <c>http://host:port</c> each; apart from what is told to others.</summary>
    public required IReadOnlyList<string> ListenUrls { get; init; }

    /// <summary>Most bytes that wait to be sent on one connection. Default 16 MiB.</summary>
    public int OutputBytesMax { get; init; } = 16 * 1024 * 1024;

    /// <summary>Most bytes of one connection that wait to be understood: a longest frame. Default 9 MiB.</summary>
    public int InputBytesMax { get; init; } = 9 * 1024 * 1024;

    /// <summary>Accepted connections at a time; more are closed at once. Default 256.</summary>
    public int AcceptedMax { get; init; } = 256;

    /// <summary>Longest time for one dial, name look-up included. Default 2 s.</summary>
    public TimeSpan DialTimeout { get; init; } = TimeSpan.FromSeconds(2);

    /// <summary>How long a closed connection may wait for the other side's end. Default 1 s.</summary>
    public TimeSpan LingerTime { get; init; } = TimeSpan.FromSeconds(1);

    /// <summary>Pause after the system could not give a connection, for want of descriptors. Default 100 ms.</summary>
    public TimeSpan AcceptPause { get; init; } = TimeSpan.FromMilliseconds(100);

    /// <summary>The clock of those times.</summary>
    public TimeProvider Time { get; init; } = TimeProvider.System;

    /// <summary>Lists every setting that cannot be; empty when all are good.</summary>
    public IReadOnlyList<string> Validate()
    {
        var faults = new List<string>();
        foreach (var url in ListenUrls)
        {
            var fault = ListenUrl.Parse(url, out _);
            Require(fault is null, $"listen peer URL {fault}");
        }

        Require(OutputBytesMax >= 1, "OutputBytesMax must be at least 1");
        Require(InputBytesMax >= InputBuffer.FirstBytes, $"InputBytesMax must be at least {InputBuffer.FirstBytes}");
        Require(AcceptedMax >= 1, "AcceptedMax must be at least 1");
        Require(DialTimeout > TimeSpan.Zero, "DialTimeout must be more than 0");
        Require(LingerTime > TimeSpan.Zero, "LingerTime must be more than 0");
        Require(AcceptPause > TimeSpan.Zero, "AcceptPause must be more than 0");
        return faults;

        void Require(bool condition, string fault)
        {
            if (!condition)
            {
                faults.Add(fault);
            }
        }
    }
}
