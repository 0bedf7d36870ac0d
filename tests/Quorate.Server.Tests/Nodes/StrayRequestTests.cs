using System.Net;
using System.Text.Json;
using Quorate.Server.Tests.Http;

namespace Quorate.Server.Tests.Nodes;

/// <summary>
/// Requests that broke the systems whose ways in we keep: each is sent to real nodes here, and must cost nothing.
/// </summary>
[Collection("real nodes")]
public sealed class StrayRequestTests : IAsyncLifetime
{
    private readonly TempDirectory _directory = new();
    private readonly List<RunningNode> _nodes = [];

    public Task InitializeAsync() => Task.CompletedTask;

    public async Task DisposeAsync()
    {
        await Task.WhenAll(_nodes.Select(node => node.DisposeAsync().AsTask()));
        _directory.Dispose();
    }

    [Fact]
    public async Task Key_named_like_a_node_does_not_redirect_anybody()
    {
        var (first, second, _) = await JoinedAsync(Compat.Raftdb);
        var body = $$"""{"{{first.Name}}":"evil.example:80","n0":"evil.example:80"}""";
        var written = await first.PostAsync("/key", body);

        var redirected = await second.PostAsync("/key", """{"a":"1"}""");
        await first.SendAsync(HttpMethod.Delete, $"/key/{first.Name}");
        var still = await second.PostAsync("/key", """{"a":"1"}""");

        Assert.Equal(HttpStatusCode.OK, written.Status);
        Assert.Equal(HttpStatusCode.TemporaryRedirect, redirected.Status);
        Assert.Equal($"{first.ClientUrl}/key", redirected.Header("Location"));
        Assert.Equal(HttpStatusCode.TemporaryRedirect, still.Status);
    }

    [Fact]
    public async Task Two_stray_joins_neither_move_a_member_nor_evict_the_leader()
    {
        var (first, second, third) = await JoinedAsync(Compat.None);

        var moved = await first.PostAsync("/join?x", "");
        var dead = await first.PostAsync("/join", """{"id":"n2","addr":"127.0.0.1:1"}""");
        var evicting = await first.PostAsync("/join", $$"""{"id":"n9","addr":"{{first.PeerAddress}}"}""");
        var swapped = await second.PostAsync("/join", $$"""{"id":"n1","addr":"{{third.PeerAddress}}"}""");

        Assert.Equal(HttpStatusCode.BadRequest, moved.Status);
        Assert.Equal("unreachable", Refusal(dead));
        Assert.Equal(HttpStatusCode.Conflict, evicting.Status);
        Assert.Equal(HttpStatusCode.Conflict, swapped.Status);
        await ServesAsync(third);
        Assert.Equal(["n1", "n2", "n3"], await VotersAsync(second));
    }

    [Fact]
    public async Task Node_that_began_a_cluster_of_its_own_gives_it_up_whole_or_not_at_all()
    {
        var nodes = await StartLoneAsync(Compat.Balsa, "n1", "n2", "n3");
        await ServesAsync(nodes[2]);
        var port = nodes[1].PeerAddress.Split(':')[1];
        var ownPort = nodes[2].PeerAddress.Split(':')[1];

        var empty = await nodes[0].GetAsync($"/join?nodeId=n2&raftPort={port}");
        var full = await nodes[0].GetAsync($"/join?nodeId=n3&raftPort={ownPort}");

        Assert.Equal(HttpStatusCode.OK, empty.Status);
        Assert.Equal((HttpStatusCode.Conflict, "has_data"), (full.Status, full.Code));
        await IsAsync(nodes[1], "member");
        await ServesAsync(nodes[0]);
        Assert.Equal("alone_with_data", await StateAsync(nodes[2]));
        Assert.NotEqual(await ClusterOfAsync(nodes[0]), await ClusterOfAsync(nodes[2]));
        Assert.Equal(await ClusterOfAsync(nodes[0]), await ClusterOfAsync(nodes[1]));
    }

    [Fact]
    public async Task Port_that_is_no_number_does_not_end_the_node()
    {
        var nodes = await StartLoneAsync(Compat.Balsa, "n1");

        var answer = await nodes[0].GetAsync("/join?nodeId=n2&raftPort=abc");

        Assert.Equal(HttpStatusCode.BadRequest, answer.Status);
        await ServesAsync(nodes[0]);
    }

    [Fact]
    public async Task Wrong_address_on_a_lone_node_costs_no_quorum()
    {
        var nodes = await StartLoneAsync(Compat.None, "n1");

        var added = await nodes[0].PostAsync("/members?timeout=5s", """{"name":"n2","address":"127.0.0.1:1"}""");
        var announced = await nodes[0].PostAsync("/members", """{"announce":true,"address":"127.0.0.1:1"}""");

        Assert.Equal("unreachable", Refusal(added));
        Assert.Equal(HttpStatusCode.OK, announced.Status);
        await ServesAsync(nodes[0]);
        Assert.Equal(["n1"], await VotersAsync(nodes[0]));

        var id = announced.Json.GetProperty("member").GetProperty("id").GetString();
        var removed = await nodes[0].SendAsync(HttpMethod.Delete, $"/members/{id}");
        Assert.Equal(HttpStatusCode.OK, removed.Status);
    }

    [Fact]
    public async Task Setup_may_be_sent_twice_and_lets_the_others_elect_when_its_leader_dies()
    {
        var nodes = await StartLoneAsync(Compat.Raftdb, "node1", "node2", "node3");

        var first = await nodes[0].PostAsync("/setup?timeout=2m", SetupOf(nodes));
        var again = await nodes[0].PostAsync("/setup?timeout=2m", SetupOf(nodes));
        await nodes[0].StopAsync();

        Assert.Equal((HttpStatusCode.OK, HttpStatusCode.OK), (first.Status, again.Status));
        Assert.Equal("node1", first.Json.GetProperty("alias").GetString());
        var written = await FollowAsync(nodes[1], nodes[2]);
        Assert.Equal(HttpStatusCode.OK, written.Status);
        Assert.Equal(["1", "2", "3"], await VotersAsync(nodes[2]));
    }

    [Fact]
    public async Task Setup_with_a_node_down_begins_nothing_and_goes_on_when_it_is_up()
    {
        var nodes = await StartLoneAsync(Compat.Raftdb, "node1", "node2", "node3");
        await nodes[2].StopAsync();

        var refused = await nodes[0].PostAsync("/setup", SetupOf(nodes));
        var untouched = await StateAsync(nodes[1]);
        await nodes[2].StartAsync();
        var done = await nodes[0].PostAsync("/setup?timeout=2m", SetupOf(nodes));

        Assert.Equal((HttpStatusCode.Conflict, "alone"), (refused.Status, untouched));
        var results = refused.Json.GetProperty("nodes").EnumerateArray()
            .Select(node => node.GetProperty("result").GetString());
        Assert.Equal(["ready", "failed"], results);
        Assert.True(done.Status == HttpStatusCode.OK, done.Text);
    }

    [Theory]
    [InlineData("\"clientIds\":[\"2\",\"3\"]", "\"clientIds\":[\"2\"]", "they must be as many")]
    [InlineData("\"clientIds\":[\"2\",\"3\"]", "\"clientIds\":[\"2\",\"2\"]", "stands twice")]
    [InlineData("\"leaderId\":\"1\"", "\"leaderId\":\"2\"", "stands twice")]
    [InlineData("\"leaderRaftAddr\":\"", "\"leaderRaftAddr\":\"127.0.0.1:1\",\"x\":\"", "leaderRaftAddr")]
    public async Task Setup_that_contradicts_itself_begins_nothing(string right, string wrong, string words)
    {
        var nodes = await StartLoneAsync(Compat.Raftdb, "node1", "node2", "node3");

        var answer = await nodes[0].PostAsync("/setup", SetupOf(nodes).Replace(right, wrong, StringComparison.Ordinal));

        Assert.Equal(HttpStatusCode.BadRequest, answer.Status);
        Assert.Contains(words, answer.Message, StringComparison.Ordinal);
        foreach (var node in nodes)
        {
            Assert.Equal("alone", await StateAsync(node));
        }
    }

    [Fact]
    public async Task Shutdown_with_a_node_gone_ends_the_others_in_order()
    {
        var (first, second, third) = await JoinedAsync(Compat.None);
        await third.StopAsync();

        var answer = await first.PostAsync("/shutdown", "");

        var results = answer.Json.GetProperty("nodes").EnumerateArray().ToDictionary(
            node => node.GetProperty("id").GetString()!, node => node.GetProperty("result").GetString());
        Assert.Equal(("ok", "ok", "gone"), (results["n1"], results["n2"], results["n3"]));
        await first.Server.Stopped.WaitAsync(TimeSpan.FromMinutes(1));
        await second.Server.Stopped.WaitAsync(TimeSpan.FromMinutes(1));
    }

    private async Task<RunningNode[]> StartLoneAsync(Compat compat, params string[] names)
    {
        var nodes = RunningNode.Lone(_directory.Path, compat, names);
        _nodes.AddRange(nodes);
        await Task.WhenAll(nodes.Select(node => node.StartAsync()));
        foreach (var node in nodes)
        {
            await Eventually.HoldsAsync(async () => (await node.GetAsync("/readyz")).Status == HttpStatusCode.OK);
        }

        return nodes;
    }

    // Three lone nodes, two of which join the first and vote.
    private async Task<(RunningNode First, RunningNode Second, RunningNode Third)> JoinedAsync(Compat compat)
    {
        var nodes = await StartLoneAsync(compat, "n1", "n2", "n3");
        foreach (var node in nodes[1..])
        {
            var body = $$"""{"id":"{{node.Name}}","addr":"{{node.PeerAddress}}"}""";
            Assert.Equal(HttpStatusCode.OK, (await nodes[0].PostAsync("/join", body)).Status);
            await Eventually.HoldsAsync(async () => (await VotersAsync(nodes[0])).Contains(node.Name));
        }

        foreach (var node in nodes)
        {
            await Eventually.HoldsAsync(async () => (await node.GetAsync("/readyz")).Status == HttpStatusCode.OK);
        }

        return (nodes[0], nodes[1], nodes[2]);
    }

    private static string SetupOf(RunningNode[] nodes)
    {
        var clients = nodes.Select(node => new Uri(node.ClientUrl).Authority).ToArray();
        return $$"""
            {"leaderAddr":"{{clients[0]}}","leaderRaftAddr":"{{nodes[0].PeerAddress}}","leaderId":"1",
             "clientAddrs":["{{clients[1]}}","{{clients[2]}}"],
             "clientRaftAddrs":["{{nodes[1].PeerAddress}}","{{nodes[2].PeerAddress}}"],"clientIds":["2","3"]}
            """;
    }

    // A write at whichever leads: the other one sends on.
    private static async Task<Answer> FollowAsync(RunningNode one, RunningNode other)
    {
        var answer = await one.PostAsync("/key?wait=1m", """{"after":"1"}""");
        return answer.Status == HttpStatusCode.TemporaryRedirect
            ? await other.PostAsync("/key?wait=1m", """{"after":"1"}""")
            : answer;
    }

    private static async Task ServesAsync(RunningNode node) =>
        Assert.Equal(HttpStatusCode.OK, (await node.PostAsync("/key?wait=1m", """{"serves":"1"}""")).Status);

    private static Task IsAsync(RunningNode node, string state) =>
        Eventually.HoldsAsync(async () => await StateAsync(node) == state);

    private static async Task<string?> StateAsync(RunningNode node) =>
        (await node.GetAsync("/status")).Json.GetProperty("nodeState").GetString();

    private static async Task<string?> ClusterOfAsync(RunningNode node) =>
        (await node.GetAsync("/status")).Json.GetProperty("clusterId").GetString();

    private static async Task<string[]> VotersAsync(RunningNode node)
    {
        var members = (await node.GetAsync("/members")).Json.GetProperty("members").EnumerateArray();
        return [.. members.Where(member => member.GetProperty("state").GetString() == "voter")
            .Select(member => member.GetProperty("name").GetString()!)
            .Order(StringComparer.Ordinal)];
    }

    private static string? Refusal(Answer answer) =>
        answer.Json.TryGetProperty("refusal", out var word) && word.ValueKind == JsonValueKind.String
            ? word.GetString()
            : null;
}
