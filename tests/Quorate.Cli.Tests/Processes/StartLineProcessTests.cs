using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Runtime.Versioning;

namespace Quorate.Cli.Tests.Processes;

/// <summary>Every spelling of the start line, with real processes.</summary>
[UnsupportedOSPlatform("windows")]
public sealed class StartLineProcessTests : IDisposable
{
    private readonly string _directory = Directory.CreateTempSubdirectory("quorate-lines-").FullName;
    private readonly NodeCalls _calls = new();
    private readonly List<QuorateProcess> _processes = [];

    [Fact]
    public async Task Raftdb_nodes_join_and_come_back_at_other_addresses()
    {
        var ports = Ports(6);
        var (clients, peers) = (ports[..3], ports[3..]);
        Raftdb("n1", clients[0], peers[0]);
        Raftdb("n2", clients[1], peers[1], "-join", $":{clients[0]}");
        var third = Raftdb("n3", clients[2], peers[2], "-join", $"127.0.0.1:1,127.0.0.1:{clients[0]}");
        await _calls.AwaitVotersAsync(clients[0], ("n1", peers[0]), ("n2", peers[1]), ("n3", peers[2]));
        await _calls.PostAsync(clients[1], "/key", "{\"foo\":\"bar\"}");
        Assert.Equal("{\"foo\":\"bar\"}", await _calls.GetAsync(clients[2], "/key/foo?level=consistent"));
        Assert.Equal("{\"nothing\":\"\"}", await _calls.GetAsync(clients[0], "/key/nothing?level=stale"));

        third.Signal(Posix.Sigterm);
        Assert.Equal(0, await third.AwaitExitAsync());
        var (client, peer) = Pair();
        Raftdb("n3", client, peer, "-join", "127.0.0.1:1");

        await _calls.AwaitVotersAsync(clients[0], ("n1", peers[0]), ("n2", peers[1]), ("n3", peer));
        Assert.Equal("{\"foo\":\"bar\"}", await _calls.GetAsync(client, "/key/foo?level=consistent"));
        Assert.DoesNotContain("Not taken into the cluster", _processes[^1].Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Empty_value_is_told_and_takes_no_word_behind_it()
    {
        var data = Path.Combine(_directory, "empty");

        var refused = Start("-id", "", data);

        Assert.Equal(1, await refused.AwaitExitAsync());
        Assert.Contains("-id is empty", refused.Output, StringComparison.Ordinal);
        Assert.False(Directory.Exists(data));
    }

    [Fact]
    public async Task Balsa_s_scripts_start_three_nodes_that_join_and_are_pumped()
    {
        var ports = Ports(6);
        var (clients, peers) = (ports[..3], ports[3..]);
        for (var at = 0; at < 3; at++)
        {
            Balsa(at + 1, clients[at], peers[at]);
        }

        await _calls.AwaitStatusAsync(clients[1], "nodeState", "alone");
        await _calls.AwaitStatusAsync(clients[2], "nodeState", "alone");
        await _calls.GetAsync(clients[0], $"/join?nodeId=n2&raftPort={peers[1]}");
        await _calls.GetAsync(clients[0], $"/join?nodeId=n3&raftPort={peers[2]}");
        await _calls.AwaitVotersAsync(clients[0], ("n1", peers[0]), ("n2", peers[1]), ("n3", peers[2]));

        using var pump = QuorateProcess.StartScript(Sample("pump.sh"), [], "25", $"127.0.0.1:{clients[0]}");
        Assert.Equal(0, await pump.AwaitExitAsync());

        Assert.Contains("25 keys set", pump.Output, StringComparison.Ordinal);
        Assert.Contains("25", await _calls.GetAsync(clients[2], "/get?key=25"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Balsa_s_script_empties_only_what_it_has_made()
    {
        var precious = Path.Combine(_directory, "node1", "precious");
        Directory.CreateDirectory(precious);

        var (client, peer) = Pair();
        var refused = Balsa(1, client, peer);

        Assert.Equal(1, await refused.AwaitExitAsync());
        Assert.Contains("was not made by this script", refused.Output, StringComparison.Ordinal);
        Assert.True(Directory.Exists(precious));
    }

    [Fact]
    public async Task A_permazen_node_waits_and_finds_its_client_port_again()
    {
        var peer = Ports(1)[0];
        var first = Permazen(peer);
        var port = PortOf(first.AwaitLine("Clients are served on loopback at port"));
        await _calls.AwaitStatusAsync(port, "nodeState", "unconfigured");
        await _calls.AwaitStatusAsync(port, "electionMaxMs", "1000");
        await _calls.AwaitStatusAsync(port, "requestTimeoutMs", "5000");
        Assert.Contains("is not used", first.Output, StringComparison.Ordinal);
        first.Signal(Posix.Sigterm);
        Assert.Equal(0, await first.AwaitExitAsync());

        var second = Permazen(peer);

        Assert.Equal(port, PortOf(second.AwaitLine("Clients are served on loopback at port")));
        Assert.DoesNotContain("unknown", second.Output, StringComparison.OrdinalIgnoreCase);
    }

    [Fact]
    public async Task A_config_file_says_what_the_line_does_not()
    {
        var (client, peer) = Pair();
        var file = Path.Combine(_directory, "node.yml");
        await File.WriteAllTextAsync(
            file,
            $"name: from-file\ndata-dir: {Path.Combine(_directory, "data")}\nheartbeat-interval: 50\n"
            + $"listen-client-urls:\n  - http://127.0.0.1:{client}\nlisten-peer-urls: http://127.0.0.1:{peer}\n");

        Start("--config-file", file, "--election-timeout", "900");

        await _calls.AwaitStatusAsync(client, "heartbeatMs", "50");
        await _calls.AwaitStatusAsync(client, "electionMs", "900");
        await _calls.AwaitVotersAsync(client, ("from-file", peer));
    }

    [Fact]
    public async Task In_memory_leaves_nothing_and_says_so()
    {
        var (client, peer) = Pair();
        var data = Path.Combine(_directory, "never");
        var node = Start(
            "-id", "n1", "-haddr", $"127.0.0.1:{client}", "-raddr", $"127.0.0.1:{peer}", "-inmem", data);
        await _calls.PostAsync(client, "/key", "{\"a\":\"b\"}");
        await _calls.AwaitStatusAsync(client, "inMemory", "True");

        node.Signal(Posix.Sigterm);
        Assert.Equal(0, await node.AwaitExitAsync());

        Assert.Contains(node.Output.Split('\n'), line =>
            line.Contains(" warn  IN MEMORY ONLY", StringComparison.Ordinal));
        Assert.Empty(Directory.GetFileSystemEntries(_directory));
    }

    public void Dispose()
    {
        _processes.ForEach(process => process.Dispose());
        _calls.Dispose();
        Directory.Delete(_directory, recursive: true);
    }

    // Held together until all are known, so that no two are the same.
    private static int[] Ports(int count)
    {
        var listeners = Enumerable.Range(0, count).Select(_ => new TcpListener(IPAddress.Loopback, 0)).ToArray();
        Array.ForEach(listeners, listener => listener.Start());
        var ports = listeners.Select(listener => ((IPEndPoint)listener.LocalEndpoint).Port).ToArray();
        Array.ForEach(listeners, listener => listener.Dispose());
        return ports;
    }

    private static (int Client, int Peer) Pair() => Ports(2) is [var client, var peer] ? (client, peer) : default;

    private static int PortOf(string line) => int.Parse(
        line.Split("at port ")[1].Split(',')[0], NumberStyles.None, CultureInfo.InvariantCulture);

    private static string Sample(string name)
    {
        var root = new DirectoryInfo(AppContext.BaseDirectory);
        while (!File.Exists(Path.Combine(root.FullName, "Quorate.slnx")))
        {
            root = root.Parent ?? throw new DirectoryNotFoundException("the tests run outside of the clone");
        }

        return Path.Combine(root.FullName, "samples", "balsa", name);
    }

    private QuorateProcess Raftdb(string id, int client, int peer, params string[] more) => Start(
    [
        "-id", id, "-haddr", $"127.0.0.1:{client}", "-raddr", $"127.0.0.1:{peer}", .. more,
        Path.Combine(_directory, id),
    ]);

    private QuorateProcess Permazen(int peer) => Start(
        "--raft-dir", Path.Combine(_directory, "raft"), "--raft-identity", "nodeA",
        "--raft-address", $"127.0.0.1:{peer}", "--arraydb", Path.Combine(_directory, "raft", "kvstore"));

    private QuorateProcess Balsa(int number, int client, int peer)
    {
        // Written once: a script that is being started must not change.
        var executable = Path.Combine(_directory, "quorate");
        if (!File.Exists(executable))
        {
            File.WriteAllText(executable, $"#!/bin/sh\nexec dotnet '{QuorateProcess.Executable}' \"$@\"\n");
            File.SetUnixFileMode(
                executable, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
        }

        return Keep(QuorateProcess.StartScript(
            Sample("start.sh"),
            [
                ("QUORATE", executable), ("QUORATE_BALSA_ROOM", _directory), ("HTTP_SERVER_PORT", $"{client}"),
                ("RAFT_SERVER_PORT", $"{peer}"),
            ],
            $"{number}"));
    }

    private QuorateProcess Start(params string[] arguments) => Keep(QuorateProcess.Start(["serve", .. arguments]));

    private QuorateProcess Keep(QuorateProcess process)
    {
        _processes.Add(process);
        return process;
    }
}
