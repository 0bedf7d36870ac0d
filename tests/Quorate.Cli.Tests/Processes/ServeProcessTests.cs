using System.Net;
using System.Net.Sockets;
using System.Runtime.Versioning;
using Quorate.Cli.Tests.Fakes;

namespace Quorate.Cli.Tests.Processes;

[UnsupportedOSPlatform("windows")]
public sealed class ServeProcessTests : IDisposable
{
    private readonly string _directory = Directory.CreateTempSubdirectory("quorate-serve-").FullName;
    private readonly int _clients = QuorateProcess.FreePort();
    private readonly int _peers = QuorateProcess.FreePort();

    [Fact]
    public async Task A_node_answers_keeps_what_it_was_told_and_stops_in_order()
    {
        using (var node = Serve())
        {
            Assert.Equal("OK\n", (await Call("put", "color", "green", "--wait", "60s")).Out);
            Assert.Contains("became leader", node.AwaitLine("became leader"));
            node.Signal(Posix.Sigterm);
            Assert.Equal(0, await node.AwaitExitAsync());
        }

        using var again = Serve();
        Assert.Equal("color\ngreen\n", (await Call("get", "color", "--wait", "60s")).Out);
        Assert.Contains("role=leader", (await Call("status")).Out);
    }

    [Fact]
    public async Task A_second_process_on_the_same_directory_is_refused()
    {
        using var node = Serve();
        node.AwaitLine("Serving clients");

        using var second = QuorateProcess.Start(
            "serve", "--data-dir", _directory,
            "--listen-client-urls", $"http://127.0.0.1:{QuorateProcess.FreePort()}",
            "--listen-peer-urls", $"http://127.0.0.1:{QuorateProcess.FreePort()}");

        var holder = OperatingSystem.IsLinux() ? $"process {node.Pid} " : "another process";
        await AssertRefused(second, $"{_directory} is in use by {holder}");
    }

    [Fact]
    public async Task A_port_in_use_is_named_with_its_owner()
    {
        using var listener = new TcpListener(IPAddress.Loopback, _clients);
        listener.Start();

        using var node = Serve();

        await AssertRefused(node, $"port {_clients} is in use by process {Environment.ProcessId}");
        Assert.Empty(Directory.EnumerateFileSystemEntries(_directory));
    }

    [Theory]
    [InlineData("clients")]
    [InlineData("members")]
    public async Task A_port_in_use_at_one_address_is_named_by_who_asks_for_all(string whom)
    {
        using var listener = new TcpListener(IPAddress.Loopback, _clients);
        listener.Start();
        var (client, peer) = whom == "clients" ? ($":{_clients}", $":{_peers}") : ($":{_peers}", $":{_clients}");

        using var node = QuorateProcess.Start("serve", "-id", "a", "-haddr", client, "-raddr", peer, _directory);

        await AssertRefused(
            node, $"port {_clients} is in use by process {Environment.ProcessId}",
            $"so that {whom} cannot be served there", "choose another port");
        Assert.Empty(Directory.EnumerateFileSystemEntries(_directory));
    }

    [Fact]
    public async Task A_client_address_that_this_machine_has_not_is_refused_before_anything_is_made()
    {
        using var node = QuorateProcess.Start(
            "serve", "--data-dir", _directory, "--listen-client-urls", $"http://192.0.2.1:{_clients}",
            "--listen-peer-urls", $"http://127.0.0.1:{_peers}");

        await AssertRefused(
            node, $"192.0.2.1:{_clients} cannot be listened on", "so that clients cannot be served there",
            "choose an address that this machine has");
        Assert.Empty(Directory.EnumerateFileSystemEntries(_directory));
    }

    [Fact]
    public async Task A_name_of_two_lines_is_refused_before_anything_is_made()
    {
        using var node = Serve("--name", "n1\nn2");

        await AssertRefused(node, "--name has a control character");
        Assert.Empty(Directory.EnumerateFileSystemEntries(_directory));
    }

    [Fact]
    public async Task The_directory_of_another_member_is_refused()
    {
        using (var node = Serve())
        {
            node.AwaitLine("Serving clients");
            node.Signal(Posix.Sigkill);
            await node.AwaitExitAsync();
        }

        using var other = Serve("--name", "other");

        await AssertRefused(other, "is the data directory of member \"default\", not of \"other\"");
    }

    [Fact]
    public async Task Bad_settings_are_named_in_one_line()
    {
        using var node = Serve("--heartbeat-interval", "x", "--log-level=loud");

        await AssertRefused(node, "--heartbeat-interval 'x'", "--log-level 'loud'");
    }

    [Fact]
    public async Task An_unknown_flag_ends_the_start_with_1()
    {
        using var node = Serve("--data-dri=x");

        await AssertRefused(node, "unknown option '--data-dri', did you mean '--data-dir'?");
    }

    public void Dispose() => Directory.Delete(_directory, recursive: true);

    private static async Task AssertRefused(QuorateProcess node, params string[] expected)
    {
        Assert.Equal(1, await node.AwaitExitAsync());
        var told = Assert.Single(
            node.Output.Split('\n'), line => line.StartsWith("quorate serve:", StringComparison.Ordinal));
        Assert.All(expected, text => Assert.Contains(text, told));
        Assert.DoesNotContain("   at ", node.Output);
    }

    private QuorateProcess Serve(params string[] more) => QuorateProcess.Start(
    [
        "serve", "--data-dir", _directory,
        "--listen-client-urls", $"http://127.0.0.1:{_clients}",
        "--listen-peer-urls", $"http://127.0.0.1:{_peers}",
        .. more,
    ]);

    private Task<TestRun> Call(params string[] args) =>
        TestRun.OfAsync([.. args, "--endpoints", $"127.0.0.1:{_clients}"]);
}
