using System.Net;
using Microsoft.Extensions.Logging.Abstractions;
using Quorate.Node;
using Quorate.Server.Tests.Http;

namespace Quorate.Server.Tests.Nodes;

/// <summary>Nodes that ask to be taken into a cluster.</summary>
[Collection("real nodes")]
public sealed class JoinTests : IAsyncLifetime
{
    private readonly TempDirectory _directory = new();
    private readonly List<QuorateServer> _servers = [];
    private RunningNode[] _nodes = [];

    public Task InitializeAsync()
    {
        _nodes = RunningNode.Cluster(_directory.Path, "n1", "n2", "n3");
        return Task.CompletedTask;
    }

    [Fact]
    public async Task A_node_is_taken_in_by_the_first_target_that_can_and_needs_none_afterwards()
    {
        await StartAsync(_nodes[0], []);
        await StartAsync(_nodes[1], [Authority(_nodes[2]), Authority(_nodes[0])]);
        await BecomesMemberAsync(_nodes[1]);

        // By way of a member that need not lead.
        await StartAsync(_nodes[2], [Authority(_nodes[1])]);
        await BecomesMemberAsync(_nodes[2]);
        Assert.Equal(HttpStatusCode.OK, (await _nodes[2].PostAsync("/key?wait=1m", "{\"a\":\"1\"}")).Status);

        await _servers[1].StopAsync();
        await StartAsync(_nodes[1], ["127.0.0.1:1"]);
        Assert.Equal(NodeState.Member, _servers[3].Member.Status().NodeState);
        Assert.Equal("{\"a\":\"1\"}", (await _nodes[1].GetAsync("/key/a?wait=1m")).Text);
        Assert.Equal(
            ["n1", "n2", "n3"], _servers[3].Member.Status().Members.Select(member => member.Name).Order());
    }

    [Fact]
    public async Task A_node_that_was_alone_is_taken_in_as_well()
    {
        await StartAsync(_nodes[0], []);
        await StartAsync(_nodes[1], [Authority(_nodes[0])], waits: false);

        await BecomesMemberAsync(_nodes[1]);

        Assert.Equal(_servers[0].Member.Status().ClusterId, _servers[1].Member.Status().ClusterId);
    }

    [Fact]
    public async Task Asking_ends_with_the_node()
    {
        await StartAsync(_nodes[0], ["127.0.0.1:1"], waits: true);

        await _servers[0].StopAsync();

        await _servers[0].Stopped;
    }

    public async Task DisposeAsync()
    {
        await Task.WhenAll(_servers.Select(server => server.StopAsync()));
        foreach (var node in _nodes)
        {
            await node.DisposeAsync();
        }

        _directory.Dispose();
    }

    // Asked over HTTP: while a node goes on as another member it has none that could be asked.
    private static Task BecomesMemberAsync(RunningNode node) =>
        Eventually.HoldsAsync(async () =>
        {
            var status = (await node.GetAsync("/status")).Json;
            return status.GetProperty("nodeState").GetString() == "member"
                && status.GetProperty("leader").GetProperty("id").GetString() == "n1";
        });

    private static string Authority(RunningNode node) => new Uri(node.ClientUrl).Authority;

    private async Task StartAsync(RunningNode node, string[] targets, bool? waits = null)
    {
        var peers = node.ServerOptions.ListenPeerUrls;
        _servers.Add(await QuorateServer.StartAsync(
            new ServerOptions
            {
                ListenClientUrls = [node.ClientUrl],
                ListenPeerUrls = peers,
                Join = new JoinOptions { Targets = targets, Addresses = [new Uri(peers[0]).Authority] },
            },
            new MemberOptions
            {
                Name = node.Name,
                DataDirectory = node.MemberOptions.DataDirectory,
                InitialCluster = [new StartMember(node.Name, peers)],
                StartsUnconfigured = waits ?? targets.Length > 0,
                AdvertisePeerUrls = peers,
                AdvertiseClientUrls = [node.ClientUrl],
            },
            NullLoggerFactory.Instance,
            meters: null,
            CancellationToken.None));
    }
}
