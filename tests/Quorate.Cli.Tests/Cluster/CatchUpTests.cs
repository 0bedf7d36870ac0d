using Microsoft.AspNetCore.Http;
using Quorate.Cli.Cluster;
using Quorate.Cli.Tests.Fakes;

namespace Quorate.Cli.Tests.Cluster;

/// <summary>A new member on its way to its vote.</summary>
public sealed class CatchUpTests
{
    private const string Url = "http://127.0.0.1:32380";
    private const string Added = "Member 00000000000000c3 added to cluster 000000000000000a\n";

    [Fact]
    public void Time_left_follows_from_two_looks()
    {
        var estimate = new CatchUpEstimate();

        Assert.Null(estimate.Observe(4000, TimeSpan.FromSeconds(10)));
        Assert.Equal(TimeSpan.FromSeconds(6), estimate.Observe(3000, TimeSpan.FromSeconds(12)));
        Assert.Equal(TimeSpan.FromSeconds(1), estimate.Observe(1500, TimeSpan.FromSeconds(13)));
        Assert.Equal(TimeSpan.Zero, estimate.Observe(0, TimeSpan.FromSeconds(14)));
    }

    [Fact]
    public void Looks_in_quick_succession_keep_what_was_found()
    {
        var estimate = new CatchUpEstimate();

        Assert.Null(estimate.Observe(4000, TimeSpan.FromSeconds(10)));
        Assert.Null(estimate.Observe(1, TimeSpan.FromSeconds(10.9)));
        Assert.Equal(TimeSpan.FromSeconds(3), estimate.Observe(3000, TimeSpan.FromSeconds(11)));
        Assert.Equal(TimeSpan.FromSeconds(3), estimate.Observe(1000, TimeSpan.FromSeconds(11.5)));
    }

    [Fact]
    public void Time_left_is_not_known_while_nothing_becomes_less()
    {
        var estimate = new CatchUpEstimate();

        Assert.Null(estimate.Observe(1000, TimeSpan.FromSeconds(1)));
        Assert.Null(estimate.Observe(1000, TimeSpan.FromSeconds(2)));
        Assert.Null(estimate.Observe(2000, TimeSpan.FromSeconds(3)));
        Assert.NotNull(estimate.Observe(1000, TimeSpan.FromSeconds(4)));
        Assert.Null(estimate.Observe(long.MaxValue, TimeSpan.FromSeconds(5)));
        Assert.Null(estimate.Observe(long.MaxValue - 4096, TimeSpan.FromSeconds(6)));
    }

    [Theory]
    [InlineData(0.2, "1s")]
    [InlineData(59.1, "1m")]
    [InlineData(93, "1m33s")]
    [InlineData(12, "12s")]
    public void Time_left_is_told_in_whole_seconds(double seconds, string text) =>
        Assert.Equal(text, SpanText.Rounded(TimeSpan.FromSeconds(seconds)));

    [Theory]
    [InlineData(0, "0 B")]
    [InlineData(1023, "1023 B")]
    [InlineData(1536, "1.5 KiB")]
    [InlineData(3 * 1024 * 1024, "3 MiB")]
    public void Size_has_the_unit_that_fits(long bytes, string text) => Assert.Equal(text, SizeText.Of(bytes));

    [Fact]
    public async Task Add_waits_until_the_member_votes()
    {
        await using var node = await NodeAsync(
            FakeCluster.List(FakeCluster.N1, FakeCluster.Learner),
            FakeCluster.List(FakeCluster.N1, FakeCluster.Promoted).Replace("\"changing\":false", "\"changing\":true"),
            FakeCluster.List(FakeCluster.N1, FakeCluster.Promoted));

        var run = await AddAsync(node);

        Assert.Equal((0, Added), (run.ExitCode, run.Out));
        Assert.Equal(3, node.Seen.Count(request => request.Target == "/members"));
        Assert.StartsWith("n3 (learner): 3 MiB and 21 entries to go, 50 %\n", run.Error);
    }

    [Fact]
    public async Task Progress_is_one_line_on_a_terminal()
    {
        await using var node = await NodeAsync(
            FakeCluster.List(FakeCluster.N1, FakeCluster.Learner),
            FakeCluster.List(FakeCluster.N1, FakeCluster.Promoted));

        var run = await AddAsync(node, terminal: true);

        Assert.Equal(
            (0, $"{Added}\rn3 (learner): 3 MiB and 21 entries to go, 50 %\u001b[K\nn3 has caught up and votes\n", ""),
            (run.ExitCode, run.Out, run.Error));
    }

    [Fact]
    public async Task Json_holds_the_list_at_the_end_and_progress_stays_beside_it()
    {
        await using var node = await NodeAsync(
            FakeCluster.List(FakeCluster.N1, FakeCluster.Learner),
            FakeCluster.List(FakeCluster.N1, FakeCluster.Promoted));

        var run = await AddAsync(node, terminal: true, "--json");

        Assert.StartsWith("{\"header\":", run.Out);
        Assert.EndsWith("""{"ID":195,"name":"n3","peerURLs":["http://127.0.0.1:32380"]}]}""" + "\n", run.Out);
        Assert.StartsWith("n3 (learner)", run.Error);
    }

    [Fact]
    public async Task Leader_is_asked_how_far_it_is_where_the_node_does_not_know()
    {
        await using var leader = await FakeCluster.StartAsync(
            ("GET /members", 200, FakeCluster.List(FakeCluster.N1, FakeCluster.Learner)));
        var follower = FakeCluster.N1.Replace("127.0.0.1:2379", leader.Endpoint, StringComparison.Ordinal);
        await using var node = await NodeAsync(
            FakeCluster.List(follower, Unmeasured), FakeCluster.List(follower, FakeCluster.Promoted));

        var run = await AddAsync(node);

        Assert.Equal(0, run.ExitCode);
        Assert.StartsWith("n3 (learner): 3 MiB and 21 entries to go, 50 %\n", run.Error);
    }

    [Fact]
    public async Task Leader_out_of_reach_leaves_only_the_figures_out()
    {
        var gone = FakeCluster.N1.Replace("127.0.0.1:2379", TestRun.NobodyThere(), StringComparison.Ordinal);
        await using var node = await NodeAsync(
            FakeCluster.List(gone, Unmeasured), FakeCluster.List(gone, FakeCluster.Promoted));

        var run = await AddAsync(node);

        Assert.Equal((0, "n3 (learner): catching up\n"), (run.ExitCode, run.Error));
    }

    [Fact]
    public async Task Replace_waits_until_the_old_one_is_gone()
    {
        await using var node = await NodeAsync(
            FakeCluster.List(FakeCluster.N1, FakeCluster.N2),
            FakeCluster.List(FakeCluster.N1, FakeCluster.N2, FakeCluster.Learner),
            FakeCluster.List(FakeCluster.N1, FakeCluster.N2, FakeCluster.Promoted),
            FakeCluster.List(FakeCluster.N1, FakeCluster.Promoted));

        var run = await TestRun.OfAsync(["member", "replace", "n2", "--peer-urls", Url, "--endpoints", node.Endpoint]);

        Assert.Equal(
            (0, "Member 00000000000000c3 takes the place of 00000000000000b2 in cluster 000000000000000a\n"),
            (run.ExitCode, run.Out));
        Assert.Equal(4, node.Seen.Count(request => request.Target == "/members"));
    }

    [Fact]
    public async Task Time_that_is_over_exits_with_5_and_says_that_it_goes_on()
    {
        await using var node = await NodeAsync(FakeCluster.List(FakeCluster.N1, FakeCluster.Learner));

        var run = await AddAsync(node, terminal: false, "--catch-up", "0s");

        Assert.Equal((5, Added), (run.ExitCode, run.Out));
        Assert.Contains("it goes on, and votes by itself then: `quorate member list`", run.Error);
    }

    [Fact]
    public async Task Member_that_was_removed_meanwhile_is_an_error()
    {
        await using var node = await NodeAsync(FakeCluster.List(FakeCluster.N1));

        var run = await AddAsync(node);

        Assert.Equal(1, run.ExitCode);
        Assert.Contains("is no member any more", run.Error);
    }

    [Fact]
    public async Task Node_that_does_not_answer_for_a_while_is_waited_for()
    {
        await using var node = await NodeAsync("", FakeCluster.List(FakeCluster.N1, FakeCluster.Promoted));

        var run = await AddAsync(node);

        Assert.Equal(0, run.ExitCode);
        Assert.Contains("waiting: ", run.Error);
    }

    private static string Unmeasured => FakeCluster.Announced
        .Replace("\"name\":\"\"", "\"name\":\"n3\"", StringComparison.Ordinal)
        .Replace("announced", "learner", StringComparison.Ordinal);

    private static Task<TestRun> AddAsync(FakeNode node, bool terminal = false, params string[] more) =>
        TestRun.OfAsync(
            ["member", "add", "n3", "--peer-urls", Url, "--endpoints", node.Endpoint, .. more], terminal: terminal);

    // Lists in turn, the last one for ever; an empty one is a node without a leader.
    private static Task<FakeNode> NodeAsync(params string[] lists)
    {
        var asked = 0;
        return FakeNode.StartAsync((request, response) =>
        {
            var body = request.Target == "/status" ? FakeCluster.Status
                : request.Method != "GET" ? FakeCluster.Member(FakeCluster.Learner)
                : lists[Math.Min(asked++, lists.Length - 1)];
            if (body.Length == 0)
            {
                response.StatusCode = 503;
                body = FakeCluster.Refusal("no_leader", "no_leader", "because", retryable: true);
            }

            return response.WriteAsync(body);
        });
    }
}
