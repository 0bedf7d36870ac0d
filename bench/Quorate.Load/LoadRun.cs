using System.Diagnostics;

namespace Quorate.Load;

/// <summary>One part of a run: starts the connections, tells the progress, and adds up what they saw.</summary>
internal sealed class LoadRun(LoadOptions options, TextWriter progress)
{
    /// <summary>Puts every key once.</summary>
    public Task<LoadResult> PrefillAsync(CancellationToken cancellationToken) =>
        RunAsync("prefill", new Work(options, options.Keys, everyKeyOnce: true), limit: null, cancellationToken);

    /// <summary>The measured part.</summary>
    public Task<LoadResult> MeasureAsync(CancellationToken cancellationToken) =>
        RunAsync(
            "load",
            new Work(options, options.Count, everyKeyOnce: false),
            options.Count > 0 ? null : TimeSpan.FromSeconds(options.Seconds),
            cancellationToken);

    private async Task<LoadResult> RunAsync(
        string name, Work work, TimeSpan? limit, CancellationToken cancellationToken)
    {
        using var abandon = new CancellationTokenSource();
        await using var stop = cancellationToken.Register(work.End);
        var connections = Connect(work);
        var clock = Stopwatch.StartNew();
        var all = Task.WhenAll(connections.Select(connection => connection.RunAsync(abandon.Token)));

        await TellProgressAsync(name, connections, work, limit, clock, all);

        // What is in flight now is waited for, within a limit; then it is unknown.
        var elapsed = clock.Elapsed;
        work.End();
        abandon.CancelAfter(TimeSpan.FromSeconds(options.DrainSeconds));
        await all;
        return new LoadResult(limit is null ? clock.Elapsed : elapsed, Sum(connections));
    }

    private List<Connection> Connect(Work work)
    {
        var count = options.ConnectionCount;
        var (depth, deeper) = Math.DivRem(options.Outstanding, count);
        return
        [
            .. Enumerable.Range(0, count).Select(number =>
                new Connection(number, options, work, depth + (number < deeper ? 1 : 0)))
        ];
    }

    private async Task TellProgressAsync(
        string name, List<Connection> connections, Work work, TimeSpan? limit, Stopwatch clock, Task all)
    {
        var before = new Tally();
        var beforeAt = TimeSpan.Zero;
        while (!all.IsCompleted && !work.IsOver && !(clock.Elapsed >= limit))
        {
            var left = (limit ?? TimeSpan.MaxValue) - clock.Elapsed;
            var wait = left < TimeSpan.FromSeconds(1) ? left : TimeSpan.FromSeconds(1);
            if (wait > TimeSpan.Zero)
            {
                await Task.WhenAny(all, Task.Delay(wait));
            }

            var (now, at) = (Sum(connections), clock.Elapsed);
            await progress.WriteLineAsync(ProgressLine(name, at, at - beforeAt, now, before));
            (before, beforeAt) = (now, at);
        }
    }

    private static string ProgressLine(string name, TimeSpan at, TimeSpan during, Tally now, Tally before)
    {
        var window = new Histogram();
        window.Add(now.Puts);
        window.Add(now.Gets);
        window.Subtract(before.Puts);
        window.Subtract(before.Gets);
        var perSecond = window.Count / during.TotalSeconds;
        return $"{name} {at.TotalSeconds,5:F0} s  {perSecond,9:N0} op/s  p99 {window.Percentile(0.99) / 1e6,8:F2} ms  "
            + $"refused {now.RefusedCount:N0}  unknown {now.UnknownCount:N0}";
    }

    private static Tally Sum(List<Connection> connections)
    {
        var sum = new Tally();
        foreach (var connection in connections)
        {
            sum.Add(connection.Tally);
        }

        return sum;
    }
}
