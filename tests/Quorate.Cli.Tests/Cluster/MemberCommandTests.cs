using System.Text.Json;
using Microsoft.AspNetCore.Http;
using Quorate.Cli.Tests.Fakes;

namespace Quorate.Cli.Tests.Cluster;

/// <summary>Who belongs to the cluster, at the shell.</summary>
public sealed class MemberCommandTests
{
    private const string Url = "http://127.0.0.1:32380";

    [Fact]
    public async Task List_prints_the_lines_of_etcdctl()
    {
        await using var node = await FakeCluster.StartAsync(
            ("GET /members", 200, FakeCluster.List(FakeCluster.N1, FakeCluster.N2, FakeCluster.Announced)));

        var run = await TestRun.OfAsync(["member", "list", "--endpoints", node.Endpoint]);

        Assert.Equal(0, run.ExitCode);
        Assert.Equal(
            "00000000000000a1, started, n1, http://127.0.0.1:2380, http://127.0.0.1:2379, false\n"
            + "00000000000000b2, started, n2, http://127.0.0.1:22380, , false\n"
            + "00000000000000c3, unstarted, , http://127.0.0.1:32380, , true\n",
            run.Out);
    }

    [Fact]
    public async Task List_prints_a_table_on_a_terminal()
    {
        await using var node = await FakeCluster.StartAsync(
            ("GET /members", 200, FakeCluster.List(FakeCluster.N1, FakeCluster.Learner)));

        var run = await TestRun.OfAsync(["member", "list", "--endpoints", node.Endpoint], terminal: true);

        Assert.Contains("peer urls", run.Out);
        Assert.Contains("learner", run.Out);
    }

    [Fact]
    public async Task List_of_a_node_without_a_cluster_is_asked_at_the_next_endpoint()
    {
        await using var waiting = await FakeCluster.StartAsync(("GET /members", 200, FakeCluster.List()));
        await using var member = await FakeCluster.StartAsync();

        var run = await TestRun.OfAsync(
            ["member", "list", "--endpoints", $"{waiting.Endpoint},{member.Endpoint}"]);
        var alone = await TestRun.OfAsync(["member", "list", "--endpoints", waiting.Endpoint]);

        Assert.Equal(0, run.ExitCode);
        Assert.Contains("n1, http://127.0.0.1:2380", run.Out);
        Assert.Equal((6, ""), (alone.ExitCode, alone.Out));
        Assert.Contains($"{waiting.Endpoint} belongs to no cluster yet", alone.Error);
    }

    [Fact]
    public async Task List_prints_the_json_of_etcdctl()
    {
        await using var node = await FakeCluster.StartAsync(
            ("GET /members", 200, FakeCluster.List(FakeCluster.N1, FakeCluster.Announced)));

        var run = await TestRun.OfAsync(["member", "list", "--json", "--endpoints", node.Endpoint]);

        Assert.Equal(
            """
            {"header":{"cluster_id":10,"member_id":161,"raft_term":3},"members":[
            {"ID":161,"name":"n1","peerURLs":["http://127.0.0.1:2380"],"clientURLs":["http://127.0.0.1:2379"]},
            {"ID":195,"peerURLs":["http://127.0.0.1:32380"],"isLearner":true}]}
            """.Replace("\n", "", StringComparison.Ordinal) + "\n",
            run.Out);
    }

    [Theory]
    [InlineData("POST /members?timeout=5000ms {\"name\":\"n3\",\"peerUrls\":[\"http://127.0.0.1:32380\"]}",
        "add", "n3", "--no-wait", "--peer-urls", Url)]
    [InlineData("POST /members?timeout=5000ms&force {\"name\":\"n3\",\"peerUrls\":[\"http://a:1\",\"http://b:2\"]}",
        "add", "n3", "--no-wait", "--force", "--peer-urls=http://a:1/, b:2")]
    [InlineData(
        "POST /members?timeout=5000ms {\"name\":\"n3\",\"peerUrls\":[\"http://127.0.0.1:32380\"],\"learner\":true}",
        "add", "n3", "--learner", "--peer-urls", Url)]
    [InlineData("POST /members?timeout=5000ms {\"peerUrls\":[\"http://127.0.0.1:32380\"],\"announce\":true}",
        "add", "n3", "--announce", "--peer-urls", Url)]
    [InlineData("DELETE /members/n2?timeout=1000ms", "remove", "n2", "--timeout", "1s")]
    [InlineData("DELETE /members/a%2Fb%2E?timeout=5000ms&force", "remove", "a/b.", "--force")]
    [InlineData("PUT /members/n2?timeout=5000ms {\"peerUrls\":[\"http://127.0.0.1:32380\"]}",
        "update", "n2", "--peer-urls", Url)]
    [InlineData("POST /members/00000000000000b2/promote?timeout=5000ms", "promote", "00000000000000b2")]
    [InlineData(
        "POST /members/00000000000000b2/replace?timeout=5000ms "
        + "{\"name\":\"n3\",\"peerUrls\":[\"http://127.0.0.1:32380\"]}",
        "replace", "n2", "--no-wait", "--name", "n3", "--peer-urls", Url)]
    public async Task Change_asks_the_node_for_it(string request, params string[] words)
    {
        await using var node = await AnsweringAsync(FakeCluster.Learner);

        var run = await TestRun.OfAsync(["member", .. words, "--endpoints", node.Endpoint]);

        Assert.Equal((0, ""), (run.ExitCode, run.Error));
        Assert.Equal([request], FakeCluster.Changes(node));
    }

    [Theory]
    [InlineData("Member 00000000000000c3 added to cluster 000000000000000a\n",
        "add", "n3", "--no-wait", "--peer-urls", Url)]
    [InlineData("Member 00000000000000c3 removed from cluster 000000000000000a\n", "remove", "n3")]
    [InlineData("Member 00000000000000c3 updated in cluster 000000000000000a\n", "update", "n3", "--peer-urls", Url)]
    [InlineData("Member 00000000000000c3 promoted in cluster 000000000000000a\n", "promote", "n3")]
    [InlineData("Member 00000000000000c3 takes the place of 00000000000000b2 in cluster 000000000000000a\n",
        "replace", "n2", "--no-wait", "--peer-urls", Url)]
    public async Task Change_says_what_was_done_as_etcdctl(string output, params string[] words)
    {
        await using var node = await AnsweringAsync(FakeCluster.Learner);

        var run = await TestRun.OfAsync(["member", .. words, "--endpoints", node.Endpoint]);

        Assert.Equal((0, output), (run.ExitCode, run.Out));
    }

    [Theory]
    [InlineData("add", "n3", "--no-wait", "--peer-urls", Url)]
    [InlineData("remove", "n3")]
    [InlineData("replace", "n2", "--no-wait", "--peer-urls", Url)]
    public async Task Change_with_json_tells_the_member_and_all_members(params string[] words)
    {
        await using var node = await AnsweringAsync(FakeCluster.Learner);

        var run = await TestRun.OfAsync(["member", .. words, "--json", "--endpoints", node.Endpoint]);

        using var json = JsonDocument.Parse(run.Out);
        Assert.Equal(195, json.RootElement.GetProperty("member").GetProperty("ID").GetInt32());
        Assert.True(json.RootElement.GetProperty("member").GetProperty("isLearner").GetBoolean());
        Assert.Equal(2, json.RootElement.GetProperty("members").GetArrayLength());
        Assert.Equal(10, json.RootElement.GetProperty("header").GetProperty("cluster_id").GetInt32());
    }

    [Fact]
    public async Task Announced_member_is_told_what_to_start_with()
    {
        await using var node = await AnsweringAsync(FakeCluster.Announced);

        var run = await TestRun.OfAsync(
            ["member", "add", "n3", "--announce", "--peer-urls", Url, "--endpoints", node.Endpoint]);

        Assert.Equal(
            """
            Member 00000000000000c3 added to cluster 000000000000000a

            ETCD_NAME="n3"
            ETCD_INITIAL_CLUSTER="n1=http://127.0.0.1:2380,n2=http://127.0.0.1:22380,n3=http://127.0.0.1:32380"
            ETCD_INITIAL_ADVERTISE_PEER_URLS="http://127.0.0.1:32380"
            ETCD_INITIAL_CLUSTER_STATE="existing"

            """,
            run.Out);
    }

    [Fact]
    public async Task Node_that_does_not_name_the_new_member_is_asked_for_it()
    {
        await using var node = await FakeCluster.StartAsync(
            ("POST /members", 200, ""),
            ("GET /members", 200, FakeCluster.List(FakeCluster.N1, FakeCluster.Promoted)));

        var run = await TestRun.OfAsync(["member", "add", "n3", "--peer-urls", Url, "--endpoints", node.Endpoint]);

        Assert.Equal((0, "Member 00000000000000c3 added to cluster 000000000000000a\n"), (run.ExitCode, run.Out));
    }

    [Fact]
    public async Task Unknown_member_is_told_with_those_there_are()
    {
        var words = """there is no member \"n7\"; there are \"n1\", \"n2\" """.TrimEnd();
        await using var node = await FakeCluster.StartAsync(
            ("DELETE /members/n7", 404, FakeCluster.Refusal("not_found", "no_such_member", words)));

        var run = await TestRun.OfAsync(["member", "remove", "n7", "--endpoints", node.Endpoint]);

        Assert.Equal((1, ""), (run.ExitCode, run.Out));
        Assert.Equal(
            $"error: {node.Endpoint}: there is no member \"n7\"; there are \"n1\", \"n2\"\n", run.Error);
    }

    [Theory]
    [InlineData(503, "unconfigured", "unconfigured", 6, "begin a cluster with `quorate raft-add")]
    [InlineData(503, "no_leader", "no_leader", 6, "`quorate status` shows who is there")]
    [InlineData(503, "no_leader", "not_ready", 6, "--wait 10s waits for a leader")]
    [InlineData(503, "unconfigured", "removed", 6, "ask another member with --endpoints")]
    [InlineData(503, "shutting_down", "shutting_down", 1, "ask another member with --endpoints")]
    [InlineData(429, "too_many_requests", "overloaded", 1, "--wait 30s tries for longer")]
    [InlineData(409, "conflict", "change_under_way", 1, "--wait 30s tries for longer")]
    [InlineData(409, "conflict", "busy", 1, "--wait 30s tries for longer")]
    [InlineData(409, "conflict", "not_caught_up", 1, "`quorate member list` shows how far it is")]
    [InlineData(409, "conflict", "url_taken", 1, "`quorate member update` changes where")]
    [InlineData(409, "conflict", "other_protocol", 1, "run a version there that the other members understand")]
    [InlineData(409, "conflict", "unreachable", 1, "because\n")]
    [InlineData(409, "name_taken", "name_taken", 1, "shows who has which name")]
    [InlineData(409, "has_data", "has_data", 1, "nothing was changed, and that node keeps what it has")]
    [InlineData(409, "other_cluster", "other_cluster", 1, "nothing was changed")]
    [InlineData(409, "other_cluster", "other_directory", 1, "nothing was changed")]
    [InlineData(412, "precondition_failed", "last_voter", 1, "add another member first")]
    [InlineData(412, "precondition_failed", "would_lose_quorum", 1, ": --force does")]
    [InlineData(412, "precondition_failed", "not_a_learner", 1, "there is nothing to do")]
    [InlineData(412, "precondition_failed", "too_many", 1, "remove a member first")]
    [InlineData(400, "invalid_argument", "invalid", 1, "because\n")]
    public async Task Refusal_is_told_with_what_to_do(
        int status, string code, string refusal, int exitCode, string advice)
    {
        await using var node = await FakeCluster.StartAsync(
            ("DELETE /members/n2", status, FakeCluster.Refusal(code, refusal, "because", retryable: status >= 429)));

        var run = await TestRun.OfAsync(["member", "remove", "n2", "--endpoints", node.Endpoint]);

        Assert.Equal((exitCode, ""), (run.ExitCode, run.Out));
        Assert.StartsWith($"error: {node.Endpoint}: because", run.Error);
        Assert.Contains(advice, run.Error);
    }

    [Fact]
    public async Task Stranger_s_address_is_refused_with_words()
    {
        await using var node = await FakeCluster.StartAsync(
            ("POST /members", 403, """{"code":"forbidden","message":"only members may","outcome":"not_done"}"""));

        var run = await TestRun.OfAsync(["member", "add", "n3", "--peer-urls", Url, "--endpoints", node.Endpoint]);

        Assert.Equal(1, run.ExitCode);
        Assert.Contains("only members may; run the command where a member runs", run.Error);
    }

    [Fact]
    public async Task Unknown_outcome_exits_with_5_and_says_that_repeating_is_harmless()
    {
        await using var node = await FakeCluster.StartAsync(
            ("POST /members", 504, """{"code":"timeout","message":"not known in time","outcome":"unknown"}"""));

        var run = await TestRun.OfAsync(["member", "add", "n3", "--peer-urls", Url, "--endpoints", node.Endpoint]);

        Assert.Equal(5, run.ExitCode);
        Assert.Contains("not known in time; `quorate member list` tells whether it is done", run.Error);
        Assert.Contains("may be repeated without harm", run.Error);
        Assert.Single(FakeCluster.Changes(node));
    }

    [Fact]
    public async Task Fault_of_the_server_leaves_the_outcome_unknown()
    {
        await using var node = await FakeCluster.StartAsync(
            ("DELETE /members/n2", 500, """{"code":"internal","message":"a fault","outcome":"unknown"}"""));

        var run = await TestRun.OfAsync(["member", "remove", "n2", "--endpoints", node.Endpoint]);

        Assert.Equal(5, run.ExitCode);
        Assert.Contains("whether it was done is unknown, and the log of that node says what went wrong", run.Error);
    }

    [Fact]
    public async Task Change_whose_connection_broke_is_not_sent_again()
    {
        using var first = new BreakingNode();
        await using var second = await AnsweringAsync(FakeCluster.Learner);

        var run = await TestRun.OfAsync(
            ["member", "remove", "n2", "--endpoints", $"{first.Endpoint},{second.Endpoint}"]);

        Assert.Equal((5, 1), (run.ExitCode, first.Requests));
        Assert.Empty(FakeCluster.Changes(second));
        Assert.Contains("may be repeated without harm", run.Error);
    }

    [Fact]
    public async Task Change_that_was_certainly_not_done_goes_to_the_next_endpoint()
    {
        await using var first = await FakeCluster.StartAsync(
            ("DELETE /members/n2", 503, FakeCluster.Refusal("no_leader", "no_leader", "none", retryable: true)));
        await using var second = await AnsweringAsync(FakeCluster.N2);

        var run = await TestRun.OfAsync(
            ["member", "remove", "n2", "--endpoints", $"{first.Endpoint},{second.Endpoint}"]);

        Assert.Equal(0, run.ExitCode);
        Assert.Single(FakeCluster.Changes(second));
    }

    [Theory]
    [InlineData("quorate member: say what to do: list, add, remove, update, promote, replace (see")]
    [InlineData("quorate member: unknown command 'ad', did you mean 'add'? (see", "ad")]
    [InlineData("quorate member add: Option '--peer-urls' is required", "add", "n3")]
    [InlineData("quorate member add: --peer-urls names no URL", "add", "n3", "--peer-urls", ",")]
    [InlineData("quorate member add: NAME is empty", "add", "", "--peer-urls", Url)]
    [InlineData("quorate member remove: NAME|ID is missing", "remove")]
    [InlineData("--catch-up 'soon' is not a duration", "add", "n3", "--peer-urls", Url, "--catch-up", "soon")]
    [InlineData("unknown option '--lerner', did you mean '--learner'?", "add", "n3", "--peer-urls", Url, "--lerner")]
    public async Task Wrong_call_exits_with_2_and_one_line(string expected, params string[] words)
    {
        var run = await TestRun.OfAsync(["member", .. words]);

        Assert.Equal((2, ""), (run.ExitCode, run.Out));
        Assert.Contains(expected, run.Error);
        Assert.Single(run.Error.Split('\n', StringSplitOptions.RemoveEmptyEntries));
    }

    [Fact]
    public async Task Answer_of_a_stranger_is_an_error()
    {
        await using var node = await FakeNode.StartAsync(200, "{}");

        var run = await TestRun.OfAsync(["member", "list", "--endpoints", node.Endpoint]);

        Assert.Equal(1, run.ExitCode);
        Assert.Contains("not that of a Quorate node", run.Error);
    }

    // Every change is answered with this member.
    private static Task<FakeNode> AnsweringAsync(string member) => FakeNode.StartAsync((request, response) =>
    {
        response.Headers["Quorate-Term"] = "3";
        return response.WriteAsync(request.Method != "GET" ? FakeCluster.Member(member)
            : request.Target == "/status" ? FakeCluster.Status
            : FakeCluster.List(FakeCluster.N1, FakeCluster.N2));
    });
}
