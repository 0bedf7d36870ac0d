using System.Diagnostics;
using System.Net;
using System.Runtime.Versioning;
using System.Text.RegularExpressions;
using Quorate.Cli.Dev;
using Quorate.Cli.Tests.Fakes;

namespace Quorate.Cli.Tests.Processes;

[UnsupportedOSPlatform("windows")]
public sealed partial class DevProcessTests : IDisposable
{
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(30);
    private readonly string _directory = Directory.CreateTempSubdirectory("quorate-dev-test-").FullName;
    private readonly int _base = FreeBase();

    [Fact]
    public async Task Three_nodes_run_survive_one_and_end_together()
    {
        using var dev = StartDev();
        var nodes = ReadPids(dev);
        var leader = dev.AwaitLine("ready: n")["ready: n".Length] - '1';
        await Say("OK\n", node: 0, "put", "color", "green");

        Posix.Signal(nodes[leader], Posix.Sigkill);
        var other = (leader + 1) % nodes.Length;

        dev.AwaitLine($"n{leader + 1} (pid {nodes[leader]}) ended");

        // Before the others have a leader a write may come to nothing, with its outcome unknown.
        dev.AwaitLine("ready: n");
        await Say("OK\n", other, "put", "color", "red");
        await Say("color\nred\n", other, "get", "color");
        dev.Signal(Posix.Sigterm);
        Assert.Equal(0, await dev.AwaitExitAsync());
        await AwaitEnd(nodes);
    }

    [Fact]
    public async Task No_node_outlives_a_killed_parent()
    {
        using var dev = StartDev();
        var nodes = ReadPids(dev);
        dev.AwaitLine("ready: n");

        dev.Signal(Posix.Sigkill);
        await dev.AwaitExitAsync();

        await AwaitEnd(nodes);
    }

    [Fact]
    public async Task Ports_in_use_are_named_with_their_owner()
    {
        using var listener = new System.Net.Sockets.TcpListener(IPAddress.Loopback, _base + 10);
        listener.Start();

        using var dev = StartDev();

        Assert.Equal(1, await dev.AwaitExitAsync());
        Assert.StartsWith(
            $"quorate dev: port {_base + 10} is in use by process {Environment.ProcessId}", dev.Output);
    }

    [Theory]
    [InlineData("0")]
    [InlineData("65530")]
    [InlineData("many")]
    public async Task A_bad_base_exits_with_1(string portBase)
    {
        using var dev = QuorateProcess.Start("dev", "--port-base", portBase);

        Assert.Equal(1, await dev.AwaitExitAsync());
        Assert.StartsWith($"quorate dev: --port-base '{portBase}' is not a port", dev.Output);
    }

    public void Dispose() => Directory.Delete(_directory, recursive: true);

    private static int[] ReadPids(QuorateProcess dev) =>
        [.. Enumerable.Range(1, 3).Select(i => int.Parse(PidOf().Match(dev.AwaitLine($"n{i}: pid ")).Value))];

    private static async Task AwaitEnd(int[] pids)
    {
        foreach (var pid in pids)
        {
            try
            {
                using var process = Process.GetProcessById(pid);
                using var limit = new CancellationTokenSource(Limit);
                await process.WaitForExitAsync(limit.Token);
            }
            catch (ArgumentException)
            {
                // It has ended already.
            }
        }
    }

    private static int FreeBase()
    {
        var candidate = QuorateProcess.FreePort();
        return candidate <= DevPlan.PortBaseMax && new DevPlan("", candidate).Nodes
            .SelectMany(node => new[] { node.ClientPort, node.PeerPort })
            .All(port => PortOwner.WhyTaken(IPAddress.Loopback, port) is null)
            ? candidate
            : FreeBase();
    }

    [GeneratedRegex(@"(?<=pid )\d+")]
    private static partial Regex PidOf();

    private QuorateProcess StartDev() =>
        QuorateProcess.Start("dev", "--data-dir", _directory, "--port-base", $"{_base}");

    private async Task Say(string expected, int node, params string[] args) => Assert.Equal(
        new TestRun(0, expected, ""),
        await TestRun.OfAsync([.. args, "--wait", "30s", "--endpoints", $"127.0.0.1:{_base + (10 * node)}"]));
}
