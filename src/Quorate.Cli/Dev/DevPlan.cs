namespace Quorate.Cli.Dev;

/// <summary>One node of the cluster before it runs.</summary>
internal sealed record DevNodePlan(string Name, int ClientPort, int PeerPort, string Directory)
{
    public string ClientAddress => $"127.0.0.1:{ClientPort}";

    public string PeerAddress => $"127.0.0.1:{PeerPort}";

    public string LogFile => $"{Directory}.log";
}

/// <summary>The three nodes: names, ports, directories and the command that starts each one alone.</summary>
internal sealed class DevPlan
{
    private const int NodeCount = 3;
    private const int FirstClientPort = 2379;

    // As etcd's own local cluster: 2379, 22379, 32379.
    private static readonly int[] EtcdOffsets = [0, 20_000, 30_000];

    public DevPlan(string directory, int? portBase)
    {
        Directory = directory;
        Nodes = [.. Enumerable.Range(0, NodeCount).Select(i => PlanNode(i, directory, portBase))];
        DevArguments = portBase is null
            ? ["dev", "--data-dir", directory]
            : ["dev", "--data-dir", directory, "--port-base", $"{portBase}"];
        Cluster = string.Join(',', Nodes.Select(node => $"{node.Name}=http://{node.PeerAddress}"));
    }

    /// <summary>The highest base at which the last port is still one.</summary>
    public static int PortBaseMax => ushort.MaxValue - (10 * (NodeCount - 1)) - 1;

    public string Directory { get; }

    public IReadOnlyList<DevNodePlan> Nodes { get; }

    /// <summary>What follows <c>quorate</c> to go on with the same data; the ports belong to its identity.</summary>
    public IReadOnlyList<string> DevArguments { get; }

    private string Cluster { get; }

    /// <summary>What follows <c>quorate</c> to start a node alone.</summary>
    public IReadOnlyList<string> ServeArguments(DevNodePlan node) =>
    [
        "serve",
        "--name", node.Name,
        "--data-dir", node.Directory,
        "--listen-client-urls", $"http://{node.ClientAddress}",
        "--listen-peer-urls", $"http://{node.PeerAddress}",
        "--initial-cluster", Cluster,
    ];

    /// <summary>Three lines to try.</summary>
    public IReadOnlyList<string> LinesToTry() =>
    [
        $"curl -s {Nodes[0].ClientAddress}/key -d '{{\"color\":\"green\"}}'",
        $"curl -s {Nodes[1].ClientAddress}/key/color",
        $"curl -s {Nodes[2].ClientAddress}/status",
    ];

    private static DevNodePlan PlanNode(int i, string directory, int? portBase)
    {
        var clients = portBase is { } first ? first + (10 * i) : FirstClientPort + EtcdOffsets[i];
        return new DevNodePlan($"n{i + 1}", clients, clients + 1, Path.Combine(directory, $"n{i + 1}"));
    }
}
