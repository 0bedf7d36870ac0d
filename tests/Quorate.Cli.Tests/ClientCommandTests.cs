using Microsoft.AspNetCore.Http;
using Quorate.Cli.Tests.Fakes;

namespace Quorate.Cli.Tests;

public sealed class ClientCommandTests
{
    private const string Found = """{"value":"YmFy","createRevision":2,"modRevision":5,"version":3}""";
    private const string Missing = """{"code":"not_found","message":"no key 'foo'","retryable":false}""";
    private const string NoLeader =
        """{"code":"no_leader","message":"no leader is known","retryable":true,"outcome":"not_done"}""";

    private const string LateWrite =
        """{"code":"timeout","message":"not known in time","retryable":false,"outcome":"unknown"}""";

    private const string Status =
        """
        {"me":{"id":"n1","address":"127.0.0.1:2380"},"leader":{"id":"n1"},"role":"leader","term":3,"commit":42,
         "followers":[{"id":"n2","address":"127.0.0.1:22380","match":40,"next":41,"state":"replicate",
         "lastContactMs":3,"lag":2}],
         "applied":42,"revision":17,"version":"0.1.0","clusterId":"0000000000000001000000000000000a","memberId":"b"}
        """;

    [Fact]
    public async Task Put_sends_the_bytes_of_the_value()
    {
        await using var node = await FakeNode.StartAsync(200);

        var run = await TestRun.OfAsync(["put", "foo", "bar", "--endpoints", node.Endpoint]);

        Assert.Equal((0, "OK\n"), (run.ExitCode, run.Out));
        Assert.True(node.Seen.TryDequeue(out var request));
        Assert.Equal(("PUT", "/key/foo?timeout=5000ms"), (request.Method, request.Target));
        Assert.Equal("application/octet-stream", request.ContentType);
        Assert.Equal("bar"u8.ToArray(), request.Body);
    }

    [Fact]
    public async Task A_dash_reads_the_value_from_standard_input()
    {
        await using var node = await FakeNode.StartAsync(200);

        var run = await TestRun.OfAsync(["put", "foo", "-", "--endpoints", node.Endpoint], input: [0, 255, 10]);

        Assert.Equal(0, run.ExitCode);
        Assert.True(node.Seen.TryDequeue(out var request));
        Assert.Equal([0, 255, 10], request.Body);
    }

    [Theory]
    [InlineData("a/b", "/key/a%2Fb")]
    [InlineData("..", "/key/%2E%2E")]
    [InlineData("grün x", "/key/gr%C3%BCn%20x")]
    [InlineData("@file", "/key/%40file")]
    [InlineData("/h", "/key/%2Fh")]
    [InlineData("-5", "/key/-5")]
    public async Task Any_key_reaches_the_node_as_it_is(string key, string path)
    {
        await using var node = await FakeNode.StartAsync(200);

        await TestRun.OfAsync(["put", key, "v", "--endpoints", node.Endpoint]);

        Assert.True(node.Seen.TryDequeue(out var request));
        Assert.Equal(path, request.Target.Split('?')[0]);
    }

    [Fact]
    public async Task Get_prints_key_and_value_lines_as_etcdctl()
    {
        await using var node = await FakeNode.StartAsync(200, Found);

        var run = await TestRun.OfAsync(["get", "foo", "--level=stale", "--endpoints", node.Endpoint]);

        Assert.Equal((0, "foo\nbar\n"), (run.ExitCode, run.Out));
        Assert.True(node.Seen.TryDequeue(out var request));
        Assert.Equal("/key/foo?timeout=5000ms&verbose&encoding=base64&level=stale", request.Target);
    }

    [Fact]
    public async Task Get_prints_a_table_on_a_terminal()
    {
        await using var node = await FakeNode.StartAsync(200, Found);

        var run = await TestRun.OfAsync(["get", "foo", "--endpoints", node.Endpoint], terminal: true);

        Assert.Contains("changed at", run.Out);
        Assert.Contains("bar", run.Out);
    }

    [Theory]
    [InlineData("put", "foo", "bar")]
    [InlineData("get", "foo")]
    [InlineData("del", "foo")]
    public async Task A_server_that_is_no_node_has_done_nothing_whatever_it_answers(params string[] args)
    {
        await using var stranger = await FakeNode.StartAsync((_, response) => response.WriteAsync("{}"));

        var run = await TestRun.OfAsync([.. args, "--endpoints", stranger.Endpoint]);

        Assert.Equal((1, ""), (run.ExitCode, run.Out));
        Assert.Contains("not that of a Quorate node; check --endpoints", run.Error);
    }

    [Theory]
    [InlineData(new[] { "get", "foo" }, 404, Missing, 0)]
    [InlineData(new[] { "get", "foo", "--fail-missing" }, 404, Missing, 3)]
    [InlineData(new[] { "get", "foo" }, 200, """{"foo":""}""", 0)]
    [InlineData(new[] { "get", "foo", "--fail-missing" }, 200, """{"foo":""}""", 3)]
    public async Task A_missing_key_prints_nothing(string[] args, int status, string answer, int exitCode)
    {
        await using var node = await FakeNode.StartAsync(status, answer);

        var run = await TestRun.OfAsync([.. args, "--endpoints", node.Endpoint]);

        Assert.Equal((exitCode, "", ""), (run.ExitCode, run.Out, run.Error));
    }

    [Fact]
    public async Task Json_has_the_shape_of_etcdctl()
    {
        await using var node = await FakeNode.StartAsync((request, response) =>
        {
            response.Headers["Quorate-Revision"] = "17";
            response.Headers["Quorate-Term"] = "3";
            return response.WriteAsync(request.Target == "/status" ? Status : Found);
        });

        var run = await TestRun.OfAsync(["get", "foo", "--json", "--endpoints", node.Endpoint]);

        Assert.Equal(
            """{"header":{"cluster_id":10,"member_id":11,"revision":17,"raft_term":3}"""
                + ""","kvs":[{"key":"Zm9v","create_revision":2,"mod_revision":5,"version":3,"value":"YmFy"}]"""
                + ""","count":1}"""
                + "\n",
            run.Out);
    }

    [Theory]
    [InlineData("true", "1\n")]
    [InlineData("false", "0\n")]
    public async Task Del_prints_how_many_there_were(string existed, string output)
    {
        await using var node = await FakeNode.StartAsync(200, $$"""{"revision":18,"existed":{{existed}}}""");

        var run = await TestRun.OfAsync(["del", "foo", "--endpoints", node.Endpoint]);

        Assert.Equal((0, output), (run.ExitCode, run.Out));
    }

    [Fact]
    public async Task Status_prints_a_line_for_each_endpoint()
    {
        await using var node = await FakeNode.StartAsync(200, Status);
        var dead = TestRun.NobodyThere();

        var run = await TestRun.OfAsync(["status", "--endpoints", $"{node.Endpoint},{dead}"]);

        Assert.Equal(1, run.ExitCode);
        Assert.StartsWith($"{node.Endpoint} name=n1 role=leader leader=n1 term=3 commit=42 applied=42", run.Out);
        Assert.Contains($"{dead} error\n", run.Out);
        Assert.Contains($"cannot reach {dead}: connection refused", run.Error);
    }

    [Theory]
    [InlineData("\"nodeState\":\"unconfigured\"", " state=unconfigured\n", "belongs to no cluster")]
    [InlineData("\"nodeState\":\"removed\"", " state=removed\n", "was removed from its cluster")]
    [InlineData("\"waitingFor\":[\"n2\",\"n3\"]", " waiting-for=n2,n3\n", "until it has reached n2, n3")]
    public async Task Status_says_why_there_is_no_leader(string field, string ending, string words)
    {
        await using var node = await FakeNode.StartAsync(200, $$"""{"me":{"id":"n1"},"role":"follower",{{field}}}""");

        var piped = await TestRun.OfAsync(["status", "--endpoints", node.Endpoint]);
        var shown = await TestRun.OfAsync(["status", "--endpoints", node.Endpoint], terminal: true);

        Assert.EndsWith(ending, piped.Out);
        Assert.Contains($"{node.Endpoint} ", shown.Out);
        Assert.Contains(words, shown.Out);
    }

    [Fact]
    public async Task Status_shows_followers_on_a_terminal()
    {
        await using var node = await FakeNode.StartAsync(200, Status);

        var run = await TestRun.OfAsync(["status", "--endpoints", node.Endpoint], terminal: true);

        Assert.Contains("followers of n1", run.Out);
        Assert.Contains("replicate", run.Out);
    }

    [Theory]
    [InlineData("get", "foo")]
    [InlineData("put", "foo", "bar")]
    [InlineData("del", "foo")]
    public async Task The_next_endpoint_is_tried_when_one_is_down(params string[] args)
    {
        await using var node = await FakeNode.StartAsync(200, """{"existed":true,"value":"YmFy"}""");

        var run = await TestRun.OfAsync([.. args, "--endpoints", $"{TestRun.NobodyThere()},{node.Endpoint}"]);

        Assert.Equal((0, ""), (run.ExitCode, run.Error));
    }

    [Fact]
    public async Task A_write_that_was_certainly_not_done_goes_to_the_next_endpoint()
    {
        await using var first = await FakeNode.StartAsync(503, NoLeader);
        await using var second = await FakeNode.StartAsync(200);

        var run = await TestRun.OfAsync(["put", "foo", "bar", "--endpoints", $"{first.Endpoint},{second.Endpoint}"]);

        Assert.Equal((0, 1), (run.ExitCode, second.Seen.Count));
    }

    [Theory]
    [InlineData("put", "foo", "bar")]
    [InlineData("del", "foo")]
    public async Task A_write_whose_connection_broke_is_never_repeated(params string[] words)
    {
        using var first = new BreakingNode();
        await using var second = await FakeNode.StartAsync(200);

        var run = await TestRun.OfAsync(
            [.. words, "--wait", "5s", "--endpoints", $"{first.Endpoint},{second.Endpoint}"]);

        Assert.Equal((5, 1, 0), (run.ExitCode, first.Requests, second.Seen.Count));
        Assert.Contains("unknown: read before repeating", run.Error);
    }

    [Fact]
    public async Task A_read_whose_connection_broke_goes_to_the_next_endpoint()
    {
        using var first = new BreakingNode();
        await using var second = await FakeNode.StartAsync(200, Found);

        var run = await TestRun.OfAsync(["get", "foo", "--endpoints", $"{first.Endpoint},{second.Endpoint}"]);

        Assert.Equal((0, "foo\nbar\n"), (run.ExitCode, run.Out));
    }

    [Fact]
    public async Task A_late_write_exits_with_5()
    {
        await using var node = await FakeNode.StartAsync(504, LateWrite);

        var run = await TestRun.OfAsync(["put", "foo", "bar", "--endpoints", node.Endpoint]);

        Assert.Equal(5, run.ExitCode);
        Assert.Contains("not known in time", run.Error);
    }

    [Fact]
    public async Task A_node_that_hangs_is_left()
    {
        await using var hanging = await FakeNode.StartAsync((_, response) =>
            Task.Delay(Timeout.Infinite, response.HttpContext.RequestAborted));

        var run = await TestRun.OfAsync(["put", "foo", "bar", "--timeout", "50ms", "--endpoints", hanging.Endpoint]);

        Assert.Equal(5, run.ExitCode);
        Assert.Contains("did not answer in time", run.Error);
    }

    [Fact]
    public async Task No_leader_exits_with_6()
    {
        await using var node = await FakeNode.StartAsync(503, NoLeader);

        var run = await TestRun.OfAsync(["put", "foo", "bar", "--endpoints", node.Endpoint]);

        Assert.Equal(6, run.ExitCode);
        Assert.Contains("no leader is known", run.Error);
    }

    [Fact]
    public async Task Nobody_there_exits_with_1_and_says_what_to_do()
    {
        var run = await TestRun.OfAsync(["get", "foo", "--endpoints", TestRun.NobodyThere()]);

        Assert.Equal(1, run.ExitCode);
        Assert.Contains("connection refused; start a node with `quorate serve`", run.Error);
    }

    [Theory]
    [InlineData("not json")]
    [InlineData("""{"value":"*"}""")]
    [InlineData("null")]
    public async Task A_stranger_s_answer_is_an_error(string body)
    {
        await using var node = await FakeNode.StartAsync(200, body);

        var run = await TestRun.OfAsync(["get", "foo", "--endpoints", node.Endpoint]);

        Assert.Equal(1, run.ExitCode);
        Assert.Contains("not that of a Quorate node", run.Error);
    }

    [Fact]
    public async Task Wait_tries_again_until_there_is_a_leader()
    {
        var asked = 0;
        await using var node = await FakeNode.StartAsync((_, response) =>
        {
            response.StatusCode = ++asked < 3 ? 503 : 200;
            response.Headers["Quorate-Revision"] = "17";
            return response.WriteAsync(NoLeader);
        });

        var run = await TestRun.OfAsync(["put", "foo", "bar", "--wait", "10s", "--endpoints", node.Endpoint]);

        Assert.Equal((0, 3), (run.ExitCode, asked));
        Assert.True(node.Seen.TryDequeue(out var request));
        Assert.EndsWith("&wait=10000ms", request.Target);
    }
}
