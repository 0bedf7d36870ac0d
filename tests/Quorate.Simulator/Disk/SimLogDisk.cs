using Quorate.Storage;

namespace Quorate.Simulator;

/// <summary>
/// The log writer's disk: a write ends at a virtual time of its own. Until then the process may end in the middle
/// of its system calls.
/// </summary>
internal sealed class SimLogDisk(
    SimProcess process, DiskFaults faults, ILogDiskListener listener, ISimLogDiskOwner owner) : ILogDisk
{
    private DiskWrite? _outstanding;

    public void Submit(DiskWrite write)
    {
        process.Touch();
        if (_outstanding is not null)
        {
            throw new SimulatorException("a second log write was submitted while one is outstanding");
        }

        _outstanding = write;
        owner.WriteBegins(write);
        owner.Later(DrawLatency(), TryComplete);
    }

    /// <summary>The process was killed in the middle of a write: some of its calls may have been made.</summary>
    public void CrashDuringWrite()
    {
        if (_outstanding is not { } write || !process.IsAlive)
        {
            return;
        }

        process.Doom(faults.Random.Below(6));
        try
        {
            DiskWrite.Run(write);
        }
        catch (SimulatedCrashException)
        {
            // The crash that was asked for.
        }
        catch (StorageException)
        {
            // The disk failed first, and the process ends all the same.
        }
    }

    private void TryComplete()
    {
        if (_outstanding is not { } write)
        {
            return;
        }

        if (faults.HungUntilUs > owner.Now)
        {
            faults.Count(FaultKind.DiskHang);
            owner.Later(faults.HungUntilUs - owner.Now, TryComplete);
            return;
        }

        try
        {
            DiskWrite.Run(write);
        }
        catch (StorageException fault)
        {
            _outstanding = null;
            listener.Failed(write, fault);
            return;
        }

        _outstanding = null;
        if (!((SimFile)write.File).IsStable(write.Offset, write.Bytes))
        {
            throw new CheckerException("Durability", $"{write} is called durable; the disk does not hold it");
        }

        owner.WriteIsDurable(write);
        listener.Written(write);
    }

    private long DrawLatency()
    {
        var latency = 1 + faults.Random.Exponential(faults.LatencyUs);
        if (faults.LatencyUs > 1000)
        {
            faults.Count(FaultKind.DiskLatency);
        }

        return faults.Strikes(faults.SpikeChance, FaultKind.DiskSpike) ? latency + faults.SpikeUs : latency;
    }
}

/// <summary>The node that a log disk belongs to, as the disk needs it.</summary>
internal interface ISimLogDiskOwner
{
    long Now { get; }

    /// <summary>Runs something for this life of the node's process, if it still lives by then.</summary>
    void Later(long delayUs, Action action);

    /// <summary>The disk was given this write.</summary>
    void WriteBegins(DiskWrite write);

    /// <summary>The disk has synced this write; the node does not know yet.</summary>
    void WriteIsDurable(DiskWrite write);
}
