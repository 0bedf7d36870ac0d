using System.Collections.Concurrent;
using System.Diagnostics;
using Quorate.Simulator;

namespace Quorate.Eng;

/// <summary>
/// Clients that write and read the same few keys at the same time, at all nodes in turn, and keep the whole history.
/// Each key is left after a while for the next, so that the search for an order stays short.
/// </summary>
public sealed class Registers(Cluster cluster, int clients) : IDisposable
{
    private const int OperationsPerKey = 40;
    private readonly Client _client = new(TimeSpan.FromSeconds(15));
    private readonly ConcurrentDictionary<long, ConcurrentQueue<RegisterOperation>> _histories = new();
    private Task _running = Task.CompletedTask;
    private long _begun;
    private volatile bool _stopped;

    /// <summary>Operations whose outcome counts: done, or unknown writes.</summary>
    public long Operations => _histories.Values.Sum(history => (long)history.Count);

    public void Start() =>
        _running = Task.WhenAll(Enumerable.Range(0, clients).Select(number => RunAsync(number)));

    public Task StopAsync()
    {
        _stopped = true;
        return _running;
    }

    /// <summary>The keys whose history has no order that explains it.</summary>
    public IReadOnlyList<string> FindWrong() =>
    [
        .. from history in _histories
           where !LinearizabilityChecker.Check([.. history.Value])
           select KeyOf(history.Key)
    ];

    public void Dispose() => _client.Dispose();

    private static string KeyOf(long number) => $"register-{number}";

    private async Task RunAsync(int number)
    {
        for (var turn = number; !_stopped; turn++)
        {
            var id = Interlocked.Increment(ref _begun);
            var register = id / OperationsPerKey;
            var nodes = cluster.Nodes;
            var url = nodes[turn % nodes.Count].Url;
            var operation = id % 3 == 0
                ? await WriteAsync(url, KeyOf(register), $"{id}")
                : await ReadAsync(url, KeyOf(register));
            if (operation is not null)
            {
                _histories.GetOrAdd(register, _ => new()).Enqueue(operation);
            }
            else
            {
                await Task.Delay(10);
            }
        }
    }

    private async Task<RegisterOperation?> WriteAsync(string url, string key, string value)
    {
        var invoked = Stopwatch.GetTimestamp();
        return await _client.PutAsync(url, key, value) switch
        {
            Outcome.Acknowledged => new(invoked, Stopwatch.GetTimestamp(), IsWrite: true, value),
            Outcome.Unknown => new(invoked, long.MaxValue, IsWrite: true, value, OperationOutcome.Unknown),
            _ => null,
        };
    }

    private async Task<RegisterOperation?> ReadAsync(string url, string key)
    {
        var invoked = Stopwatch.GetTimestamp();
        try
        {
            var value = await _client.GetAsync(url, key);
            return new(invoked, Stopwatch.GetTimestamp(), IsWrite: false, value);
        }
        catch (Exception e) when (e is HttpRequestException or TaskCanceledException)
        {
            return null;
        }
    }
}
