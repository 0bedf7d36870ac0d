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
