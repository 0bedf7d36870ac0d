using System.Collections.Concurrent;
using System.Diagnostics;

namespace Quorate.Eng;

/// <summary>
/// Writes from several connections at once, every key once, and keeps the list of what was acknowledged: outside the
/// nodes, so that they cannot agree with it by accident.
/// </summary>
public sealed class Writers(Cluster cluster, int connections, string prefix) : IDisposable
{
    private readonly Client _client = new(TimeSpan.FromSeconds(15));
    private readonly ConcurrentQueue<long> _acknowledgedAt = new();
    private readonly Gate _gate = new();
    private Task _running = Task.CompletedTask;
    private long _acknowledged;
    private long _refused;
    private long _unknown;
    private volatile bool _stopped;

    public long Acknowledged => Interlocked.Read(ref _acknowledged);

    public string Counts => $"{Acknowledged:N0} acknowledged, {_refused:N0} refused, {_unknown:N0} unknown";

    /// <summary>Key and value of each acknowledged write.</summary>
    public ConcurrentDictionary<string, string> List { get; } = new();

    public void Start() =>
        _running = Task.WhenAll(Enumerable.Range(0, connections).Select(number => WriteAsync(number)));

    public async Task StopAsync()
    {
        _stopped = true;
        _gate.Open();
        await _running;
    }

    /// <summary>Holds the writers back once their requests in flight are answered.</summary>
    public void Pause() => _gate.Close();

    public void Resume() => _gate.Open();

    /// <summary>The longest time without an acknowledged write, from the last one before a moment on.</summary>
    public TimeSpan LongestGapSince(long moment)
    {
        var times = _acknowledgedAt.Order().ToList();
        var from = Math.Max(0, times.FindLastIndex(time => time <= moment));
        var longest = TimeSpan.Zero;
        for (var at = from + 1; at < times.Count; at++)
        {
            var gap = Stopwatch.GetElapsedTime(times[at - 1], times[at]);
            longest = gap > longest ? gap : longest;
        }

        return longest;
    }

    public void ForgetTimes() => _acknowledgedAt.Clear();

    public void Dispose() => _client.Dispose();

    private async Task WriteAsync(int number)
    {
        var target = number;
        for (var count = 0; !_stopped; count++)
        {
            await _gate.PassAsync();
            var (key, value) = ($"{prefix}-{number}-{count}", $"value {count} of {number} in {prefix}");
            var nodes = cluster.Nodes;
            switch (await _client.PutAsync(nodes[target % nodes.Count].Url, key, value))
            {
                case Outcome.Acknowledged:
                    List[key] = value;
                    Interlocked.Increment(ref _acknowledged);
                    _acknowledgedAt.Enqueue(Stopwatch.GetTimestamp());
                    continue;
                case Outcome.Refused:
                    Interlocked.Increment(ref _refused);
                    break;
                default:
                    Interlocked.Increment(ref _unknown);
                    break;
            }

            target++;
            await Task.Delay(10);
        }
    }
}
