using System.Net;

namespace Quorate.Server.Tests.Nodes;

[Collection("real nodes")]
public sealed class ClusterTests(ThreeNodes cluster) : IClassFixture<ThreeNodes>
{
    [Fact]
    public async Task Write_on_any_node_is_read_on_every_node()
    {
        foreach (var writer in cluster.Nodes)
        {
            var key = $"from-{writer.Name}";
            var written = await writer.PostAsync("/key?wait=1m", $"{{\"{key}\":\"1\"}}");
            Assert.Equal((HttpStatusCode.OK, ""), (written.Status, written.Text));

            foreach (var reader in cluster.Nodes)
            {
                var read = await reader.GetAsync($"/key/{key}");
                Assert.Equal($"{{\"{key}\":\"1\"}}", read.Text);
                Assert.True(Number(read, "Quorate-Revision") >= Number(written, "Quorate-Revision"));
            }
        }
    }

    [Fact]
    public async Task Keys_of_one_body_share_a_revision()
    {
        var written = await cluster.Nodes[0].PostAsync("/key?verbose&wait=1m", "{\"t1\":\"a\",\"t2\":\"b\"}");

        var revision = written.Json.GetProperty("revision").GetInt64();
        foreach (var key in new[] { "t1", "t2" })
        {
            var read = await cluster.Nodes[1].GetAsync($"/key/{key}?verbose");
            Assert.Equal(revision, read.Json.GetProperty("modRevision").GetInt64());
        }
    }

    [Fact]
    public async Task Delete_says_once_that_the_key_existed()
    {
        await cluster.Nodes[0].PostAsync("/key?wait=1m", "{\"gone\":\"1\"}");

        var first = await cluster.Nodes[1].SendAsync(HttpMethod.Delete, "/key/gone?verbose");
        var second = await cluster.Nodes[2].SendAsync(HttpMethod.Delete, "/key/gone?verbose");
        var read = await cluster.Nodes[0].GetAsync("/key/gone");

        Assert.True(first.Json.GetProperty("existed").GetBoolean());
        Assert.False(second.Json.GetProperty("existed").GetBoolean());
        Assert.Equal(HttpStatusCode.NotFound, read.Status);
    }

    [Fact]
    public async Task Follower_redirects_to_the_leader_when_asked()
    {
        var (leader, followers) = await cluster.RolesAsync();
        const string Target = "/key/a%2Fb//c?redirect=true&timeout=60s";

        foreach (var follower in followers)
        {
            // The leader's client URL comes through the log, so a follower may learn of it a little later.
            await Eventually.HoldsAsync(async () =>
                (await follower.GetAsync(Target)).Status == HttpStatusCode.TemporaryRedirect);
            var answer = await follower.GetAsync(Target);
            Assert.Equal(leader.ClientUrl + Target, answer.Header("Location"));
        }

        Assert.Equal(HttpStatusCode.NotFound, (await leader.GetAsync(Target)).Status);
    }

    [Fact]
    public async Task Stale_reads_follow_and_carry_index_and_age()
    {
        await cluster.Nodes[0].PostAsync("/key?wait=1m", "{\"stale\":\"1\"}");

        foreach (var node in cluster.Nodes)
        {
            await Eventually.HoldsAsync(async () =>
                (await node.GetAsync("/key/stale?level=stale")).Status == HttpStatusCode.OK);
            var answer = await node.GetAsync("/key/stale?level=stale");
            Assert.True(Number(answer, "Quorate-Index") > 0);
            Assert.True(Number(answer, "Quorate-Age-Ms") >= 0);
        }
    }

    [Fact]
    public async Task Status_agrees_on_leader_and_hash()
    {
        await cluster.Nodes[0].PostAsync("/key?wait=1m", "{\"status\":\"1\"}");
        await cluster.RolesAsync();

        // Applied entries can move between two questions, so equal indices are waited for.
        await Eventually.HoldsAsync(async () =>
        {
            var all = await Task.WhenAll(cluster.Nodes.Select(node => node.GetAsync("/status")));
            var indices = all.Select(status => status.Json.GetProperty("hashIndex").GetInt64()).Distinct();
            var hashes = all.Select(status => status.Json.GetProperty("hash").GetString()).Distinct();
            return indices.Count() == 1 && hashes.Count() == 1;
        });
        var (leader, _) = await cluster.RolesAsync();
        var json = (await leader.GetAsync("/status")).Json;
        Assert.Equal(2, json.GetProperty("followers").GetArrayLength());
        Assert.All(
            json.GetProperty("followers").EnumerateArray(),
            follower => Assert.True(follower.GetProperty("match").GetInt64() >= 0));
    }

    [Fact]
    public async Task Probes_are_well()
    {
        foreach (var node in cluster.Nodes)
        {
            await Eventually.HoldsAsync(async () => (await node.GetAsync("/readyz")).Status == HttpStatusCode.OK);
            Assert.Equal("ok\n", (await node.GetAsync("/livez")).Text);
            var version = (await node.GetAsync("/version")).Json;
            Assert.NotEqual("not_decided", version.GetProperty("etcdcluster").GetString());
        }
    }

    [Fact]
    public async Task Compaction_keeps_what_is_and_refuses_what_is_not_yet()
    {
        var node = cluster.Nodes[2];
        await node.PostAsync("/key?wait=1m", "{\"c\":\"1\"}");
        var last = await node.PostAsync("/key?verbose", "{\"c\":\"2\"}");
        var revision = last.Json.GetProperty("revision").GetInt64();

        var done = await node.PostAsync("/compact", $"{{\"revision\":{revision}}}");
        var again = await node.PostAsync("/compact", $"{{\"revision\":{revision}}}");
        var future = await node.PostAsync("/compact", "{\"revision\":9000000}");

        Assert.Equal(HttpStatusCode.OK, done.Status);
        Assert.Equal(HttpStatusCode.PreconditionFailed, again.Status);
        Assert.Equal(HttpStatusCode.PreconditionFailed, future.Status);
        Assert.Equal("{\"c\":\"2\"}", (await node.GetAsync("/key/c")).Text);
    }

    [Fact]
    public async Task Large_value_goes_through_a_follower()
    {
        var (_, followers) = await cluster.RolesAsync();
        var value = new byte[1_500_000];
        Array.Fill(value, (byte)'x');

        var written = await followers[0].SendAsync(HttpMethod.Put, "/key/large?timeout=1m", value);
        var read = await followers[1].GetAsync("/key/large?timeout=1m");

        Assert.Equal(HttpStatusCode.OK, written.Status);
        Assert.Equal(value.Length, read.Json.GetProperty("large").GetString()!.Length);
    }

    private static long Number(Http.Answer answer, string header) => long.Parse(answer.Header(header)!);
}
