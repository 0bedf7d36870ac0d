using System.Net;

namespace Quorate.Server.Tests.Nodes;

/// <summary>What one node of three says while the others are away.</summary>
[Collection("real nodes")]
public sealed class MinorityTests
{
    [Fact]
    public async Task Lone_survivor_refuses_clearly_reads_stale_and_recovers()
    {
        var cluster = new ThreeNodes();
        await cluster.InitializeAsync();
        try
        {
            var (leader, followers) = await cluster.RolesAsync();
            await leader.PostAsync("/key?wait=1m", "{\"kept\":\"1\"}");
            await Eventually.HoldsAsync(async () =>
                (await leader.GetAsync("/key/kept?level=stale")).Status == HttpStatusCode.OK);

            await Task.WhenAll(followers.Select(follower => follower.StopAsync()));
            await AssertRefusesAsync(leader);
            await AssertReadsStaleAsync(leader);

            await followers[0].StartAsync();
            await Eventually.HoldsAsync(async () =>
                (await followers[0].PostAsync("/key?wait=1m", "{\"after\":\"1\"}")).Status == HttpStatusCode.OK);
            Assert.Equal("{\"kept\":\"1\"}", (await followers[0].GetAsync("/key/kept?wait=1m")).Text);
        }
        finally
        {
            await cluster.DisposeAsync();
        }
    }

    [Fact]
    public async Task Node_answers_before_there_ever_was_a_leader()
    {
        using var directory = new TempDirectory();
        await using var node = RunningNode.Cluster(directory.Path, "n1", "n2", "n3")[0];
        await node.StartAsync();

        var write = await node.PostAsync("/key", "{\"a\":\"1\"}");
        var waited = await node.PostAsync("/key?wait=50ms", "{\"a\":\"1\"}");
        var read = await node.GetAsync("/key/a");
        var redirect = await node.GetAsync("/key/a?redirect=true");
        var stale = await node.GetAsync("/key/a?level=stale");
        var status = await node.GetAsync("/status");

        foreach (var refused in new[] { write, waited, read, redirect })
        {
            Assert.Equal((HttpStatusCode.ServiceUnavailable, "no_leader"), (refused.Status, refused.Code));
            Assert.Equal("not_done", refused.Outcome);
        }

        Assert.Equal(HttpStatusCode.NotFound, stale.Status);
        Assert.Null(stale.Header("Quorate-Age-Ms"));
        Assert.Equal("n1", status.Json.GetProperty("me").GetProperty("id").GetString());
        var waitingFor = status.Json.GetProperty("waitingFor").EnumerateArray().Select(name => name.GetString());
        Assert.Equal(["n2", "n3"], waitingFor.Order(StringComparer.Ordinal));
        Assert.Equal("{\"health\":\"false\",\"reason\":\"RAFT NO LEADER\"}", (await node.GetAsync("/health")).Text);
        Assert.Equal("ok\n", (await node.GetAsync("/livez")).Text);
        Assert.Equal("not_decided", (await node.GetAsync("/version")).Json.GetProperty("etcdcluster").GetString());
    }

    private static async Task AssertRefusesAsync(RunningNode survivor)
    {
        var write = await survivor.PostAsync("/key?timeout=2s", "{\"lost\":\"1\"}");
        var read = await survivor.GetAsync("/key/kept?timeout=2s");

        foreach (var refused in new[] { write, read })
        {
            var said = $"{(int)refused.Status} {refused.Code} {refused.Outcome}";
            Assert.Contains(said, new[] { "503 no_leader not_done", "504 timeout unknown" });
        }

        // It steps down when it has heard no majority for an election timeout, and then says so at once.
        await Eventually.HoldsAsync(async () =>
            (await survivor.PostAsync("/key?timeout=2s", "{\"lost\":\"1\"}")).Code == "no_leader");
    }

    private static async Task AssertReadsStaleAsync(RunningNode survivor)
    {
        await Eventually.HoldsAsync(async () =>
        {
            var stale = await survivor.GetAsync("/key/kept?level=stale");
            Assert.Equal("{\"kept\":\"1\"}", stale.Text);
            return stale.Header("Quorate-Age-Ms") is { } age && long.Parse(age) > 0;
        });
        Assert.Equal(HttpStatusCode.ServiceUnavailable, (await survivor.GetAsync("/health")).Status);
        Assert.Equal("", (await survivor.GetAsync("/status")).Json.GetProperty("leader").GetProperty("id").GetString());
    }
}
