using System.Diagnostics;
using System.Runtime.Versioning;
using Quorate.Cli.Tests.Fakes;

namespace Quorate.Cli.Tests.Processes;

/// <summary>Real nodes, from one to three and down to one, by commands only.</summary>
[UnsupportedOSPlatform("windows")]
public sealed class ClusterProcessTests : IDisposable
{
    // Bounds for a machine that does much else; nothing is expected to take as long.
    private static readonly TimeSpan Limit = TimeSpan.FromMinutes(1);
    private static readonly string[] Patient = ["--timeout", "60s", "--wait", "60s"];

    private readonly string _directory = Directory.CreateTempSubdirectory("quorate-cluster-").FullName;
    private readonly List<QuorateProcess> _processes = [];

    [Fact]
    public async Task Cluster_grows_hands_over_replaces_and_shrinks_by_commands()
    {
        var (a, b, c, d) = (Start("a"), Start("b"), Start("c"), Start("d"));

        await ExpectAsync(6, a, "leader", "--timeout", "1s", "--wait", "0s");
        Assert.Contains("Cluster configuration   : Unconfigured\n", await OkAsync(a, "raft-status"));
        Assert.Equal($"Added \"a\" at {a.Peer}\n", await OkAsync(a, "raft-add", "a", a.Peer));
        Assert.Contains("Current Role            : LEADER\n", await OkAsync(a, "raft-status"));
        Assert.Equal("OK\n", await OkAsync(a, "put", "color", "green"));

        await OkAsync(a, "raft-add", "b", b.Peer);
        await OkAsync(a, "member", "add", "c", "--peer-urls", c.Peer, "--catch-up", "2m");
        await AwaitVotersAsync(b, 3);
        await ExpectAsync(1, b, "member", "remove", "nobody");

        await OkAsync(b, "leader", "transfer", "b");
        await AwaitAsync(c, output => output == "b\n", "leader");
        await AwaitAsync(c, output => output.Contains(b.Client, StringComparison.Ordinal), "member", "list");
        await ExpectAsync(1, c, "raft-step-down");

        await OkAsync(a, "member", "replace", "c", "--peer-urls", d.Peer, "--catch-up", "2m");
        Assert.DoesNotContain(", started, c, ", await OkAsync(a, "member", "list"));
        Assert.Contains(", started, d, ", await OkAsync(a, "member", "list"));
        Assert.Equal("color\ngreen\n", await OkAsync(d, "get", "color"));

        await OkAsync(a, "member", "remove", "d");
        Assert.Equal("Removed \"a\"\n", await OkAsync(b, "raft-remove", "a"));
        await ExpectAsync(1, b, "raft-remove", "b");
        await AwaitVotersAsync(b, 1);
        Assert.Equal("color\ngreen\n", await OkAsync(b, "get", "color"));
    }

    public void Dispose()
    {
        _processes.ForEach(process => process.Dispose());
        Directory.Delete(_directory, recursive: true);
    }

    private static Task AwaitVotersAsync(Node node, int count) => AwaitAsync(
        node,
        output => output.Split('\n', StringSplitOptions.RemoveEmptyEntries).Length == count
            && !output.Contains(", true", StringComparison.Ordinal),
        "member", "list");

    // Until the output is so: a node may be a moment behind the one that was asked before.
    private static async Task AwaitAsync(Node node, Func<string, bool> isSo, params string[] words)
    {
        var started = Stopwatch.GetTimestamp();
        var output = await OkAsync(node, words);
        while (!isSo(output) && Stopwatch.GetElapsedTime(started) < Limit)
        {
            output = await OkAsync(node, words);
        }

        Assert.True(isSo(output), $"{string.Join(' ', words)}: {output}");
    }

    private static async Task<string> OkAsync(Node node, params string[] words)
    {
        var run = await TestRun.OfAsync([.. words, .. Patient, "--endpoints", node.Client]);
        Assert.True(run.ExitCode == 0, $"{string.Join(' ', words)}: {run.ExitCode} {run.Out}{run.Error}");
        return run.Out;
    }

    private static async Task ExpectAsync(int exitCode, Node node, params string[] words)
    {
        var run = await TestRun.OfAsync([.. words, "--endpoints", node.Client]);
        Assert.Equal((exitCode, ""), (run.ExitCode, run.Out));
    }

    private Node Start(string name)
    {
        var node = new Node($"127.0.0.1:{QuorateProcess.FreePort()}", $"127.0.0.1:{QuorateProcess.FreePort()}");
        var process = QuorateProcess.Start(
            "serve", "--name", name, "--data-dir", Path.Combine(_directory, name),
            "--initial-cluster", $"{name}=http://{node.Peer}", "--initial-cluster-state", "existing",
            "--listen-client-urls", $"http://{node.Client}", "--advertise-client-urls", $"http://{node.Client}",
            "--listen-peer-urls", $"http://{node.Peer}", "--initial-advertise-peer-urls", $"http://{node.Peer}");
        _processes.Add(process);
        process.AwaitLine("Serving clients");
        return node;
    }

    private sealed record Node(string Client, string Peer);
}
