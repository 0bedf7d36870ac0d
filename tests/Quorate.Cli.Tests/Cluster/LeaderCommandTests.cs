using System.Text.Json;
using Microsoft.AspNetCore.Http;
using Quorate.Cli.Tests.Fakes;

namespace Quorate.Cli.Tests.Cluster;

/// <summary>Who leads, at the shell.</summary>
public sealed class LeaderCommandTests
{
    private const string NoLeader = """{"leader":null,"term":3}""";

    [Fact]
    public async Task Leader_is_printed_by_name()
    {
        await using var node = await FakeCluster.StartAsync();

        var run = await TestRun.OfAsync(["leader", "--endpoints", node.Endpoint]);

        Assert.Equal((0, "n1\n"), (run.ExitCode, run.Out));
    }

    [Fact]
    public async Task Leader_is_a_table_on_a_terminal()
    {
        await using var node = await FakeCluster.StartAsync();

        var run = await TestRun.OfAsync(["leader", "--endpoints", node.Endpoint], terminal: true);

        Assert.Contains("client urls", run.Out);
        Assert.Contains("00000000000000a1", run.Out);
    }

    [Fact]
    public async Task Leader_with_json_is_a_member()
    {
        await using var node = await FakeCluster.StartAsync();

        var run = await TestRun.OfAsync(["leader", "--json", "--endpoints", node.Endpoint]);

        using var json = JsonDocument.Parse(run.Out);
        Assert.Equal("n1", json.RootElement.GetProperty("leader").GetProperty("name").GetString());
        Assert.Equal(3, json.RootElement.GetProperty("header").GetProperty("raft_term").GetInt32());
    }

    [Theory]
    [InlineData("leader")]
    [InlineData("leader", "step-down")]
    public async Task Nobody_leading_exits_with_6(params string[] words)
    {
        await using var node = await FakeCluster.StartAsync(("GET /leader", 200, NoLeader));

        var run = await TestRun.OfAsync([.. words, "--endpoints", node.Endpoint]);

        Assert.Equal((6, ""), (run.ExitCode, run.Out));
        Assert.Contains($"{node.Endpoint} knows no leader; `quorate status` shows who is there", run.Error);
    }

    [Fact]
    public async Task Wait_waits_until_somebody_leads()
    {
        var asked = 0;
        await using var node = await FakeNode.StartAsync((_, response) =>
            response.WriteAsync(++asked < 3 ? NoLeader : FakeCluster.Leader(FakeCluster.N1)));

        var run = await TestRun.OfAsync(["leader", "--wait", "30s", "--endpoints", node.Endpoint]);

        Assert.Equal((0, "n1\n", 3), (run.ExitCode, run.Out, asked));
    }

    [Theory]
    [InlineData("Leadership transferred from n1 to n2\n", "leader", "transfer", "n2")]
    [InlineData("Leadership transferred from n1 to n2\n", "leader", "transfer", "b2")]
    [InlineData("Leadership transferred from n1 to n2\n", "leader", "transfer", "nb2")]
    [InlineData("Leadership transferred from 00000000000000a1 to 00000000000000b2\n", "move-leader", "b2")]
    public async Task Transfer_names_both(string output, params string[] words)
    {
        await using var node = await FakeCluster.StartAsync(("POST /leader", 200, FakeCluster.Leader(FakeCluster.N2)));

        var run = await TestRun.OfAsync([.. words, "--endpoints", node.Endpoint]);

        Assert.Equal((0, output), (run.ExitCode, run.Out));
        Assert.Equal(
            ["POST /leader?timeout=5000ms {\"to\":\"00000000000000b2\"}"], FakeCluster.Changes(node));
    }

    [Fact]
    public async Task Transfer_to_the_leader_says_that_it_leads()
    {
        await using var node = await FakeCluster.StartAsync(("POST /leader", 200, FakeCluster.Leader(FakeCluster.N1)));

        var run = await TestRun.OfAsync(["leader", "transfer", "n1", "--endpoints", node.Endpoint]);

        Assert.Equal((0, "n1 leads already\n"), (run.ExitCode, run.Out));
    }

    [Fact]
    public async Task Transfer_to_a_stranger_names_the_members()
    {
        await using var node = await FakeCluster.StartAsync();

        var run = await TestRun.OfAsync(["leader", "transfer", "n7", "--endpoints", node.Endpoint]);

        Assert.Equal((1, "error: there is no member \"n7\"; there are \"n1\", \"n2\"\n"), (run.ExitCode, run.Error));
        Assert.Empty(FakeCluster.Changes(node));
    }

    [Fact]
    public async Task Step_down_says_who_leads_now()
    {
        await using var node = await FakeCluster.StartAsync(
            ("POST /leader/step-down", 200, FakeCluster.Leader(FakeCluster.N2)));

        var run = await TestRun.OfAsync(["leader", "step-down", "--endpoints", node.Endpoint]);

        Assert.Equal((0, "n1 stepped down; n2 leads\n"), (run.ExitCode, run.Out));
    }

    [Fact]
    public async Task Follower_s_redirect_is_followed_with_the_body()
    {
        await using var leader = await FakeCluster.StartAsync(
            ("POST /leader", 200, FakeCluster.Leader(FakeCluster.N2)));
        await using var follower = await RedirectingAsync(leader.Endpoint);

        var run = await TestRun.OfAsync(["leader", "transfer", "n2", "--endpoints", follower.Endpoint]);

        Assert.Equal(0, run.ExitCode);
        Assert.Equal(["POST /leader?timeout=5000ms {\"to\":\"00000000000000b2\"}"], FakeCluster.Changes(leader));
    }

    [Fact]
    public async Task Leader_that_cannot_be_reached_is_named_with_who_named_it()
    {
        var gone = TestRun.NobodyThere();
        await using var follower = await RedirectingAsync(gone);

        var run = await TestRun.OfAsync(["leader", "transfer", "n2", "--endpoints", follower.Endpoint]);

        Assert.Equal(1, run.ExitCode);
        Assert.Contains(
            $"{follower.Endpoint} sends its callers to the leader, and cannot reach {gone}", run.Error);
    }

    [Fact]
    public async Task Nodes_that_send_to_each_other_are_left()
    {
        FakeNode? second = null;
        await using var first = await FakeNode.StartAsync((request, response) =>
            AnswerOrRedirect(request, response, () => second!.Endpoint));
        await using var other = second = await RedirectingAsync(first.Endpoint);

        var run = await TestRun.OfAsync(["leader", "transfer", "n2", "--endpoints", first.Endpoint]);

        Assert.Equal(1, run.ExitCode);
        Assert.Contains("does not lead, and names", run.Error);
    }

    [Theory]
    [InlineData(412, "precondition_failed", "no_such_voter", "`quorate member list` shows who votes")]
    [InlineData(409, "conflict", "under_way", "because\n")]
    public async Task Refused_transfer_says_why(int status, string code, string refusal, string advice)
    {
        await using var node = await FakeCluster.StartAsync(
            ("POST /leader", status, FakeCluster.Refusal(code, refusal, "because")));

        var run = await TestRun.OfAsync(["leader", "transfer", "n2", "--endpoints", node.Endpoint]);

        Assert.Equal(1, run.ExitCode);
        Assert.Contains(advice, run.Error);
    }

    private static Task<FakeNode> RedirectingAsync(string leader) => FakeNode.StartAsync((request, response) =>
        AnswerOrRedirect(request, response, () => leader));

    // Reads are answered, the rest is the leader's.
    private static Task AnswerOrRedirect(SeenRequest request, HttpResponse response, Func<string> leader)
    {
        if (request.Method == "GET")
        {
            return response.WriteAsync(FakeCluster.List(FakeCluster.N1, FakeCluster.N2));
        }

        response.StatusCode = 307;
        response.Headers.Location = $"http://{leader()}{request.Target}";
        return Task.CompletedTask;
    }
}
