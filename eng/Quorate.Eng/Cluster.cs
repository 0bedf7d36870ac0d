using System.Diagnostics;

namespace Quorate.Eng;

/// <summary>Real nodes on loopback, three at first. Disposing it ends what is still running.</summary>
public sealed class Cluster : IAsyncDisposable
{
    private readonly string _folder;
    private readonly int _portBase;
    private readonly string _initialCluster;
    private volatile IReadOnlyList<ClusterNode> _nodes;
    private readonly List<ClusterNode> _spares = [];
    private int _made;

    public Cluster(string folder, int portBase, int nodes = 3)
    {
        (_folder, _portBase) = (folder, portBase);
        _nodes = [.. Enumerable.Range(0, nodes).Select(_ => Make())];
        _initialCluster = string.Join(',', Nodes.Select(node => $"{node.Name}={node.PeerUrl}"));
        AppDomain.CurrentDomain.ProcessExit += (_, _) => KillAll();
    }

    /// <summary>Those that belong to it now; never changed, only replaced.</summary>
    public IReadOnlyList<ClusterNode> Nodes => _nodes;

    public Client Client { get; } = new(TimeSpan.FromSeconds(15));

    /// <summary>More flags for every node that is started from now on.</summary>
    public IReadOnlyList<string> Flags { get; set; } = [];

    public string Urls => string.Join(',', Nodes.Select(node => $"127.0.0.1:{node.ClientPort}"));

    /// <summary>Processor time of all nodes so far.</summary>
    public TimeSpan ProcessorTime => Nodes.Aggregate(TimeSpan.Zero, (sum, node) => sum + node.ProcessorTime);

    public void Start(ClusterNode node) => node.Start(["--initial-cluster", _initialCluster, .. Flags]);

    /// <summary>Starts one more node, which belongs to no cluster until it is added.</summary>
    public async Task<ClusterNode> StartSpareAsync()
    {
        var node = Make();
        node.Start(["--initial-cluster-state", "existing", .. Flags]);
        _spares.Add(node);
        await WaitAsync($"answer of {node.Name}", TimeSpan.FromMinutes(1),
            async () => await Client.StatusAsync(node.Url) is not null);
        return node;
    }

    /// <summary>A node that was started as a spare belongs to the cluster now, and one may have left it.</summary>
    public void Replace(ClusterNode? gone, ClusterNode? come)
    {
        _nodes = [.. _nodes.Where(node => node != gone), .. come is null ? Array.Empty<ClusterNode>() : [come]];
        _spares.RemoveAll(node => node == come);
    }

    /// <summary>Starts all nodes that are not running and waits until one leads.</summary>
    public async Task<ClusterNode> StartAllAsync()
    {
        foreach (var node in Nodes.Where(node => !node.IsRunning))
        {
            Start(node);
        }

        return await WaitForLeaderAsync(TimeSpan.FromMinutes(2));
    }

    /// <summary>Stops all in order; false if one of them did not end well.</summary>
    public async Task<bool> StopAllAsync() =>
        (await Task.WhenAll(Nodes.Select(node => node.StopAsync()))).All(well => well);

    /// <summary>kill -9 of all, within microseconds.</summary>
    public void KillAll()
    {
        foreach (var node in Nodes.Concat(_spares).Where(node => node.IsRunning))
        {
            node.Kill();
        }
    }

    /// <summary>The node that leads, once it can take a write.</summary>
    public async Task<ClusterNode> WaitForLeaderAsync(TimeSpan limit)
    {
        ClusterNode? leader = null;
        await WaitAsync("a leader", limit, async () =>
        {
            foreach (var node in Nodes.Where(node => node.IsRunning))
            {
                if (await Client.StatusAsync(node.Url) is { IsLeader: true }
                    && await Client.PutAsync(node.Url, "leads", node.Name) == Outcome.Acknowledged)
                {
                    leader = node;
                    return true;
                }
            }

            return false;
        });
        return leader!;
    }

    /// <summary>Waits until all nodes have applied the same entry, and says whether their hashes agree there.</summary>
    public async Task<bool> HashesAgreeAsync(TimeSpan limit)
    {
        IReadOnlyList<NodeStatus?> statuses = [];
        await WaitAsync("equal indexes on all nodes", limit, async () =>
        {
            statuses = await Task.WhenAll(Nodes.Select(node => Client.StatusAsync(node.Url)));
            return statuses.All(status => status is not null && status.HashIndex == statuses[0]!.HashIndex);
        });
        return statuses.All(status => status!.Hash == statuses[0]!.Hash);
    }

    /// <summary>Asks again and again until it is so; throws when the time is over.</summary>
    public static async Task WaitAsync(string what, TimeSpan limit, Func<Task<bool>> isSo)
    {
        for (var clock = Stopwatch.StartNew(); !await isSo();)
        {
            if (clock.Elapsed > limit)
            {
                throw new TimeoutException($"No {what} within {limit.TotalSeconds:F0} s; the nodes' logs say why.");
            }

            await Task.Delay(20);
        }
    }

    public async ValueTask DisposeAsync()
    {
        KillAll();
        await Task.WhenAll(Nodes.Concat(_spares).Select(node => node.WaitForEndAsync()));
        Client.Dispose();
    }

    private ClusterNode Make()
    {
        var at = _made++;
        return new ClusterNode($"n{at + 1}", _portBase + (10 * at), _portBase + (10 * at) + 1, _folder);
    }
}
