using Microsoft.Extensions.Logging;
using Quorate.Node;
using Quorate.Raft;

namespace Quorate.Simulator;

/// <summary>
/// One run of one seed: nodes, network, clients and faults on one thread in virtual time. First a phase in which
/// faults strike, then one in which a connected quorum is healed and must become live.
/// </summary>
internal sealed class SimCluster : IDisposable
{
    private const long WarmUpUs = 20_000_000;
    private readonly SimRandom _random;
    private readonly RunOptions _options;
    private readonly FaultDriver _faults;
    private readonly Administrator _administrator;
    private readonly List<SimClient> _clients = [];
    private ulong _hash = 14695981039346656037UL;

    public SimCluster(ulong seed, RunOptions options)
    {
        Seed = seed;
        _options = options;
        _random = new SimRandom(seed);
        Plan = new SeedPlan(_random.Fork("plan"), options.Workload);
        Loggers = options.Loggers;
        Network = new SimNetwork(Events, _random.Fork("network"), Table);
        Operations = new OperationBook(Plan, Table);
        Checker = new ClusterChecker(Plan.Machines, Plan.ElectionTicks, History) { FindOperation = Operations.Find };
        for (var number = 0; number < Plan.Machines; number++)
        {
            Nodes.Add(new SimNode(this, number, _random.Fork($"node {number}")));
        }

        for (var number = 0; number < Plan.Clients; number++)
        {
            _clients.Add(new SimClient(this, number, _random.Fork($"client {number}")));
        }

        _administrator = new Administrator(this, _random.Fork("administrator"));
        _faults = new FaultDriver(this, _random.Fork("faults"), options.Workload);
    }

    public ulong Seed { get; }

    /// <summary>The cluster that the checkers follow; 0 before its first node has started.</summary>
    public UInt128 Id { get; set; }

    public SeedPlan Plan { get; }

    public EventQueue Events { get; } = new();

    public FaultTable Table { get; } = new();

    public SimNetwork Network { get; }

    public HistoryChecker History { get; } = new();

    public ClusterChecker Checker { get; }

    public OperationBook Operations { get; }

    public List<SimNode> Nodes { get; } = [];

    /// <summary>The machines that are in no cluster of their own.</summary>
    public IReadOnlyList<SimNode> WatchedNodes => Plan.Spares == 0 ? Nodes : Nodes.FindAll(node => !node.IsForeign);

    public ILoggerFactory Loggers { get; }

    /// <summary>Whether faults strike at the moment.</summary>
    public bool IsFaulty { get; private set; }

    /// <summary>Whether anybody hears what happens.</summary>
    public bool IsTraced => _options.Trace is not null;

    /// <summary>How long a tick is.</summary>
    public long TickUs => 10_000;

    /// <summary>A number that stands for everything that happened, in its order.</summary>
    public ulong Hash => _hash;

    /// <summary>The virtual time that passed.</summary>
    public long ElapsedUs => Events.Now;

    /// <summary>Runs the whole seed.</summary>
    /// <exception cref="CheckerException">A promise was broken.</exception>
    public void Run()
    {
        foreach (var node in Nodes)
        {
            node.Start();
        }

        if (Plan.IsWarmedUp)
        {
            RunUntil(
                () => Nodes[..Plan.Voters].All(node => node.Member?.Core.CommitIndex.Value > 1), WarmUpUs,
                "first leader");
        }

        for (var round = 0; round < _options.Workload.Rounds; round++)
        {
            IsFaulty = true;
            _faults.Begin();
            _administrator.Begin();
            _clients.ForEach(client => client.Resume());
            RunFor(Plan.FaultUs / _options.Workload.Rounds);
            IsFaulty = false;
            RequireLiveness(_faults.Heal());
        }

        History.Finish();
        Checker.Changes.Judge();
    }

    /// <summary>Lets go of the memory of processes that still run.</summary>
    public void Dispose()
    {
        foreach (var node in Nodes)
        {
            node.Dispose();
        }
    }

    /// <summary>The options of a node: the same at every start.</summary>
    public MemberOptions OptionsOf(int number) => new()
    {
        Name = $"n{number + 1}",
        DataDirectory = "/data",
        StartsUnconfigured = Nodes[number].Begins == Beginning.Unconfigured,
        InitialCluster = Nodes[number].Begins == Beginning.Listed
            ? Enumerable.Range(0, Plan.Voters).Select(node => new StartMember($"n{node + 1}", [SimNode.UrlOf(node)]))
                .ToArray()
            : [],
        AdvertisePeerUrls = [Nodes[number].Url],
        TickInterval = TimeSpan.FromMilliseconds(10),
        HeartbeatInterval = TimeSpan.FromMilliseconds(10 * Plan.HeartbeatTicks),
        ElectionTimeout = TimeSpan.FromMilliseconds(10 * Plan.ElectionTicks),
        SnapshotCount = Plan.SnapshotCount,
        KeepEntries = Plan.KeepEntries,
        SegmentBytes = Plan.SegmentBytes,
        SnapshotChunkBytes = Plan.SnapshotChunkBytes,
        SnapshotStepBytes = Plan.SnapshotStepBytes,
        EntryCacheBytes = Plan.EntryCacheBytes,
        CompactStepBytes = 4096,
    };

    /// <summary>Those of some machines that the committed configuration names.</summary>
    public IReadOnlyList<SimNode> MembersAmong(IReadOnlyList<SimNode> nodes) => Plan.Spares == 0
        ? nodes
        : nodes.Where(IsMember).ToArray();

    /// <summary>Whether a machine runs as a member that the committed configuration names.</summary>
    public bool IsMember(SimNode node) => node is { IsWiped: false, IsForeign: false, Member: { } member }
        && Checker.CommittedConfig.Contains(member.Self);

    /// <summary>Whether a member knows that the newest configuration that is committed anywhere is.</summary>
    public bool KnowsMembers(Member member) => member.Core.CommittedConfig.Index <= member.Core.Commit
        && member.Core.CommittedConfig.Config.Equals(Checker.CommittedConfig);

    /// <summary>A leader has appended a change of the members.</summary>
    public void LeaderChangesMembers(SimNode leader) => _faults.LeaderChangesMembers(leader);

    /// <summary>A pump of a node has run.</summary>
    public void Stepped(SimNode node, Pump pump, Member member)
    {
        var core = member.Core;
        Mix(((ulong)Events.Now << 8) | ((ulong)node.Number << 4) | (ulong)pump);
        Mix(core.HardState.Term.Value ^ (core.CommitIndex.Value << 20) ^ (core.Log.LastIndex.Value << 42));
        History.Judge();
    }

    /// <summary>A node's process has ended: nobody will answer what it had taken.</summary>
    public void NodeEnded(SimNode node)
    {
        Mix((ulong)node.Number | 0x100);
        _options.Trace?.Invoke($"{Clock()} n{node.Number + 1} ended{(node.IsDark ? " without power" : "")}");
        foreach (var client in _clients)
        {
            client.NodeEnded(node);
        }

        _faults.NodeEnded(node);
    }

    /// <summary>Recovery has run: everything it read must be on the disk by now, not only in the page cache.</summary>
    public void DemandSynced(SimNode node)
    {
        _options.Trace?.Invoke($"{Clock()} n{node.Number + 1} started: {node.Member?.Core.Status()}");
        foreach (var file in node.Disk.UnsyncedFiles("/data/wal"))
        {
            throw new CheckerException("Durability", $"node {node.Number} starts on {file}, which is not synced");
        }
    }

    public void Trace(SimNode node, object what) =>
        _options.Trace?.Invoke($"{Clock()} n{node.Number + 1} {what}");

    public void Trace(string what) => _options.Trace?.Invoke($"{Clock()} {what}");

    public void RunFor(long us)
    {
        var until = Events.Now + us;
        while (Events.RunNext(until))
        {
        }
    }

    /// <summary>Runs until something holds; it must within the time.</summary>
    public void RunUntil(Func<bool> holds, long withinUs, string what)
    {
        var until = Events.Now + withinUs;
        while (!holds())
        {
            if (Events.Now >= until)
            {
                throw new CheckerException("Liveness", $"no {what} within {withinUs / 1000} ms; {Describe()}");
            }

            RunFor(Math.Min(TickUs, until - Events.Now));
        }
    }

    private void RequireLiveness(IReadOnlyList<SimNode> core)
    {
        var timeoutUs = Plan.ElectionTimeoutUs;
        if (Plan.Spares > 0)
        {
            // Who has not joined by then does not come any more.
            RunFor(10 * timeoutUs);
            RunUntil(
                () => _administrator.HasMendedAll(core), 20 * timeoutUs * (1 + Plan.Machines),
                "mending of the members");
        }

        RunUntil(() => HasOneCommit(core), 20 * timeoutUs, "agreement of the healed quorum");

        // The last slow write may still cost a leader its place; then everything must succeed at once.
        RunFor(4 * timeoutUs);
        if (Plan.Spares > 0)
        {
            RunUntil(() => _administrator.IsServed(core), 20 * timeoutUs, "change of the members");
        }

        foreach (var client in _clients)
        {
            client.Probe(core);
        }

        RunUntil(() => _clients.All(client => client.IsProbed), 20 * timeoutUs, "answer to every request");
        foreach (var client in _clients)
        {
            client.Rest();
        }

        RunUntil(
            () => _clients.All(client => client.IsIdle) && HasOneCommit(core) && MembersAmong(core).All(HasAppliedAll),
            20 * timeoutUs,
            "end of the work");
    }

    private bool HasOneCommit(IReadOnlyList<SimNode> core)
    {
        core = MembersAmong(core);
        var config = Checker.CommittedConfig;
        if (config.IsJoint || core.Count < (Plan.Spares == 0 ? 1 : config.Voters.Length + config.Learners.Length)
            || !core.All(node => node.IsUp) || !core.Any(node => node.Member!.Core.Role.Role == RaftRole.Leader))
        {
            return false;
        }

        var commit = core[0].Member!.Core.CommitIndex;
        return core.All(node => node.Member!.Core.CommitIndex == commit && node.Member.Core.Log.LastIndex == commit);
    }

    private static bool HasAppliedAll(SimNode node) =>
        node.Member!.Machine.Applied.Index == node.Member.Core.CommitIndex.Value;

    private string Describe() => string.Join("; ", Nodes.Select(node =>
        $"n{node.Number + 1} {(node.IsUp ? node.Member!.Core.Status().ToString() : "down")}"));

    private string Clock() => $"{Events.Now / 1_000_000.0,10:F6}";

    private void Mix(ulong word) => _hash = (_hash ^ word) * 1099511628211UL;
}
