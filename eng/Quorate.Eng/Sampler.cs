namespace Quorate.Eng;

/// <summary>Looks at the nodes ten times a second until it is disposed, and keeps the largest it saw.</summary>
public sealed class Sampler : IAsyncDisposable
{
    private readonly Cluster _cluster;
    private readonly PeriodicTimer _timer = new(TimeSpan.FromMilliseconds(100));
    private readonly HashSet<string> _snapshots = [];
    private readonly Task _looking;
    private int _looks;
    private int _looksAtRunningSnapshots;

    public Sampler(Cluster cluster)
    {
        _cluster = cluster;
        LargestResidentBytes = new long[cluster.Nodes.Count];
        LargestLogBytes = new long[cluster.Nodes.Count];
        _looking = LookAsync();
    }

    /// <summary>Of each node.</summary>
    public long[] LargestResidentBytes { get; }

    /// <summary>Of each node.</summary>
    public long[] LargestLogBytes { get; }

    /// <summary>How many snapshots were being written, or were there when they were first seen.</summary>
    public int SnapshotsSeen => _snapshots.Count;

    /// <summary>The share of the time in which at least one node was writing a snapshot.</summary>
    public double ShareWithSnapshot => _looks == 0 ? 0 : (double)_looksAtRunningSnapshots / _looks;

    public async ValueTask DisposeAsync()
    {
        _timer.Dispose();
        await _looking;
    }

    private async Task LookAsync()
    {
        while (await _timer.WaitForNextTickAsync())
        {
            var writing = false;
            foreach (var (index, node) in _cluster.Nodes.Index())
            {
                LargestResidentBytes[index] = Math.Max(LargestResidentBytes[index], node.ResidentBytes);
                LargestLogBytes[index] = Math.Max(LargestLogBytes[index], node.LogBytes);
                foreach (var file in node.SnapshotFiles.Where(file => file.EndsWith(".tmp", StringComparison.Ordinal)))
                {
                    writing = true;
                    _snapshots.Add($"{node.Name} {file}");
                }
            }

            _looks++;
            _looksAtRunningSnapshots += writing ? 1 : 0;
        }
    }
}
