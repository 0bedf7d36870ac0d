using Quorate.Node.Tests.Peer;

namespace Quorate.Node.Tests.Members;

/// <summary>
/// Whole members on one thread: network and disks in memory, ticks by count. After each tick everything runs until
/// nothing is left to do, but for nodes that are paused.
/// </summary>
internal sealed class TestCluster : IDisposable
{
    private const int RoundsMax = 10_000;
    private const int PumpMax = 16;
    private readonly List<TestNode> _nodes = [];

    public MemoryNetwork Network { get; } = new();

    /// <summary>Applied entries between snapshots of its nodes, and those that stay behind one.</summary>
    public int SnapshotCount { get; init; } = 100_000;

    /// <summary>What a node that is invited does by itself: start again as the member it is to be.</summary>
    public bool FollowsInvitations { get; init; } = true;

    /// <summary>How much a node does before the next one gets its turn.</summary>
    public int PumpUnits { get; set; } = PumpMax;

    /// <summary>Called when a node had its turn: it may stop nodes.</summary>
    public Action Pumped { get; set; } = static () => { };

    /// <summary>Nodes n1, n2, ... of one start list, running.</summary>
    public static TestCluster OfList(int count, int snapshotCount = 100_000, bool followsInvitations = true)
    {
        var cluster = new TestCluster { SnapshotCount = snapshotCount, FollowsInvitations = followsInvitations };
        StartMember[] list = [.. Enumerable.Range(1, count).Select(id => new StartMember($"n{id}", [UrlOf(id)]))];
        for (var id = 1; id <= count; id++)
        {
            cluster.Add(id, list).Start();
        }

        return cluster;
    }

    public static string UrlOf(int id) => $"http://n{id}:2380";

    public TestNode this[int id] => _nodes.Find(node => node.Number == id)!;

    /// <summary>The node that leads, and says so to all that run.</summary>
    public TestNode Leader => _nodes.Single(node => node is { IsRunning: true, Leads: true });

    /// <summary>One that runs and follows.</summary>
    public TestNode Follower => _nodes.First(node => node is { IsRunning: true, Leads: false });

    /// <summary>All that run.</summary>
    public IEnumerable<TestNode> Running => _nodes.Where(node => node.IsRunning);

    /// <summary>All but one.</summary>
    public IEnumerable<TestNode> Others(TestNode but) => _nodes.Where(node => node != but);

    /// <summary>A node without a process.</summary>
    public TestNode Add(int id, params StartMember[] list)
    {
        var node = new TestNode(this, id, list);
        _nodes.Add(node);
        return node;
    }

    public void Tick(int count = 1)
    {
        for (var i = 0; i < count; i++)
        {
            foreach (var node in _nodes.Where(node => node.IsRunning))
            {
                node.Member.Tick();
            }

            Settle();
            foreach (var node in _nodes.Where(node => FollowsInvitations && node.IsInvited))
            {
                node.FollowInvitation();
            }
        }
    }

    /// <summary>Ticks until it is so.</summary>
    public void Until(Func<bool> isSo, int ticksMax = 3000)
    {
        for (var tick = 0; !isSo(); tick++)
        {
            Assert.True(tick < ticksMax, $"not so within {ticksMax} ticks; {this}");
            Tick();
        }
    }

    /// <summary>Until one leads, has committed an entry of its own, and all that run follow it.</summary>
    public TestNode UntilLed()
    {
        Until(() => _nodes.Find(node => node is { IsRunning: true, Leads: true }) is { } leader
            && !leader.Member.Core.IsChanging
            && _nodes.All(node => !node.IsRunning || node.Member.Raft.Leader == leader.Member.Self));
        Tick(20);
        return Leader;
    }

    /// <summary>Asks a node for a change, and waits until it has been told what became of it.</summary>
    public ChangeOutcome Change(TestNode asked, MemberChange change, bool force = false)
    {
        var told = asked.Change(change, force: force);
        Until(() => told.IsTold);
        Assert.Equal(1, told.Times);
        return told.Outcome;
    }

    /// <summary>The same, and it is done.</summary>
    public void MustChange(TestNode asked, MemberChange change)
    {
        var outcome = Change(asked, change);
        Assert.True(outcome.IsDone, $"{change}: {outcome}; {this}");
    }

    /// <summary>Writes a key, and has it acknowledged.</summary>
    public void Write(TestNode asked, string key)
    {
        var told = asked.Put(key);
        Until(() => told.IsTold);
        Assert.True(told.Outcome.IsDone, $"{key}: {told.Outcome}; {this}");
    }

    /// <summary>
    /// Until one leads, nothing is changing, and who runs and belongs to the cluster has applied what it has.
    /// </summary>
    public TestNode UntilSettled()
    {
        Until(() => Running.FirstOrDefault(node => node.Leads) is { } leader
            && leader.Member.Raft is { IsChanging: false } raft
            && Running.All(node => !raft.Config.Contains(node.Member.Self)
                || (node.Member.Raft.Leader == raft.Self && node.Member.Raft.Applied == raft.Last.Index
                    && node.Member.Raft.Config.Equals(raft.Config))));
        return Leader;
    }

    /// <summary>Until one has won an election, and before anything that it sends has arrived.</summary>
    public TestNode UntilElected()
    {
        for (var tick = 0; tick < 1000; tick++)
        {
            foreach (var node in _nodes)
            {
                node.Member.Tick();
                node.Pump(PumpMax);
                if (node.Leads)
                {
                    return node;
                }
            }

            Network.Run();
        }

        throw new InvalidOperationException($"nobody was elected; {this}");
    }

    public override string ToString() => string.Join("; ", _nodes);

    public void Dispose()
    {
        foreach (var node in _nodes)
        {
            node.Stop();
        }
    }

    private void Settle()
    {
        for (var round = 0; PumpAll(); round++)
        {
            Assert.True(round < RoundsMax, "a tick never ends");
        }
    }

    private bool PumpAll()
    {
        var worked = false;
        foreach (var node in _nodes.Where(node => node.IsRunning))
        {
            worked |= node.Pump(PumpUnits);
            Pumped();
        }

        Network.Run();
        return worked || _nodes.Exists(node => node is { IsRunning: true, Member.NodeHasWork: true });
    }
}
