using System.Net;
using System.Net.Sockets;
using Microsoft.Extensions.Logging.Abstractions;
using Quorate.Node;
using Quorate.Server.Tests.Peer;

namespace Quorate.Server.Tests.Nodes;

/// <summary>What a node can be told to listen on.</summary>
[Collection("real nodes")]
public sealed class AddressTests
{
    [Fact]
    public async Task Every_address_means_both_ip_versions_where_the_system_has_them()
    {
        await using var node = await StartAsync("http://[::]:0", "http://[::]:0");

        var port = new Uri(Assert.Single(node.ClientUrls)).Port;
        await AnswersAsync($"http://127.0.0.1:{port}");
        if (Socket.OSSupportsIPv6)
        {
            await AnswersAsync($"http://[::1]:{port}");
        }
    }

    [Fact]
    public async Task A_name_that_is_this_machine_is_looked_up_at_start()
    {
        await using var node = await StartAsync("http://localhost:0", "http://localhost:0");

        await AnswersAsync(Assert.Single(node.ClientUrls));
    }

    [Theory]
    [InlineData("http://no-such-host.invalid:1", "http://127.0.0.1:0")]
    [InlineData("http://127.0.0.1:0", "http://no-such-host.invalid:1")]
    public async Task A_name_that_nobody_knows_is_refused_and_leaves_nothing_behind(string clients, string peers)
    {
        using var directory = new TempDirectory();

        var fault = await Assert.ThrowsAsync<IOException>(() => StartAsync(clients, peers, directory.Path));

        Assert.Contains(
            "Cannot listen at http://no-such-host.invalid:1: no-such-host.invalid cannot be looked up", fault.Message);
        Assert.Empty(Directory.GetFileSystemEntries(directory.Path));
        await using var again = await StartAsync("http://127.0.0.1:0", "http://127.0.0.1:0", directory.Path);
    }

    [Fact]
    public async Task Peers_are_heard_on_both_ip_versions()
    {
        await using var transport = TcpParts.Bind("http://[::]:0");
        transport.Listen(_ => null);

        using var one = await TcpParts.ConnectAsync(transport);
        await TcpParts.WhenEndedAsync(one);
        if (Socket.OSSupportsIPv6)
        {
            using var other = new Socket(AddressFamily.InterNetworkV6, SocketType.Stream, ProtocolType.Tcp);
            await other.ConnectAsync(new IPEndPoint(IPAddress.IPv6Loopback, transport.BoundTo[0].Port));
            await TcpParts.WhenEndedAsync(other);
        }
    }

    [Fact]
    public async Task A_node_that_does_not_know_where_it_is_reached_takes_a_setup_for_any_address_it_has()
    {
        using var directory = new TempDirectory();
        await using var node = RunningNode.Cluster(directory.Path, "n1")[0];
        var port = new Uri(node.ServerOptions.ListenPeerUrls[0]).Port;
        await using var server = await QuorateServer.StartAsync(
            node.ServerOptions,
            new MemberOptions
            {
                Name = "n1",
                DataDirectory = directory.Path,
                InitialCluster = [],
                StartsUnconfigured = true,
                AdvertisePeerUrls = [$"http://no-such-host.invalid:{port}"],
                AdvertisedIsAssumed = true,
            },
            NullLoggerFactory.Instance,
            meters: null,
            CancellationToken.None);

        Assert.Equal(HttpStatusCode.BadRequest, (await node.PostAsync("/setup", Setup(port - 1))).Status);
        var done = await node.PostAsync("/setup", Setup(port));

        Assert.True(done.Status == HttpStatusCode.OK, done.Text);
        var me = (await node.GetAsync("/status")).Json.GetProperty("me");
        Assert.Equal("1", me.GetProperty("id").GetString());

        string Setup(int raftPort) =>
            $"{{\"leaderAddr\":\"{new Uri(node.ClientUrl).Authority}\",\"leaderRaftAddr\":\"127.0.0.1:{raftPort}\","
            + "\"leaderId\":\"1\",\"clientAddrs\":[],\"clientRaftAddrs\":[],\"clientIds\":[]}";
    }

    private static async Task AnswersAsync(string url)
    {
        using var client = new HttpClient(new SocketsHttpHandler { UseProxy = false });
        using var answer = await client.GetAsync(new Uri($"{url}/status"));
        Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
    }

    private static Task<QuorateServer> StartAsync(string clients, string peers, string? directory = null) =>
        QuorateServer.StartAsync(
            new ServerOptions { ListenClientUrls = [clients], ListenPeerUrls = [peers] },
            new MemberOptions
            {
                Name = "n1",
                DataDirectory = directory ?? "/in-memory",
                InMemory = directory is null,
                InitialCluster = [],
                StartsUnconfigured = true,
            },
            NullLoggerFactory.Instance,
            meters: null,
            CancellationToken.None);
}
