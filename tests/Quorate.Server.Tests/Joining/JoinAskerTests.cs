using System.Net;
using System.Text;
using Microsoft.Extensions.Logging;
using Quorate.Node;
using Quorate.Server.Tests.Http;
using Quorate.Server.Tests.Nodes;

namespace Quorate.Server.Tests.Joining;

/// <summary>How a node asks to be taken in: what it says, how it takes the answers, and what it tells.</summary>
public sealed class JoinAskerTests : IDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);
    private readonly FakeMember _member = new();
    private readonly Lines _lines = new();
    private readonly CancellationTokenSource _stop = new();

    public JoinAskerTests() => Become(NodeState.Unconfigured);

    [Theory]
    [InlineData(200, "", JoinAnswerKind.Accepted, "yes")]
    [InlineData(503, "{\"message\":\"no leader\",\"retryable\":true}", JoinAnswerKind.NotYet, "no leader")]
    [InlineData(502, "<html>", JoinAnswerKind.NotYet, "it answered 502")]
    [InlineData(409, "{\"message\":\"taken\",\"retryable\":false}", JoinAnswerKind.Refused, "taken")]
    [InlineData(409, "{\"message\":\"busy\",\"retryable\":true}", JoinAnswerKind.NotYet, "busy")]
    [InlineData(409, "{\"message\":\"?\",\"refusal\":\"unreachable\"}", JoinAnswerKind.Unreachable, "?")]
    [InlineData(404, "[1]", JoinAnswerKind.Refused, "it answered 404")]
    [InlineData(400, "{\"message\":7,\"retryable\":\"x\"}", JoinAnswerKind.Refused, "it answered 400")]
    public void An_answer_is_judged_by_what_can_be_done_about_it(int status, string body, object kind, string words) =>
        Assert.Equal(
            new JoinAnswer((JoinAnswerKind)kind, words),
            JoinCall.Judge((HttpStatusCode)status, Encoding.UTF8.GetBytes(body)));

    [Theory]
    [InlineData("host:11000", "http://host:11000/join")]
    [InlineData(":11000", "http://127.0.0.1:11000/join")]
    [InlineData("[::1]:11000", "http://[::1]:11000/join")]
    [InlineData("http://host:11000/", "http://host:11000/join")]
    public void A_target_may_leave_its_host_out(string target, string url)
    {
        Assert.Null(JoinOptions.ParseTarget(target, out var parsed));

        Assert.Equal(url, parsed.ToString());
    }

    [Theory]
    [InlineData("host")]
    [InlineData("host:")]
    [InlineData("host:0")]
    [InlineData("https://host:1")]
    public void Anything_else_is_no_target(string target) =>
        Assert.Equal($"'{target}' is not HOST:PORT or :PORT", JoinOptions.ParseTarget(target, out _));

    [Fact]
    public async Task It_asks_until_it_is_a_member_and_tells_each_hindrance_once()
    {
        const string Answer = "{\"message\":\"no leader\",\"retryable\":true}";
        using var target = new JoinTarget(3, 503, Answer, () => Become(NodeState.Member));

        await AskAsync([target.Address], ["me:12000"]).WaitAsync(Patience);

        Assert.Equal(4, target.Bodies.Count);
        Assert.All(target.Bodies, body => Assert.Equal("{\"id\":\"n1\",\"addr\":\"me:12000\"}", body));
        Assert.Equal(
            [
                $"Not taken into the cluster by {target.Address} yet: no leader. It is asked again.",
                "Taken into the cluster as \"n1\".",
            ],
            _lines.All);
    }

    [Fact]
    public async Task Where_it_cannot_be_reached_it_tries_its_next_address()
    {
        const string Answer = "{\"message\":\"nobody there\",\"retryable\":true,\"refusal\":\"unreachable\"}";
        using var target = new JoinTarget(1, 409, Answer, () => Become(NodeState.Member));

        await AskAsync([target.Address], ["box:12000", ":12000"]).WaitAsync(Patience);

        Assert.Equal(
            ["{\"id\":\"n1\",\"addr\":\"box:12000\"}", "{\"id\":\"n1\",\"addr\":\":12000\"}"], target.Bodies);
    }

    [Theory]
    [InlineData(NodeState.Member)]
    [InlineData(NodeState.Removed)]
    public async Task Who_is_a_member_already_or_was_removed_asks_nobody(NodeState state)
    {
        Become(state);

        await AskAsync(["127.0.0.1:1"], ["me:12000"]).WaitAsync(Patience);

        Assert.Empty(_lines.All);
    }

    [Fact]
    public async Task A_refusal_is_told_and_asking_goes_on_until_the_node_stops()
    {
        using var target = new JoinTarget(int.MaxValue, 409, "{\"message\":\"name taken\"}", () => { });
        var asking = AskAsync([target.Address], ["me:12000"]);

        await Eventually.HoldsAsync(() => Task.FromResult(target.Bodies.Count > 2));
        Assert.Contains("name taken", Assert.Single(_lines.All));
        await _stop.CancelAsync();

        await asking.WaitAsync(Patience);
    }

    public void Dispose()
    {
        _stop.Dispose();
        _member.Dispose();
    }

    private void Become(NodeState state) =>
        _member.Status = FakeMember.StatusOf(leader: FakeMember.Self) with { NodeState = state, Name = "n1" };

    private Task AskAsync(string[] targets, string[] addresses)
    {
        var options = new JoinOptions
        {
            Targets = targets,
            Addresses = addresses,
            PauseMin = TimeSpan.FromMilliseconds(1),
            PauseWhenRefused = TimeSpan.FromMilliseconds(1),
        };
        return new JoinAsker(options, _member, new CryptoRandom(), TimeProvider.System, _lines).RunAsync(_stop.Token);
    }

    private sealed class Lines : ILogger
    {
        private readonly List<string> _all = [];

        public IReadOnlyList<string> All
        {
            get
            {
                lock (_all)
                {
                    return [.. _all];
                }
            }
        }

        public IDisposable? BeginScope<TState>(TState state)
            where TState : notnull => null;

        public bool IsEnabled(LogLevel logLevel) => true;

        public void Log<TState>(
            LogLevel logLevel, EventId eventId, TState state, Exception? exception,
            Func<TState, Exception?, string> formatter)
        {
            lock (_all)
            {
                _all.Add(formatter(state, exception));
            }
        }
    }
}
