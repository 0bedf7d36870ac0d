using System.Text.Json;

namespace Quorate.Load.Tests;

public sealed class LoadRunTests
{
    [Theory]
    [InlineData(4, 4)]
    [InlineData(2, 7)]
    public async Task The_count_is_kept_exactly_and_spread_over_the_endpoints(int connections, int outstanding)
    {
        await using var one = new FakeNode(_ => FakeNode.Answer("200 OK", ""));
        await using var two = new FakeNode(_ => FakeNode.Answer("200 OK", ""));
        var options = Options(one, two) with { Connections = connections, Outstanding = outstanding, Count = 500 };

        var result = await MeasureAsync(options);

        Assert.Equal(500, Number(result, "operations"));
        Assert.Equal(500, one.Asked.Count + two.Asked.Count);
        Assert.NotEmpty(one.Asked);
        Assert.NotEmpty(two.Asked);
    }

    [Fact]
    public async Task Refusals_and_unknown_outcomes_are_told_apart()
    {
        var asked = 0;
        await using var node = new FakeNode(_ => (++asked % 4) switch
        {
            0 => FakeNode.Answer("503 Service Unavailable", "{\"code\":\"no_leader\",\"message\":\"-\"}"),
            1 => FakeNode.Answer("504 Gateway Timeout", "{\"code\":\"timeout\"}"),
            2 => null,
            _ => FakeNode.Answer("200 OK", ""),
        });

        var result = await MeasureAsync(Options(node) with { Outstanding = 1, Count = 40 });

        Assert.Equal(10, Number(result, "operations"));
        Assert.Equal(10, Number(result, "refused", "503 no_leader"));
        Assert.Equal(10, Number(result, "unknown", "504 timeout"));
        Assert.Equal(10, Number(result, "unknown", "connection lost"));
    }

    [Fact]
    public async Task A_get_of_a_missing_key_is_an_answer()
    {
        await using var node = new FakeNode(_ => FakeNode.Answer("404 Not Found", "{\"code\":\"not_found\"}"));

        var result = await MeasureAsync(Options(node) with { Mix = new Mix(PutPercent: 0), Count = 20 });

        Assert.Equal(20, Number(result, "get", "count"));
        Assert.Equal(20, Number(result, "missing"));
    }

    [Fact]
    public async Task Prefill_puts_every_key_once()
    {
        await using var node = new FakeNode(_ => FakeNode.Answer("200 OK", ""));
        var options = Options(node) with { Keys = 50, Outstanding = 8 };

        await new LoadRun(options, TextWriter.Null).PrefillAsync(CancellationToken.None);

        var wanted = Enumerable.Range(0, 50).Select(key => $"PUT /key/k{key} HTTP/1.1");
        Assert.Equal(wanted.Order(), node.Asked.Order());
    }

    [Fact]
    public async Task A_run_by_time_ends_by_time_and_tells_its_progress()
    {
        await using var node = new FakeNode(_ => FakeNode.Answer("200 OK", "value"));
        var progress = new StringWriter();

        var result = await new LoadRun(Options(node) with { Seconds = 1 }, progress)
            .MeasureAsync(CancellationToken.None);

        Assert.True(result.IsClean, result.ToText());
        Assert.StartsWith("load", progress.ToString());
        Assert.Contains("p999", result.ToText());
    }

    private static LoadOptions Options(params FakeNode[] nodes) => new()
    {
        Endpoints = [.. nodes.Select(node => node.Address)],
        Keys = 100,
        ValueBytes = 32,
        Outstanding = 4,
        DrainSeconds = 5,
    };

    private static async Task<JsonElement> MeasureAsync(LoadOptions options)
    {
        var result = await new LoadRun(options, TextWriter.Null).MeasureAsync(CancellationToken.None);
        return JsonDocument.Parse(result.ToJson()).RootElement;
    }

    private static long Number(JsonElement result, params string[] path) =>
        path.Aggregate(result, (at, name) => at.GetProperty(name)).GetInt64();
}
