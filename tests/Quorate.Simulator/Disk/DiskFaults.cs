namespace Quorate.Simulator;

/// <summary>What a disk does wrong at the moment. The fault plan turns these; the disk reads them.</summary>
internal sealed class DiskFaults(SimRandom random, FaultTable table)
{
    /// <summary>Chance that a sync fails, with what Linux does then.</summary>
    public double SyncErrorChance { get; set; }

    /// <summary>Chance that a read fails.</summary>
    public double ReadErrorChance { get; set; }

    /// <summary>Whether files cannot grow.</summary>
    public bool IsFull { get; set; }

    /// <summary>Chance that a write that grows a file stops half way for want of room.</summary>
    public double ShortWriteChance { get; set; }

    /// <summary>Mean time of a log write and its sync.</summary>
    public long LatencyUs { get; set; } = 100;

    /// <summary>Chance that a log write takes <see cref="SpikeUs"/> more.</summary>
    public double SpikeChance { get; set; }

    public long SpikeUs { get; set; }

    /// <summary>No log write ends before this virtual time.</summary>
    public long HungUntilUs { get; set; }

    public SimRandom Random => random;

    /// <summary>How often the disk failed its process so far.</summary>
    public long Struck { get; private set; }

    public void Count(FaultKind kind)
    {
        Struck += kind is FaultKind.SyncError or FaultKind.ReadError or FaultKind.NoSpace or FaultKind.ShortWrite
            ? 1
            : 0;
        table.Count(kind);
    }

    /// <summary>A fault that strikes by chance; counted when it does.</summary>
    public bool Strikes(double chance, FaultKind kind)
    {
        if (!random.Chance(chance))
        {
            return false;
        }

        Count(kind);
        return true;
    }

    /// <summary>From here on nothing goes wrong, and nothing is slow.</summary>
    public void Heal()
    {
        SyncErrorChance = ReadErrorChance = ShortWriteChance = SpikeChance = 0;
        IsFull = false;
        LatencyUs = 100;
        HungUntilUs = 0;
    }
}
