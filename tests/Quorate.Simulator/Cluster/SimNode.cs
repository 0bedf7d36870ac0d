using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;
using Quorate.Mvcc;
using Quorate.Node;
using Quorate.Raft;
using Quorate.Storage;

namespace Quorate.Simulator;

/// <summary>
/// One machine of the cluster: its disk and its clock, which stay, and the process on it, which comes and goes. The
/// process is the real member; here are its threads, as events in the order of the seed.
/// </summary>
internal sealed partial class SimNode : ISimHost, ISimLogDiskOwner, IDisposable
{
    private const int PumpMax = 4;
    private readonly SimCluster _cluster;
    private readonly SimRandom _random;
    private readonly SimRandom _pumpRandom;
    private readonly SimTime _time;
    private readonly Queue<(SimProcess Life, Action Action)> _whenRunning = new();
    private readonly PumpState[] _pumps = new PumpState[3];
    private SimLogDisk? _logDisk;
    private bool _hasStarted;
    private readonly int[] _ticksSinceHeard;
    private int _ticksLed;
    private ClusterConfig? _configLed;
    private int _lives;
    private long _pausedUs;
    private long _faultsBefore;

    public SimNode(SimCluster cluster, int number, SimRandom random)
    {
        _cluster = cluster;
        _random = random;
        _pumpRandom = random.Fork("pumps");
        Number = number;
        _ticksSinceHeard = new int[cluster.Plan.Machines];
        var plan = cluster.Plan;
        var rate = 1.0;
        if (plan.Has(FaultKind.ClockRate))
        {
            cluster.Table.Count(FaultKind.ClockRate);
            rate = 0.95 + (random.Fork("clock").Fraction() * 0.1);
        }

        _time = new SimTime(cluster.Events, rate);
        DiskFaults = new DiskFaults(random.Fork("disk faults"), cluster.Table);
        Disk = new SimDisk(random.Fork("disk"), plan.IsDiskStrict, cluster.Table);
        Begins = number < plan.Voters ? Beginning.Listed
            : plan.Has(FaultKind.LoneCluster) && random.Fork("alone").Chance(0.5) ? Beginning.Alone
            : Beginning.Unconfigured;
        Url = UrlOf(number);
        Host = cluster.Network.Join(this, Url);
    }

    public int Number { get; }

    public int Host { get; }

    public SimDisk Disk { get; private set; }

    public DiskFaults DiskFaults { get; }

    public SimProcess? Process { get; private set; }

    public Member? Member { get; private set; }

    public bool IsPaused { get; private set; }

    public bool IsDark { get; private set; }

    public bool IsUp => Process is { IsAlive: true } && Member is not null;

    public long Now => _cluster.Events.Now;

    public static string UrlOf(int number) => $"http://n{number + 1}:2380";

    /// <summary>Starts a process on what the disk holds. It may end while it starts.</summary>
    public void Start()
    {
        if (Process is { IsAlive: true })
        {
            return;
        }

        _lives++;
        IsDark = false;
        _cluster.Network.PowerIsBack();
        var life = Process = new SimProcess();
        Array.Clear(_pumps);
        _faultsBefore = DiskFaults.Struck;
        if (_cluster.IsFaulty && _cluster.Plan.Has(FaultKind.CrashInStartup) && _random.Chance(0.3))
        {
            life.Doom(_random.Below(200));
        }

        Guard(life, () => Begin(life));
        if (life.IsAlive && life.IsDoomed)
        {
            life.Spare();
        }
        else if (!life.IsAlive && Member is null)
        {
            _cluster.Table.Count(FaultKind.CrashInStartup);
        }
    }

    /// <summary>The process ends between two of its steps, or in the middle of a log write.</summary>
    public void Kill(bool withPower)
    {
        if (Process is not { IsAlive: true } life)
        {
            return;
        }

        if (_random.Chance(0.5))
        {
            _logDisk?.CrashDuringWrite();
        }

        life.Kill();
        Ended(life, withPower);
    }

    /// <summary>The process ends at one of its next seam calls.</summary>
    public void DoomSoon() => Process?.Doom(_random.Below(60));

    public void Pause(long forUs)
    {
        if (IsPaused || !IsUp)
        {
            return;
        }

        IsPaused = true;
        _pausedUs = Now;
        _cluster.Events.After(forUs, Resume);
    }

    public void Resume()
    {
        if (!IsPaused)
        {
            return;
        }

        IsPaused = false;

        // The timer thread tells what it missed, up to one election timeout.
        var missed = Math.Min((Now - _pausedUs) / _cluster.TickUs, _cluster.Plan.ElectionTicks);
        for (var i = 1; i < missed; i++)
        {
            Member?.Tick();
        }

        while (_whenRunning.TryDequeue(out var waiting))
        {
            Enter(waiting.Life, waiting.Action);
        }

        _cluster.Network.ResumeAll();
    }

    public void Dispose()
    {
        Process?.Kill();
        Member?.Dispose();
        Member = null;
    }

    /// <summary>Tells the core that its leader's process is gone, true or not: a hint to liveness only.</summary>
    public void SayLeaderGone() => Guard(Process!, () => Member!.Core.LeaderGone(Member.Core.HardState.Term));

    public void JumpWall(TimeSpan by) => _time.JumpWall(by);

    /// <summary>Runs something in a life of the process; when it is paused, once it runs again.</summary>
    public void Enter(SimProcess life, Action action)
    {
        if (!life.IsAlive)
        {
            return;
        }

        if (IsPaused)
        {
            _whenRunning.Enqueue((life, action));
        }
        else
        {
            Guard(life, action);
        }
    }

    public void Later(long delayUs, Action action)
    {
        var life = Process!;
        _cluster.Events.After(delayUs, () => Enter(life, action));
    }

    public void WriteBegins(DiskWrite write)
    {
        _cluster.Trace(this, write);
        Watched?.WriteBegins(Number, DurableFrame.Read(write, _cluster.Checker.EntrySeen));
    }

    public void WriteIsDurable(DiskWrite write)
    {
        _cluster.Trace(this, $"{write.UpTo} is durable");
        Watched?.WriteEnds(Number);
    }

    public void FrameLeaves(ReadOnlySpan<byte> body)
    {
        if (_cluster.IsTraced && PeerCodec.TryDecode(body.ToArray(), out var sent))
        {
            _cluster.Trace(this, $"-> {sent.Message}");
        }

        Watched?.FrameLeaves(Number, body);
    }

    // Memory settings are each node's own: what is replicated must not depend on them.
    private StateMachineOptions StateOptions => new()
    {
        ChunkBytes = 1024 << (Number % 3),
        RetiredNodesMax = 16,
        PoisonFreedMemory = _cluster.Plan.IsPoisoned,
    };

    private void Begin(SimProcess life)
    {
        var random = _random.Fork($"life {_lives}");
        var member = Member.Start(_cluster.OptionsOf(Number), new MemberSeams
        {
            Files = new SimFileSystem(Disk, life, DiskFaults),
            LogDisk = listener => _logDisk = new SimLogDisk(life, DiskFaults, listener, this),
            Transport = new SimTransport(_cluster.Network, Host, life),
            Random = random,
            Loggers = _cluster.IsTraced ? new TraceLogger(line => _cluster.Trace(this, line)) : _cluster.Loggers,
            State = StateOptions,
        });
        life.Touch();
        Member = member;
        NoteCluster(member);
        Watched?.Started(Number, member.Core, isFirst: !_hasStarted);
        _cluster.DemandSynced(this);
        _hasStarted |= !IsForeign;
        member.TakenOver = invitation => Later(0, () => TakeOver(invitation));
        member.Loop.FactHappened = fact => FactHappened(member, fact);
        member.OnSignals(() => Signal(Pump.Node), () => Signal(Pump.Apply), () => Signal(Pump.Background));
        foreach (var pump in Enum.GetValues<Pump>())
        {
            Signal(pump);
        }

        Later(_time.ToVirtual(_random.Below((int)_cluster.TickUs)), () => Tick(life));
    }

    private void FactHappened(Member member, RaftFact fact)
    {
        _cluster.Trace(this, fact);
        if (Watched is not { } checker)
        {
            return;
        }

        if (fact is RaftFact.LogTruncated cut && checker.HasConfigFrom(Number, cut.From))
        {
            _cluster.Table.Count(FaultKind.ConfigTruncated);
        }

        checker.FactHappened(Number, member.Core, member.Loop.RaftStatus, fact);
        if (fact is RaftFact.ConfigInForce && member.Core.Role.Role == RaftRole.Leader)
        {
            _cluster.LeaderChangesMembers(this);
        }
    }

    /// <summary>Bytes of another machine came.</summary>
    public void Hears(int host) => _ticksSinceHeard[host] = 0;

    private void Tick(SimProcess life)
    {
        Member!.Tick();
        DemandQuorumOfLeader(Member);
        Later(_time.ToVirtual(_cluster.TickUs), () => Tick(life));
    }

    // Thesis 6.2: a leader that hears no quorum steps down after an election timeout. Three of them leave room for
    // ticks that a turn takes late.
    private void DemandQuorumOfLeader(Member member)
    {
        for (var host = 0; host < _ticksSinceHeard.Length; host++)
        {
            _ticksSinceHeard[host] = host == Host ? 0 : _ticksSinceHeard[host] + 1;
        }

        if (member.Core.Role.Role != RaftRole.Leader || IsForeign)
        {
            _ticksLed = 0;
            return;
        }

        var patience = 3 * _cluster.Plan.ElectionTicks;
        var config = member.Core.Config.Config;
        _ticksLed = config.Equals(_configLed) ? _ticksLed + 1 : 0;
        _configLed = config;
        if (_ticksLed > patience && !ConfigBook.IsQuorum(config, HeardOf))
        {
            throw new CheckerException("CheckQuorum", $"node {Number} leads and hears no quorum of {config}");
        }

        bool HeardOf(NodeId id) =>
            _cluster.Checker.LastMachineOf(id) is { } machine && _ticksSinceHeard[machine] <= patience;
    }

    private void Signal(Pump pump)
    {
        ref var state = ref _pumps[(int)pump];
        if (state.IsScheduled)
        {
            return;
        }

        state.IsScheduled = true;
        Later(DrawPumpDelay(), () => RunPump(pump));
    }

    // A thread wakes when the scheduler lets it; sometimes that is long after.
    private long DrawPumpDelay()
    {
        if (_cluster.IsFaulty && _cluster.Plan.Has(FaultKind.PumpWithheld) && _pumpRandom.Chance(0.002))
        {
            _cluster.Table.Count(FaultKind.PumpWithheld);
            return _pumpRandom.Between(1000L, _cluster.Plan.ElectionTimeoutUs);
        }

        return _pumpRandom.Below(40);
    }

    private void RunPump(Pump pump)
    {
        _pumps[(int)pump].IsScheduled = false;
        var member = Member!;
        var max = 1 + _pumpRandom.Below(PumpMax);
        bool hasMore;
        switch (pump)
        {
            case Pump.Node:
                member.PumpNode(max);
                Watched?.Pumped(Number, member.Core);
                DemandTrulyRemoved(member);
                hasMore = member.NodeHasWork;
                break;
            case Pump.Apply:
                member.PumpApply(max);
                CheckApplied(member);
                hasMore = member.ApplyHasWork;
                break;
            default:
                member.PumpBackground(max);
                hasMore = member.BackgroundHasWork;
                break;
        }

        _cluster.Stepped(this, pump, member);
        if (hasMore)
        {
            Signal(pump);
        }
    }

    private void CheckApplied(Member member)
    {
        using var view = member.OpenView();
        Watched?.Applied(Number, view.Applied.Index, view.Hash);
    }

    // Whatever ends the process ends here: a crash of the seed's, a disk that failed, or a fault of ours.
    private void Guard(SimProcess life, Action action)
    {
        try
        {
            action();
        }
        catch (SimulatedCrashException)
        {
            _cluster.Table.Count(FaultKind.CrashAtSeamCall);
            Ended(life, withPower: !_cluster.Plan.Has(FaultKind.PowerFailure) || _random.Chance(0.5));
        }
        catch (Exception fault) when (fault is NodeFailedException or StorageException or MemberStartException)
        {
            DemandCause(fault);
            life.Kill();
            Ended(life, withPower: true);
        }
        catch (InvariantViolationException fault)
        {
            throw new CheckerException(
                "Invariant", $"node {Number}: {fault.Message}{Environment.NewLine}{fault.StackTrace}");
        }
    }

    // A node may stop by itself only after its disk failed it.
    private void DemandCause(Exception fault)
    {
        _cluster.Trace(this, fault.Message);
        if (DiskFaults.Struck == _faultsBefore)
        {
            throw new CheckerException("Availability", $"node {Number} stopped, and its disk had not failed: {fault}");
        }
    }

    private void Ended(SimProcess life, bool withPower)
    {
        life.Kill();
        if (Member is { } member)
        {
            Watched?.Crashed(Number, member.Core);
            Member = null;
            member.Dispose();
        }

        _logDisk = null;
        IsPaused = false;
        _whenRunning.Clear();
        if (!withPower)
        {
            IsDark = true;
            Disk.LosePower();
            _cluster.Table.Count(FaultKind.PowerFailure);
        }

        _cluster.Network.ProcessEnded(life, isTold: withPower);
        _cluster.NodeEnded(this);
    }

    private struct PumpState
    {
        public bool IsScheduled;
    }
}

/// <summary>The three pumps of a member, each a thread in production.</summary>
internal enum Pump
{
    Node,
    Apply,
    Background,
}
