using System.Net;
using Microsoft.Extensions.Logging.Abstractions;
using Quorate.Node;

namespace Quorate.Server.Tests.Nodes;

/// <summary>A node that keeps nothing on disk.</summary>
[Collection("real nodes")]
public sealed class InMemoryTests
{
    [Fact]
    public async Task Nothing_is_left_and_the_next_start_is_a_new_empty_node()
    {
        using var directory = new TempDirectory();
        await using var node = RunningNode.Cluster(Path.Combine(directory.Path, "never"), "n1")[0];
        await using (var server = await StartAsync(node))
        {
            Assert.Equal(HttpStatusCode.OK, (await node.PostAsync("/key?wait=1m", "{\"a\":\"1\"}")).Status);
            Assert.Equal("{\"a\":\"1\"}", (await node.GetAsync("/key/a")).Text);
            var status = (await node.GetAsync("/status")).Json;
            Assert.True(status.GetProperty("inMemory").GetBoolean());
            Assert.Empty(Directory.GetFileSystemEntries(directory.Path));
            await server.StopAsync();
        }

        Assert.Empty(Directory.GetFileSystemEntries(directory.Path));
        await using var again = await StartAsync(node);
        Assert.Equal(HttpStatusCode.NotFound, (await node.GetAsync("/key/a?wait=1m")).Status);
        Assert.Equal(1, again.Member.Status().Revision.Value);
    }

    [Fact]
    public async Task Three_of_them_agree_and_two_that_started_anew_are_no_quorum_for_the_one_that_remembers()
    {
        using var directory = new TempDirectory();
        var nodes = RunningNode.Cluster(directory.Path, "n1", "n2", "n3");
        var servers = await Task.WhenAll(nodes.Select(StartAsync));
        Assert.Equal(HttpStatusCode.OK, (await nodes[0].PostAsync("/key?wait=1m", "{\"a\":\"1\"}")).Status);

        await servers[1].StopAsync();
        await servers[2].StopAsync();
        var (second, third) = (await StartAsync(nodes[1]), await StartAsync(nodes[2]));
        await Eventually.HoldsAsync(() => Task.FromResult(second.Member.Status().WaitingFor is ["n1"]));

        Assert.NotEqual(HttpStatusCode.OK, (await nodes[0].PostAsync("/key?timeout=1s", "{\"b\":\"2\"}")).Status);
        Assert.Contains("\"a\"", (await nodes[0].GetAsync("/key/a?level=stale")).Text, StringComparison.Ordinal);
        await Task.WhenAll(servers[0].StopAsync(), second.StopAsync(), third.StopAsync());
        await Task.WhenAll(nodes.Select(node => node.DisposeAsync().AsTask()));
        Assert.Empty(Directory.GetFileSystemEntries(directory.Path));
    }

    private static Task<QuorateServer> StartAsync(RunningNode node)
    {
        var options = node.MemberOptions;
        return QuorateServer.StartAsync(
            node.ServerOptions,
            new MemberOptions
            {
                Name = options.Name,
                DataDirectory = options.DataDirectory,
                InitialCluster = options.InitialCluster,
                AdvertisePeerUrls = options.AdvertisePeerUrls,
                AdvertiseClientUrls = options.AdvertiseClientUrls,
                InMemory = true,
            },
            NullLoggerFactory.Instance,
            meters: null,
            CancellationToken.None);
    }
}
