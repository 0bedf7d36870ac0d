using System.Collections.Concurrent;

namespace Quorate.Cli.Dev;

/// <summary>What waits for the loop. When very much does, lines of nodes are no longer shown.</summary>
internal sealed class DevEvents : IDisposable
{
    private const int WaitingMax = 4096;
    private readonly BlockingCollection<DevEvent> _waiting = [];

    public void Post(DevEvent happened)
    {
        if (happened is not DevEvent.Line || _waiting.Count < WaitingMax)
        {
            _waiting.Add(happened);
        }
    }

    /// <summary>The next event, or null when none came in time.</summary>
    public DevEvent? Take(TimeSpan limit) => _waiting.TryTake(out var happened, limit) ? happened : null;

    public void Dispose() => _waiting.Dispose();
}
