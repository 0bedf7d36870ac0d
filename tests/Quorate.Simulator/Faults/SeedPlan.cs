namespace Quorate.Simulator;

/// <summary>
/// What a seed draws before it runs: the shape of the cluster, and which faults are switched on (swarm testing: each
/// with a chance of one half, so that some runs have few and let them go deep).
/// </summary>
internal sealed class SeedPlan
{
    public SeedPlan(SimRandom random, Workload workload)
    {
        Voters = workload.Voters ?? random.Pick([1, 3, 3, 3, 3, 5]);
        Clients = random.Between(3, 20);
        ElectionTicks = random.Between(10, 50);
        HeartbeatTicks = Math.Max(1, ElectionTicks / random.Between(4, 10));
        SnapshotCount = workload.SnapshotCount ?? random.Between(5, 500);
        KeepEntries = workload.KeepEntries ?? (random.Below(2) == 0 ? random.Below(20) : random.Below(500));
        SegmentBytes = 4096 * random.Pick([1, 1, 2, 4, 8, 16]);
        SnapshotChunkBytes = random.Pick([256, 4096, 128 * 1024]);
        SnapshotStepBytes = random.Pick([512, 4096, 256 * 1024]);
        EntryCacheBytes = random.Pick([1, 16 * 1024, 16 * 1024 * 1024]);
        Keys = random.Between(2, 200);
        ThinkUs = random.Between(5, 150) * 1000L;
        FaultUs = random.Between(60, 75) * 1_000_000L;
        IsDiskStrict = random.Chance(0.5);
        IsWarmedUp = random.Chance(0.9);
        IsPoisoned = random.Chance(workload.PoisonChance);
        FaultKinds = Draw(random.Fork("swarm"), workload);
        Spares = random.Fork("spares").Below(3) + 1;
        Spares = workload.Spares ?? (Has(FaultKind.MemberAdded) && Has(FaultKind.MemberRemoved) ? Spares : 0);
    }

    public int Voters { get; }

    /// <summary>Machines that begin without a cluster; 0 when nobody changes the members.</summary>
    public int Spares { get; }

    public int Machines => Voters + Spares;

    public int Clients { get; }

    public int ElectionTicks { get; }

    public int HeartbeatTicks { get; }

    public int SnapshotCount { get; }

    public int KeepEntries { get; }

    public int SegmentBytes { get; }

    public int SnapshotChunkBytes { get; }

    public int SnapshotStepBytes { get; }

    public int EntryCacheBytes { get; }

    public int Keys { get; }

    /// <summary>Mean time between an answer and a client's next call.</summary>
    public long ThinkUs { get; }

    /// <summary>How long faults happen.</summary>
    public long FaultUs { get; }

    /// <summary>Whether a power failure drops every name that was not synced.</summary>
    public bool IsDiskStrict { get; }

    /// <summary>Whether the cluster may elect its first leader before faults begin.</summary>
    public bool IsWarmedUp { get; }

    /// <summary>Whether freed memory of the store is overwritten, so that who still reads it is found out.</summary>
    public bool IsPoisoned { get; }

    /// <summary>The faults that this seed knows.</summary>
    public IReadOnlySet<FaultKind> FaultKinds { get; }

    public long ElectionTimeoutUs => ElectionTicks * 10_000L;

    public bool Has(FaultKind kind) => FaultKinds.Contains(kind);

    public override string ToString() =>
        $"voters={Voters} spares={Spares} clients={Clients} election={ElectionTicks} heartbeat={HeartbeatTicks} "
        + $"snapshot={SnapshotCount} keep={KeepEntries} segment={SegmentBytes} keys={Keys} "
        + $"faults=[{string.Join(' ', FaultKinds.Order().Select(FaultTable.NameOf))}]";

    private static HashSet<FaultKind> Draw(SimRandom random, Workload workload)
    {
        var drawn = new HashSet<FaultKind>();
        foreach (var kind in Enum.GetValues<FaultKind>())
        {
            // The draw is made for every kind, so that a workload that forces one does not shift the others.
            if (random.Chance(0.5) ? !workload.Never.Contains(kind) : workload.Always.Contains(kind))
            {
                drawn.Add(kind);
            }
        }

        return drawn;
    }
}
