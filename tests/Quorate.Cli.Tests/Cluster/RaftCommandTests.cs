using System.Text.Json;
using Microsoft.AspNetCore.Http;
using Quorate.Cli.Cluster;
using Quorate.Cli.Tests.Fakes;

namespace Quorate.Cli.Tests.Cluster;

/// <summary>Permazen's words.</summary>
public sealed class RaftCommandTests
{
    [Theory]
    [InlineData("10.0.0.2", "http://10.0.0.2:9660")]
    [InlineData("10.0.0.2:1001", "http://10.0.0.2:1001")]
    [InlineData("node-b.example", "http://node-b.example:9660")]
    [InlineData("::1", "http://[::1]:9660")]
    [InlineData("[::1]", "http://[::1]:9660")]
    [InlineData("[::1]:1001", "http://[::1]:1001")]
    [InlineData("http://10.0.0.2:1001/", "http://10.0.0.2:1001")]
    public void Address_without_a_port_means_9660(string address, string url) =>
        Assert.Equal(url, PeerUrls.OfAddress(address));

    [Fact]
    public async Task Add_takes_a_new_member_in()
    {
        await using var node = await FakeCluster.StartAsync(
            ("POST /members", 200, FakeCluster.Member(FakeCluster.Learner)));

        var run = await TestRun.OfAsync(["raft-add", "n3", "10.0.0.3", "--endpoints", node.Endpoint]);

        Assert.Equal(
            (0, "Added \"n3\" at 10.0.0.3:9660; it votes once it has caught up\n"), (run.ExitCode, run.Out));
        Assert.Equal(
            ["POST /members?timeout=5000ms {\"name\":\"n3\",\"peerUrls\":[\"http://10.0.0.3:9660\"]}"],
            FakeCluster.Changes(node));
    }

    [Fact]
    public async Task Add_of_an_unconfigured_node_itself_begins_a_cluster()
    {
        await using var node = await FakeCluster.StartAsync(
            ("GET /members", 200, FakeCluster.List()),
            ("POST /members", 200, FakeCluster.Member(FakeCluster.N1)));

        var run = await TestRun.OfAsync(["raft-add", "n1", "127.0.0.1:2380", "--endpoints", node.Endpoint]);

        Assert.Equal((0, "Added \"n1\" at 127.0.0.1:2380\n"), (run.ExitCode, run.Out));
    }

    [Fact]
    public async Task Add_of_a_known_member_changes_its_address()
    {
        await using var node = await FakeCluster.StartAsync(
            ("PUT /members/00000000000000b2", 200, FakeCluster.Member(FakeCluster.N2)));

        var run = await TestRun.OfAsync(["raft-add", "n2", "10.0.0.2", "--endpoints", node.Endpoint]);

        Assert.Equal((0, "Moved \"n2\" to 10.0.0.2:9660\n"), (run.ExitCode, run.Out));
        Assert.Equal(
            ["PUT /members/00000000000000b2?timeout=5000ms {\"peerUrls\":[\"http://10.0.0.2:9660\"]}"],
            FakeCluster.Changes(node));
    }

    [Fact]
    public async Task Add_of_a_member_that_is_there_does_no_harm()
    {
        await using var node = await FakeCluster.StartAsync(
            ("POST /members", 200, FakeCluster.Member(FakeCluster.N2)));

        var run = await TestRun.OfAsync(["raft-add", "n2", "127.0.0.1:22380", "--endpoints", node.Endpoint]);

        Assert.Equal((0, "\"n2\" is a member at 127.0.0.1:22380 already\n"), (run.ExitCode, run.Out));
    }

    [Fact]
    public async Task Remove_says_whom()
    {
        await using var node = await FakeCluster.StartAsync(
            ("DELETE /members/n2", 200, FakeCluster.Member(FakeCluster.N2)));

        var run = await TestRun.OfAsync(["raft-remove", "n2", "--endpoints", node.Endpoint]);

        Assert.Equal((0, "Removed \"n2\"\n"), (run.ExitCode, run.Out));
    }

    [Fact]
    public async Task Remove_of_nobody_is_an_error_with_those_there_are()
    {
        var words = """there is no member \"n7\"; there are \"n1\", \"n2\" """.TrimEnd();
        await using var node = await FakeCluster.StartAsync(
            ("DELETE /members/n7", 404, FakeCluster.Refusal("not_found", "no_such_member", words)));

        var run = await TestRun.OfAsync(["raft-remove", "n7", "--endpoints", node.Endpoint]);

        Assert.Equal(1, run.ExitCode);
        Assert.Contains("there are \"n1\", \"n2\"", run.Error);
    }

    [Theory]
    [InlineData("raft-step-down", "POST /leader/step-down", "Stepping down as Raft cluster leader\n")]
    [InlineData("raft-start-election", "POST /election", "Triggering early Raft election\n")]
    public async Task Deed_is_told_in_permazen_s_words(string command, string request, string output)
    {
        await using var node = await FakeCluster.StartAsync((request, 200, FakeCluster.Leader(FakeCluster.N2)));

        var run = await TestRun.OfAsync([command, "--endpoints", node.Endpoint]);
        var json = await TestRun.OfAsync([command, "--json", "--endpoints", node.Endpoint]);

        Assert.Equal((0, output), (run.ExitCode, run.Out));
        Assert.Contains("\"name\":\"n2\"", json.Out);
    }

    [Fact]
    public async Task Follower_does_not_step_down_and_asks_no_other_node_to()
    {
        await using var leader = await FakeCluster.StartAsync();
        await using var follower = await FakeNode.StartAsync((request, response) =>
        {
            response.StatusCode = 307;
            response.Headers.Location = $"http://{leader.Endpoint}{request.Target}";
            return Task.CompletedTask;
        });

        var run = await TestRun.OfAsync(["raft-step-down", "--endpoints", follower.Endpoint]);

        Assert.Equal(
            (1, "error: current role is not leader; try \"raft-status\" for more info\n"), (run.ExitCode, run.Error));
        Assert.Empty(leader.Seen);
    }

    [Theory]
    [InlineData("raft-step-down", "POST /leader/step-down", 503, "no_leader", "no_leader", 6, "not leader")]
    [InlineData(
        "raft-start-election", "POST /election", 409, "conflict", "leads_already", 1, "not follower or candidate")]
    public async Task Wrong_role_is_told_in_permazen_s_words(
        string command, string request, int status, string code, string refusal, int exitCode, string role)
    {
        await using var node = await FakeCluster.StartAsync(
            (request, status, FakeCluster.Refusal(code, refusal, "because")));

        var run = await TestRun.OfAsync([command, "--endpoints", node.Endpoint]);

        Assert.Equal(
            (exitCode, $"error: current role is {role}; try \"raft-status\" for more info\n"),
            (run.ExitCode, run.Error));
    }

    [Fact]
    public async Task Status_of_a_leader_has_permazen_s_layout()
    {
        await using var node = await FakeCluster.StartAsync(
            ("GET /members", 200, FakeCluster.List(FakeCluster.N1, FakeCluster.N2, FakeCluster.Announced)));

        var run = await TestRun.OfAsync(["raft-status", "--endpoints", node.Endpoint]);

        Assert.Equal(0, run.ExitCode);
        Assert.Equal(Expected, WithoutDate(run.Out), ignoreLineEndingDifferences: true);
    }

    [Theory]
    [InlineData("follower", "\"n1\"", "Current Role            : FOLLOWER", "Voted For               : \"n1\"")]
    [InlineData("follower", "null", "Voted For               : Nobody", "Election nodes probed   : Not probing")]
    [InlineData("pre-candidate", "null", "Current Role            : FOLLOWER", "Election nodes probed   : 1 / 2")]
    [InlineData("candidate", "null", "Current Role            : CANDIDATE", "Votes Required          : 2")]
    [InlineData("candidate", "null", "Candidate Info", "Votes Received          : 1")]
    [InlineData("follower", "null", "Follower Info", "Election timer running  : Yes; expires in 812ms")]
    public async Task Status_shows_what_the_role_has(string role, string vote, params string[] lines)
    {
        var status = FakeCluster.Status
            .Replace("\"role\":\"leader\"", $"\"role\":\"{role}\"", StringComparison.Ordinal)
            .Replace("\"votedFor\":\"n1\"", $"\"votedFor\":{vote}", StringComparison.Ordinal)
            .Replace("\"electionTimerMs\":null", "\"electionTimerMs\":812", StringComparison.Ordinal)
            .Replace("\"votesGranted\":0", "\"votesGranted\":1", StringComparison.Ordinal);
        await using var node = await FakeCluster.StartAsync(("GET /status", 200, status));

        var run = await TestRun.OfAsync(["raft-status", "--endpoints", node.Endpoint]);

        Assert.All(lines, line => Assert.Contains($"{line}\n", run.Out));
        Assert.DoesNotContain("Leader Info", run.Out);
    }

    [Fact]
    public async Task Status_of_an_unconfigured_node_says_so()
    {
        const string status =
            """
            {"me":{"id":"n1","address":""},"leader":{"id":"","address":""},"followers":[],"role":"follower",
             "clusterId":"00000000000000000000000000000000","memberId":"00000000000000a1","nodeState":"unconfigured",
             "inMemory":true,"directory":null,"votedFor":null,"electionTimerMs":null}
            """;
        await using var node = await FakeCluster.StartAsync(
            ("GET /members", 200, FakeCluster.List()), ("GET /status", 200, status));

        var run = await TestRun.OfAsync(["raft-status", "--endpoints", node.Endpoint]);

        Assert.Equal(0, run.ExitCode);
        Assert.All(
            [
                "Cluster configuration   : Unconfigured", "Cluster ID              : Unconfigured",
                "Node is cluster member  : No", "Leader Identity         : Unknown",
                "Election timer running  : No", "Log directory           : None; all is in memory",
            ],
            line => Assert.Contains($"\n{line}\n", run.Out));
    }

    [Fact]
    public async Task Status_with_json_holds_the_node_s_own_document_and_the_members()
    {
        await using var node = await FakeCluster.StartAsync();

        var run = await TestRun.OfAsync(["raft-status", "--json", "--endpoints", node.Endpoint]);

        using var json = JsonDocument.Parse(run.Out);
        Assert.Equal(93784000, json.RootElement.GetProperty("status").GetProperty("termMs").GetInt64());
        Assert.Equal("n2", json.RootElement.GetProperty("members")[1].GetProperty("name").GetString());
        Assert.False(json.RootElement.GetProperty("changing").GetBoolean());
    }

    [Theory]
    [InlineData(0, "0.000s")]
    [InlineData(750, "0.750s")]
    [InlineData(59_999, "59.999s")]
    [InlineData(60_000, "1m")]
    [InlineData(93_784_000, "1d2h3m4s")]
    [InlineData(3_600_000, "1h")]
    public void Span_is_printed_as_permazen_does(long milliseconds, string text) =>
        Assert.Equal(text, SpanText.OfMilliseconds(milliseconds));

    // The date is that of the test.
    private static string WithoutDate(string output) => string.Join('\n', output.Split('\n').Select(line =>
        line.StartsWith("Term started", StringComparison.Ordinal)
            ? $"Term started DATE {line[line.IndexOf('(')..]}"
            : line));

    private const string Expected =
        """

        Configuration
        =============

        Log directory           : /var/lib/n1
        Min election timeout    : 1.000s
        Max election timeout    : 2.000s
        Heartbeat timeout       : 0.100s
        Commit timeout          : 7.000s
        Follower probing enabled: Yes

        Cluster Info
        ============

        Cluster identity        : "n1"
        Cluster ID              : 0x0000000000000001000000000000000a
        Node is cluster member  : Yes
        Cluster configuration:

          Identity         Address
          --------         -------
        * "n1"             127.0.0.1:2380
          "n2"             127.0.0.1:22380
          00000000000000c3 127.0.0.1:32380 (announced)

        Raft State
        ==========

        Last applied log entry  : 42t3
        Commit Index            : 42
        Current term            : 3
        Term started DATE (1d2h3m4s ago)
        Current Role            : LEADER
        Unapplied memory usage  : 2 KiB
        Unapplied log entries   : 2

        Leader Info
        ===========

        Lease Timeout           : Not established
        Followers               : 2

          Identity         Status   Match      Next       Timestamp
          --------         ------   -----      ----       ---------
          "n2"             Synced   40         41         0.020s ago
          "n3"             Unknown  0          0          Never


        """;
}
