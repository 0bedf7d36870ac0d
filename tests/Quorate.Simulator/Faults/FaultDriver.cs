namespace Quorate.Simulator;

/// <summary>Makes faults strike, as the seed has drawn them, and heals a quorum in the end.</summary>
internal sealed class FaultDriver(SimCluster cluster, SimRandom random, Workload workload)
{
    private readonly List<FaultKind> _strikes = [];
    private IReadOnlyList<SimNode>? _core;

    private SeedPlan Plan => cluster.Plan;

    /// <summary>Turns on what lasts, and begins to draw what strikes.</summary>
    public void Begin()
    {
        _core = null;
        _strikes.Clear();
        Mend();
        SetNetwork();
        foreach (var node in cluster.Nodes)
        {
            SetDisk(node.DiskFaults);
            node.Start();
        }

        foreach (var kind in Plan.FaultKinds.Order())
        {
            if (IsStrike(kind))
            {
                _strikes.Add(kind);
            }
        }

        if (_strikes.Count > 0)
        {
            ScheduleNext();
        }
    }

    /// <summary>Ends every fault for a connected quorum, which it returns; the rest stays cut off.</summary>
    public IReadOnlyList<SimNode> Heal()
    {
        var nodes = cluster.Nodes.ToArray();
        random.Shuffle(nodes);
        var haveBegun = cluster.Nodes.All(node => node.Disk.Exists("/data/identity"));
        haveBegun &= Plan.Spares == 0;
        var size = Plan.IsWarmedUp && haveBegun ? random.Between((nodes.Length / 2) + 1, nodes.Length) : nodes.Length;
        var core = nodes[..size].OrderBy(node => node.Number).ToArray();
        _core = core;
        cluster.Trace($"heals {string.Join(' ', core.Select(node => $"n{node.Number + 1}"))}");
        cluster.Network.Heal();
        var isCore = cluster.Nodes.Select(core.Contains).ToArray();
        cluster.Network.SetCuts((from, to) => !isCore[from] || !isCore[to]);
        foreach (var node in core)
        {
            node.DiskFaults.Heal();
            node.Resume();
            node.Process?.Spare();
            node.Start();
        }

        return core;
    }

    /// <summary>
    /// A leader has appended a change: sometimes it finds itself cut off with it, alone or with a few.
    /// </summary>
    public void LeaderChangesMembers(SimNode leader)
    {
        if (!cluster.IsFaulty || !Plan.Has(FaultKind.LeaderCutAtChange) || !random.Chance(0.15))
        {
            return;
        }

        cluster.Table.Count(FaultKind.LeaderCutAtChange);
        var isBeside = new bool[Plan.Machines];
        for (var machine = 0; machine < isBeside.Length; machine++)
        {
            isBeside[machine] = random.Chance(0.3) || machine == leader.Number;
        }

        // Not within the leader's turn; what leaves in it is on its way by then, and stays there.
        After(0, () => cluster.Network.SetCuts((from, to) => isBeside[from] != isBeside[to]));
        After((long)((1 + (random.Fraction() * 5)) * Plan.ElectionTimeoutUs), Mend);
    }

    /// <summary>A process ended: it comes back after a while, unless it is left behind.</summary>
    public void NodeEnded(SimNode node)
    {
        if (_core is not null && !_core.Contains(node))
        {
            return;
        }

        var delay = _core is null ? random.Below(5_000_000) : 10_000;
        cluster.Events.After(delay, () =>
        {
            if (_core is null || _core.Contains(node))
            {
                node.Start();
            }
        });
    }

    private static bool IsStrike(FaultKind kind) => kind
        is FaultKind.LinkClogged or FaultKind.ConnectionReset or FaultKind.IsolateOne or FaultKind.TwoGroups
        or FaultKind.Star or FaultKind.Chain or FaultKind.Bridge or FaultKind.OneWayCut or FaultKind.Flapping
        or FaultKind.Kill or FaultKind.PowerFailure or FaultKind.CrashAtSeamCall or FaultKind.CrashOfAll
        or FaultKind.Pause or FaultKind.NoSpace or FaultKind.DiskHang or FaultKind.WallJump
        or FaultKind.FalseLeaderGone;

    private void SetNetwork()
    {
        var faults = cluster.Network.Faults;
        faults.LossChance = Plan.Has(FaultKind.MessageLost) ? random.Fraction() * 0.3 : 0;
        faults.DuplicateChance = Plan.Has(FaultKind.MessageDuplicated) ? random.Fraction() * 0.5 : 0;
        faults.ReorderChance = Plan.Has(FaultKind.MessageReordered) ? random.Fraction() * 0.3 : 0;
        faults.ResetChance = Plan.Has(FaultKind.ConnectionReset) ? random.Fraction() * 0.002 : 0;
        faults.QueueBytesMax = Plan.Has(FaultKind.SendQueueFull) ? random.Between(500, 20_000) : faults.QueueBytesMax;
        if (Plan.Has(FaultKind.MessageDelayed))
        {
            // Up to a third of an election timeout: with more there would never be a leader.
            faults.DelayMeanUs = random.Between(1000L, Math.Max(1100L, Math.Min(100_000L, Plan.ElectionTimeoutUs / 6)));
            faults.DelayMinUs = random.Below((int)Math.Min(30_000L, Plan.ElectionTimeoutUs / 10));
        }
    }

    private void SetDisk(DiskFaults faults)
    {
        faults.SyncErrorChance = Plan.Has(FaultKind.SyncError) ? random.Fraction() * 0.0005 : 0;
        faults.ReadErrorChance = Plan.Has(FaultKind.ReadError) ? random.Fraction() * 0.001 : 0;
        faults.ShortWriteChance = Plan.Has(FaultKind.ShortWrite) ? random.Fraction() * 0.02 : 0;
        faults.LatencyUs = Plan.Has(FaultKind.DiskLatency) ? random.Between(1001, 20_000) : 100;
        faults.SpikeChance = Plan.Has(FaultKind.DiskSpike) ? 0.005 : 0;
        faults.SpikeUs = random.Between(1000L, 3 * Plan.ElectionTimeoutUs);
    }

    private void ScheduleNext()
    {
        var mean = workload.FaultEvery * Plan.ElectionTimeoutUs;
        cluster.Events.After(1 + random.Exponential(mean), () =>
        {
            if (cluster.IsFaulty)
            {
                Strike(random.Pick(_strikes));
                ScheduleNext();
            }
        });
    }

    private void Strike(FaultKind kind)
    {
        cluster.Trace(FaultTable.NameOf(kind));
        var node = random.Pick(cluster.Nodes);
        switch (kind)
        {
            case FaultKind.Kill when node.IsUp:
                cluster.Table.Count(kind);
                node.Kill(withPower: true);
                break;
            case FaultKind.PowerFailure when node.IsUp:
                node.Kill(withPower: false);
                break;
            case FaultKind.CrashAtSeamCall:
                node.DoomSoon();
                break;
            case FaultKind.CrashOfAll when random.Chance(0.2):
                CrashAll();
                break;
            case FaultKind.Pause:
                cluster.Table.Count(kind);
                node.Pause(random.Between(1000L, 5 * Plan.ElectionTimeoutUs));
                break;
            case FaultKind.NoSpace:
                node.DiskFaults.IsFull = true;
                After(random.Below(5_000_000), () => node.DiskFaults.IsFull = false);
                break;
            case FaultKind.DiskHang:
                node.DiskFaults.HungUntilUs = cluster.Events.Now + random.Below((int)(6 * Plan.ElectionTimeoutUs));
                break;
            case FaultKind.WallJump:
                cluster.Table.Count(kind);
                node.JumpWall(TimeSpan.FromHours(random.Between(-24, 24)));
                break;
            case FaultKind.FalseLeaderGone when node is { IsUp: true, IsPaused: false }:
                cluster.Table.Count(kind);
                node.SayLeaderGone();
                break;
            case FaultKind.LinkClogged when Plan.Machines > 1:
                Clog();
                break;
            case FaultKind.ConnectionReset:
                cluster.Network.ResetAny();
                break;
            case FaultKind.Flapping when Plan.Machines > 1:
                Flap(random.Between(3, 10));
                break;
            default:
                if (Plan.Machines > 1 && IsPartition(kind))
                {
                    Partition(kind);
                }

                break;
        }
    }

    private static bool IsPartition(FaultKind kind) => kind is FaultKind.IsolateOne or FaultKind.TwoGroups
        or FaultKind.Star or FaultKind.Chain or FaultKind.Bridge or FaultKind.OneWayCut;

    private void CrashAll()
    {
        cluster.Table.Count(FaultKind.CrashOfAll);
        foreach (var node in cluster.Nodes)
        {
            if (node.IsUp)
            {
                node.Kill(withPower: !Plan.Has(FaultKind.PowerFailure) || random.Chance(0.5));
            }
        }
    }

    private void Clog()
    {
        var from = random.Below(Plan.Machines);
        var to = (from + 1 + random.Below(Plan.Machines - 1)) % Plan.Machines;
        cluster.Network.Clog(from, to, random.Below(5_000_000));
    }

    private void Partition(FaultKind kind)
    {
        cluster.Table.Count(kind);
        var order = Enumerable.Range(0, Plan.Machines).ToArray();
        random.Shuffle(order);
        var place = new int[order.Length];
        for (var i = 0; i < order.Length; i++)
        {
            place[order[i]] = i;
        }

        var isOneWay = kind == FaultKind.OneWayCut
            || (Plan.Has(FaultKind.OneWayCut) && random.Chance(0.3));
        cluster.Network.SetCuts((from, to) => IsCut(kind, place[from], place[to], isOneWay));
        After((long)((0.1 + (random.Fraction() * 9.9)) * Plan.ElectionTimeoutUs), Mend);
    }

    // By places in a drawn order: who cannot reach whom.
    private bool IsCut(FaultKind kind, int from, int to, bool isOneWay)
    {
        var (half, last) = (Plan.Machines / 2, Plan.Machines - 1);
        var isCut = kind switch
        {
            FaultKind.IsolateOne or FaultKind.OneWayCut => from == 0 || to == 0,
            FaultKind.TwoGroups => (from < half) != (to < half),
            FaultKind.Star => from != 0 && to != 0,
            FaultKind.Chain => Math.Abs(from - to) > 1,
            _ => (from < half) != (to < half) && from != last && to != last,
        };
        return isCut && (!isOneWay || from < to);
    }

    private void Flap(int times)
    {
        if (times == 0 || !cluster.IsFaulty)
        {
            return;
        }

        cluster.Table.Count(FaultKind.Flapping);
        var cut = random.Below(Plan.Machines);
        cluster.Network.SetCuts((from, to) => from == cut || to == cut);
        After(random.Below((int)Plan.ElectionTimeoutUs), () =>
        {
            Mend();
            After(random.Below((int)Plan.ElectionTimeoutUs), () => Flap(times - 1));
        });
    }

    private void Mend() => cluster.Network.SetCuts((_, _) => false);

    // What a strike left behind ends by itself, unless everything was healed meanwhile.
    private void After(long delayUs, Action action) => cluster.Events.After(delayUs, () =>
    {
        if (cluster.IsFaulty)
        {
            action();
        }
    });
}
