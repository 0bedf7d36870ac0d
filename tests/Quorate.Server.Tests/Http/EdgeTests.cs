using System.Net;
using Quorate.Node;
using Quorate.Raft;

namespace Quorate.Server.Tests.Http;

/// <summary>Requests that no client library would send, and faults that no user should see.</summary>
public sealed class EdgeTests
{
    [Theory]
    [InlineData("GET", "/", "404", null)]
    [InlineData("GET", "/keys/foo", "404", null)]
    [InlineData("GET", "/kv", "404", null)]
    [InlineData("PATCH", "/key/a", "405", "GET, PUT, DELETE")]
    [InlineData("POST", "/key/a", "405", "GET, PUT, DELETE")]
    [InlineData("PATCH", "/key", "405", "GET, POST, PUT, DELETE")]
    [InlineData("POST", "/status", "405", "GET")]
    [InlineData("GET", "/compact", "405", "POST")]
    [InlineData("DELETE", "/health", "405", "GET")]
    [InlineData("OPTIONS", "/key/a", "405", "GET, PUT, DELETE")]
    public async Task Unknown_paths_and_methods_carry_an_error_and_no_data(
        string method, string target, string status, string? allow)
    {
        await using var api = await ApiUnderTest.StartAsync();

        var answer = await api.SendAsync(new HttpMethod(method), target);

        Assert.Equal(status, $"{(int)answer.Status}");
        Assert.Equal(allow, answer.Header("Allow"));
        Assert.Equal(allow is null ? "not_found" : "method_not_allowed", answer.Code);
        Assert.Equal(5, answer.Json.EnumerateObject().Count());
    }

    [Theory]
    [InlineData("/key/..", "..")]
    [InlineData("/key/../status", "../status")]
    [InlineData("/key/./a", "./a")]
    [InlineData("/key/%2e%2E/a", "../a")]
    [InlineData("/key//", "/")]
    [InlineData("/key/a%2F%2fb", "a//b")]
    [InlineData("/key/a%2520", "a%20")]
    [InlineData("http://h/key/a%2Fb", "a/b")]
    public async Task Keys_come_through_as_they_were_sent(string target, string key)
    {
        await using var api = await ApiUnderTest.StartAsync();
        api.Member.Store(System.Text.Encoding.UTF8.GetBytes(key), "1"u8.ToArray());

        var answer = await api.GetRawAsync(target);

        Assert.StartsWith("HTTP/1.1 200 OK\r\n", answer, StringComparison.Ordinal);
        Assert.EndsWith($"{{\"{key}\":\"1\"}}", answer, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("/key/a%00b")]
    [InlineData("/key/é")]
    [InlineData("/key/a b")]
    public async Task What_the_parser_refuses_is_still_told_in_json(string target)
    {
        await using var api = await ApiUnderTest.StartAsync();

        var answer = await api.GetRawAsync(target);

        Assert.StartsWith("HTTP/1.1 400 Bad Request\r\n", answer, StringComparison.Ordinal);
        Assert.Contains("\r\nContent-Type: application/json\r\n", answer, StringComparison.Ordinal);
        Assert.Contains("\"code\":\"invalid_argument\"", answer, StringComparison.Ordinal);
        Assert.Contains("?key=<base64url>", answer, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Broken_percent_sign_is_named_with_its_place()
    {
        await using var api = await ApiUnderTest.StartAsync();

        var answer = await api.GetRawAsync("/key/ab%2");

        Assert.StartsWith("HTTP/1.1 400 ", answer, StringComparison.Ordinal);
        Assert.Contains("the percent sign at character 3 of the key", answer, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("GET /key/a HTTP/3.0\r\nHost: h\r\n\r\n", "505")]
    [InlineData("GET /key/a HTTP/1.1\r\n\r\n", "400")]
    [InlineData("GET /key/a HTTP/1.1\r\nHost: h\r\nBad Header: 1\r\n\r\n", "400")]
    [InlineData("POST /key HTTP/1.1\r\nHost: h\r\nContent-Length: x\r\n\r\n", "400")]
    [InlineData("POST /key HTTP/1.1\r\nHost: h\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n", "400")]
    [InlineData("\u0016\u0003\u0001 this is no HTTP\r\n\r\n", "400")]
    [InlineData("OPTIONS * HTTP/1.1\r\nHost: h\r\nConnection: close\r\n\r\n", "404")]
    public async Task Broken_requests_are_told_in_json(string request, string status)
    {
        await using var api = await ApiUnderTest.StartAsync();

        var answer = await api.SendRawAsync(request);

        Assert.StartsWith($"HTTP/1.1 {status} ", answer, StringComparison.Ordinal);
        Assert.EndsWith("}", answer, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Long_lines_and_headers_are_told_in_json()
    {
        await using var api = await ApiUnderTest.StartAsync();

        var line = await api.GetRawAsync("/key/" + new string('a', 70_000));
        var header = await api.SendRawAsync(
            $"GET /key/a HTTP/1.1\r\nHost: h\r\nX: {new string('a', 40_000)}\r\n\r\n");
        var fits = await api.GetRawAsync("/key/" + new string('a', 60_000));

        Assert.StartsWith("HTTP/1.1 414 ", line, StringComparison.Ordinal);
        Assert.Contains("too_large", line, StringComparison.Ordinal);
        Assert.StartsWith("HTTP/1.1 431 ", header, StringComparison.Ordinal);
        Assert.StartsWith("HTTP/1.1 404 ", fits, StringComparison.Ordinal);
    }

    [Fact]
    public async Task One_connection_serves_many_requests_and_then_a_refusal()
    {
        await using var api = await ApiUnderTest.StartAsync();
        const string Good = "GET /key/a HTTP/1.1\r\nHost: h\r\n\r\n";
        const string Bad = "GET /key/%00 HTTP/1.1\r\nHost: h\r\n\r\n";

        var answers = await api.SendRawAsync(Good + Good + Bad);

        var parts = answers.Split("HTTP/1.1 ", StringSplitOptions.RemoveEmptyEntries);
        Assert.Equal(["404", "404", "400"], parts.Select(part => part[..3]));
        Assert.Contains("?key=<base64url>", parts[2], StringComparison.Ordinal);
    }

    [Fact]
    public async Task Fault_of_ours_is_never_an_empty_answer()
    {
        await using var api = await ApiUnderTest.StartAsync();
        api.Member.Propose = static () => throw new InvalidOperationException("Nobody foresaw this.");

        var answer = await api.PostAsync("/key", "{\"a\":\"1\"}");

        Assert.Equal((HttpStatusCode.InternalServerError, "internal"), (answer.Status, answer.Code));
        Assert.Equal("unknown", answer.Outcome);
        Assert.Empty(api.Faults);
    }

    [Fact]
    public async Task Broken_law_stops_the_node()
    {
        await using var api = await ApiUnderTest.StartAsync();
        api.Member.Propose = static () => throw new InvariantViolationException("a test may break it");

        var answer = await api.PostAsync("/key", "{\"a\":\"1\"}");

        Assert.Equal("internal", answer.Code);
        Assert.IsType<InvariantViolationException>(Assert.Single(api.Faults));
    }

    [Fact]
    public async Task Stopping_server_refuses_and_closes()
    {
        await using var api = await ApiUnderTest.StartAsync();

        api.Api.BeginStop();
        var answer = await api.GetAsync("/status");

        Assert.Equal((HttpStatusCode.ServiceUnavailable, "shutting_down"), (answer.Status, answer.Code));
        Assert.Equal("close", answer.Header("Connection"));
    }

    [Fact]
    public async Task Request_that_waits_for_a_leader_is_answered_when_the_node_stops()
    {
        await using var api = await ApiUnderTest.StartAsync();
        var waits = new TaskCompletionSource();
        api.Member.Status = FakeMember.StatusOf(leader: 0);
        api.Member.Propose = static () => ProposeOutcome.NotDone(RefusalReason.NoLeader);
        api.Member.WaitForLeader = async stopping =>
        {
            waits.SetResult();
            await Task.Delay(Timeout.InfiniteTimeSpan, stopping);
            return false;
        };

        var asked = api.PostAsync("/key?wait=5m", "{\"a\":\"1\"}");
        await waits.Task;
        api.Api.BeginStop();
        var answer = await asked;

        Assert.Equal((HttpStatusCode.ServiceUnavailable, "not_done"), (answer.Status, answer.Outcome));
    }
}
