using System.Net;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;

namespace Quorate.Server.Tests.Nodes;

[Collection("real nodes")]
public sealed class LoneNodeTests
{
    [Fact]
    public async Task Node_keeps_its_data_over_an_orderly_stop()
    {
        using var directory = new TempDirectory();
        await using var node = RunningNode.Cluster(directory.Path, "n1")[0];

        await node.StartAsync();
        var written = await node.PostAsync("/key?wait=1m", "{\"a\":\"1\"}");
        var stopped = node.Server.Stopped;
        await node.StopAsync();
        await stopped;
        await node.StartAsync();
        var read = await node.GetAsync("/key/a?wait=1m");

        Assert.Equal(HttpStatusCode.OK, written.Status);
        Assert.Equal("{\"a\":\"1\"}", read.Text);
    }

    [Fact]
    public async Task Port_in_use_is_named_and_leaves_nothing_behind()
    {
        using var directory = new TempDirectory();
        await using var first = RunningNode.Cluster(Path.Combine(directory.Path, "a"), "n1")[0];
        await using var second = RunningNode.Cluster(Path.Combine(directory.Path, "b"), "n1")[0];
        await first.StartAsync();
        var options = new ServerOptions
        {
            ListenClientUrls = [first.ClientUrl],
            ListenPeerUrls = second.ServerOptions.ListenPeerUrls,
        };

        var fault = await Assert.ThrowsAnyAsync<IOException>(() => QuorateServer.StartAsync(
            options, second.MemberOptions, NullLoggerFactory.Instance, meters: null, CancellationToken.None));

        Assert.Contains(first.ClientUrl, fault.Message, StringComparison.Ordinal);

        // Directory and peer port are free again.
        await second.StartAsync();
    }

    [Fact]
    public async Task Wrong_settings_are_all_named_before_anything_starts()
    {
        using var directory = new TempDirectory();
        await using var node = RunningNode.Cluster(directory.Path, "n1")[0];
        var options = new ServerOptions { ListenClientUrls = ["https://x:1"], KeysMax = 0 };

        var fault = await Assert.ThrowsAsync<ArgumentException>(() => QuorateServer.StartAsync(
            options, node.MemberOptions, NullLoggerFactory.Instance, meters: null, CancellationToken.None));

        Assert.Contains("https://x:1", fault.Message, StringComparison.Ordinal);
        Assert.Contains("name a key", fault.Message, StringComparison.Ordinal);
        Assert.Empty(Directory.GetFileSystemEntries(directory.Path));
    }

    [Fact]
    public async Task Program_with_a_host_of_its_own_can_embed_a_node()
    {
        using var directory = new TempDirectory();
        await using var node = RunningNode.Cluster(directory.Path, "n1")[0];
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.Services.AddQuorateServer(
            new ServerOptions { ListenClientUrls = [], ListenPeerUrls = node.ServerOptions.ListenPeerUrls },
            node.MemberOptions);
        await using var host = builder.Build();
        host.Urls.Add(node.ClientUrl);
        host.MapQuorate();
        await host.StartAsync();

        var written = await node.PostAsync("/key?wait=1m", "{\"a/b\":\"1\"}");
        var read = await node.GetAsync("/key/a%2Fb");
        var status = await node.GetAsync("/status");
        var elsewhere = await node.GetAsync("/elsewhere");
        await host.StopAsync();

        Assert.Equal(HttpStatusCode.OK, written.Status);
        Assert.Equal("{\"a/b\":\"1\"}", read.Text);
        Assert.Equal("leader", status.Json.GetProperty("role").GetString());
        Assert.Equal(HttpStatusCode.NotFound, elsewhere.Status);
    }
}
