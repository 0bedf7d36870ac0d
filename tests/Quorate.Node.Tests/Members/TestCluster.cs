using Quorate.Node.Tests.Peer;

namespace Quorate.Node.Tests.Members;

/// <summary>
/// Whole members on one thread: network and disks in memory, ticks by count. After each tick everything runs until
/// nothing is left to do, but for nodes that are paused.
/// </summary>
internal sealed class TestCluster : IDisposable
{
    private const int RoundsMax = 10_000;
    private readonly List<TestNode> _nodes = [];

    public MemoryNetwork Network { get; } = new();

    /// <summary>Nodes n1, n2, ... of one start list, running.</summary>
    public static TestCluster OfList(int count)
    {
        var cluster = new TestCluster();
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

    /// <summary>Until one has won an election, and before anything that it sends has arrived.</summary>
    public TestNode UntilElected()
    {
        for (var tick = 0; tick < 1000; tick++)
        {
            foreach (var node in _nodes)
            {
                node.Member.Tick();
                node.Pump();
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
            worked |= node.Pump();
        }

        Network.Run();
        return worked || _nodes.Exists(node => node is { IsRunning: true, Member.NodeHasWork: true });
    }
}
