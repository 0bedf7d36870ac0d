using System.Runtime.Versioning;
using System.Text.Json;
using Quorate.Cli.Tests.Fakes;

namespace Quorate.Cli.Tests.Processes;

/// <summary>A quorum lost for good, with real processes and directories.</summary>
[UnsupportedOSPlatform("windows")]
public sealed class RecoverProcessTests : IDisposable
{
    private const int Members = 3;
    private readonly string _directory = Directory.CreateTempSubdirectory("quorate-recover-").FullName;
    private readonly int[] _clients = [.. Enumerable.Range(0, Members).Select(_ => QuorateProcess.FreePort())];
    private readonly int[] _peers = [.. Enumerable.Range(0, Members).Select(_ => QuorateProcess.FreePort())];

    [Fact]
    public async Task Last_directory_of_three_brings_all_its_data_back_and_deleted_ones_are_refused()
    {
        await RunAndKillAllAsync();
        Directory.Delete(PathOf(0), recursive: true);
        Directory.Delete(PathOf(1), recursive: true);

        var recovered = await TestRun.OfAsync(["recover", "--data-dir", PathOf(2), "--yes"]);

        Assert.Equal(("", 0), (recovered.Error, recovered.ExitCode));
        Assert.Contains("voter \"n1\"", recovered.Out, StringComparison.Ordinal);
        Assert.Contains("voter \"n2\"", recovered.Out, StringComparison.Ordinal);
        using var third = Serve(2);
        Assert.Contains("recovered from a lost quorum", third.AwaitLine("recovered from"));
        for (var at = 0; at < 10; at++)
        {
            Assert.Equal($"k{at}\nv{at}\n", (await Call(2, "get", $"k{at}", "--wait", "60s")).Out);
        }

        Assert.Equal("OK\n", (await Call(2, "put", "after", "recovery")).Out);
        var status = await StatusAsync(2);
        Assert.Equal(2, status.GetProperty("recovered").GetProperty("doubts").EnumerateArray()
            .Count(doubt => doubt.GetString()!.EndsWith("was not surveyed", StringComparison.Ordinal)));

        using var first = Serve(0);
        Assert.Contains("\"n1\"", first.AwaitLine("ForeignCluster"));
        Assert.Contains("\"n1\"", third.AwaitLine("ForeignCluster"));
        Assert.Equal("n3", (await StatusAsync(2)).GetProperty("leader").GetProperty("id").GetString());
        Assert.Equal("", (await StatusAsync(0)).GetProperty("leader").GetProperty("id").GetString());
    }

    [Fact]
    public async Task Emptied_voter_is_refused_by_name_by_those_who_remember_it()
    {
        using var first = Serve(0);
        using var second = Serve(1);
        using (var third = Serve(2))
        {
            Assert.Equal("OK\n", (await Call(0, "put", "k", "v", "--wait", "60s")).Out);
            third.Signal(Posix.Sigkill);
            await third.AwaitExitAsync();
        }

        Directory.Delete(PathOf(2), recursive: true);
        using var emptied = Serve(2);

        Assert.Contains("\"n3\"", emptied.AwaitLine("come back as a new member"));
        Assert.Contains("\"n3\"", first.AwaitLine("come back as a new member"));
        Assert.Equal("k\nv\n", (await Call(1, "get", "k", "--wait", "60s")).Out);
        Assert.Equal(0, (await StatusAsync(2)).GetProperty("revision").GetInt64() - 1);
    }

    [Fact]
    public async Task Reset_directory_starts_unconfigured_with_the_same_line()
    {
        await RunAndKillAllAsync();
        Assert.Equal(0, (await TestRun.OfAsync(["reset", "--data-dir", PathOf(0), "--yes"])).ExitCode);

        using var node = Serve(0);

        node.AwaitLine("belongs to no cluster");
        node.AwaitLine("Serving clients");
        var status = await StatusAsync(0);
        Assert.Equal(new string('0', 32), status.GetProperty("clusterId").GetString());
        Assert.Equal("n1", status.GetProperty("me").GetProperty("id").GetString());
        Assert.Equal(6, (await Call(0, "put", "k", "v")).ExitCode);
    }

    [Fact]
    public async Task Node_of_an_existing_cluster_waits_and_answers_meanwhile()
    {
        using var node = Serve(0, "--initial-cluster-state", "existing");
        node.AwaitLine("belongs to no cluster");
        node.AwaitLine("Serving clients");

        using var http = new HttpClient();
        using var health = await http.GetAsync($"http://127.0.0.1:{_clients[0]}/health");

        Assert.Equal(503, (int)health.StatusCode);
        Assert.Contains("\"false\"", await health.Content.ReadAsStringAsync(), StringComparison.Ordinal);
        Assert.Equal("follower", (await StatusAsync(0)).GetProperty("role").GetString());
        node.Signal(Posix.Sigterm);
        Assert.Equal(0, await node.AwaitExitAsync());
    }

    public void Dispose() => Directory.Delete(_directory, recursive: true);

    private async Task RunAndKillAllAsync()
    {
        var nodes = Enumerable.Range(0, Members).Select(at => Serve(at)).ToArray();
        try
        {
            for (var at = 0; at < 10; at++)
            {
                Assert.Equal("OK\n", (await Call(0, "put", $"k{at}", $"v{at}", "--wait", "60s")).Out);
            }

            await AwaitAppliedAsync();
        }
        finally
        {
            foreach (var node in nodes)
            {
                node.Signal(Posix.Sigkill);
                await node.AwaitExitAsync();
                node.Dispose();
            }
        }
    }

    // An acknowledged write is on a majority; the last member alone has it all once it has applied it.
    private async Task AwaitAppliedAsync()
    {
        using var timer = new PeriodicTimer(TimeSpan.FromMilliseconds(50));
        using var limit = new CancellationTokenSource(TimeSpan.FromMinutes(1));
        var wanted = (await StatusAsync(0)).GetProperty("revision").GetInt64();
        while ((await StatusAsync(2)).GetProperty("revision").GetInt64() < wanted)
        {
            await timer.WaitForNextTickAsync(limit.Token);
        }
    }

    private async Task<JsonElement> StatusAsync(int at)
    {
        using var http = new HttpClient();
        using var json = JsonDocument.Parse(await http.GetStringAsync($"http://127.0.0.1:{_clients[at]}/status"));
        return json.RootElement.Clone();
    }

    private string PathOf(int at) => Path.Combine(_directory, $"n{at + 1}");

    private QuorateProcess Serve(int at, params string[] more) => QuorateProcess.Start(
    [
        "serve", "--name", $"n{at + 1}", "--data-dir", PathOf(at),
        "--listen-client-urls", $"http://127.0.0.1:{_clients[at]}",
        "--listen-peer-urls", $"http://127.0.0.1:{_peers[at]}",
        "--initial-cluster", string.Join(',', _peers.Select((port, i) => $"n{i + 1}=http://127.0.0.1:{port}")),
        .. more,
    ]);

    private Task<TestRun> Call(int at, params string[] args) =>
        TestRun.OfAsync([.. args, "--endpoints", $"127.0.0.1:{_clients[at]}"]);
}
