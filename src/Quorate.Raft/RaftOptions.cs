namespace Quorate.Raft;

/// <summary>The settings of one core. Times are ticks; the shell says how long a tick is.</summary>
public sealed class RaftOptions
{
    /// <summary>This member.</summary>
    public required NodeId Self { get; init; }

    /// <summary>Shortest election timeout. Default 100 ticks.</summary>
    public int ElectionTicks { get; init; } = 100;

    /// <summary>Each election timeout is drawn from the shortest to below this; 0 for twice the shortest.</summary>
    public int ElectionTicksMax { get; init; }

    /// <summary>Ticks from one heartbeat to the next. Default 10.</summary>
    public int HeartbeatTicks { get; init; } = 10;

    /// <summary>Small appends in flight to one peer; later entries gather meanwhile. Default 2.</summary>
    public int AppendsInFlight { get; init; } = 2;

    /// <summary>Bytes at which an append is full and goes although others are in flight. Default 64 KiB.</summary>
    public int AppendBytes { get; init; } = 64 * 1024;

    /// <summary>Most entry bytes in flight to one peer. Default 8 MiB.</summary>
    public long InflightBytesMax { get; init; } = 8 * 1024 * 1024;

    /// <summary>Most appends in flight to one peer. Default 256.</summary>
    public int InflightMessagesMax { get; init; } = 256;

    /// <summary>Entry bytes handed to the disk and not acknowledged, above which nothing more is handed out and
    /// proposals are refused. Default 16 MiB.</summary>
    public long UnstableBytesMax { get; init; } = 16 * 1024 * 1024;

    /// <summary>Entry bytes proposed and not yet applied, above which proposals are refused. Default 64 MiB.</summary>
    public long UnappliedBytesMax { get; init; } = 64 * 1024 * 1024;

    /// <summary>Entry bytes handed out by one Ready for apply. Default 1 MiB.</summary>
    public int CommittedBytesMax { get; init; } = 1024 * 1024;

    /// <summary>Reads that may wait for a round. Default 10,000.</summary>
    public int PendingReadsMax { get; init; } = 10_000;

    /// <summary>
    /// Bytes of the entry record of a no-op, which the core itself puts in the log; that of a configuration is longer
    /// by the configuration. Default 64.
    /// </summary>
    public int NoopBytes { get; init; } = 64;

    /// <summary>Lists every setting that cannot be; empty when all are good.</summary>
    public IReadOnlyList<string> Validate()
    {
        var faults = new List<string>();
        Require(Self != NodeId.None, "Self must be a member id other than 0");
        Require(HeartbeatTicks >= 1, "HeartbeatTicks must be at least 1");
        Require(ElectionTicks > HeartbeatTicks, "ElectionTicks must be more than HeartbeatTicks");
        Require(
            ElectionTicksMax == 0 || ElectionTicksMax >= ElectionTicks,
            "ElectionTicksMax must be at least ElectionTicks, or 0");
        Require(AppendsInFlight >= 1, "AppendsInFlight must be at least 1");
        Require(AppendBytes >= 1, "AppendBytes must be at least 1");
        Require(InflightBytesMax >= AppendBytes, "InflightBytesMax must be at least AppendBytes");
        Require(InflightMessagesMax >= AppendsInFlight, "InflightMessagesMax must be at least AppendsInFlight");
        Require(UnstableBytesMax >= 1, "UnstableBytesMax must be at least 1");
        Require(UnappliedBytesMax >= 1, "UnappliedBytesMax must be at least 1");
        Require(CommittedBytesMax >= 1, "CommittedBytesMax must be at least 1");
        Require(PendingReadsMax >= 1, "PendingReadsMax must be at least 1");
        Require(NoopBytes >= 1, "NoopBytes must be at least 1");
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
