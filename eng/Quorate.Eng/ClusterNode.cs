using System.Diagnostics;
using System.Globalization;

namespace Quorate.Eng;

/// <summary>One real node: a process of <c>./quorate serve</c>, its directory, and its log beside it.</summary>
public sealed class ClusterNode(string name, int clientPort, int peerPort, string folder)
{
    private Process? _process;

    public string Name { get; } = name;

    public int ClientPort { get; } = clientPort;

    public string Url { get; } = $"http://127.0.0.1:{clientPort}";

    public string PeerUrl { get; } = $"http://127.0.0.1:{peerPort}";

    /// <summary>The node's data directory.</summary>
    public string Data { get; } = Path.Combine(folder, name);

    public bool IsRunning => _process is { HasExited: false };

    /// <summary>Starts it with its own name, directory and addresses, and more flags.</summary>
    public void Start(IEnumerable<string> more)
    {
        string[] arguments =
        [
            "serve", "--name", Name, "--data-dir", Data,
            "--listen-client-urls", Url, "--advertise-client-urls", Url,
            "--listen-peer-urls", PeerUrl, "--initial-advertise-peer-urls", PeerUrl, .. more,
        ];

        // The shell only opens the log and then becomes the launcher, which becomes the node: one process id.
        const string script = """log=$1; shift; exec "$@" </dev/null >>"$log" 2>&1""";
        var launcher = Path.Combine(Checkout.Root, "quorate");
        var log = Path.Combine(folder, Name + ".log");
        _process = Process.Start("sh", ["-c", script, "sh", log, launcher, .. arguments]);
    }

    /// <summary>kill -9.</summary>
    public void Kill() => _process?.Kill();

    /// <summary>SIGTERM, then waits; false if it had to be killed or did not end with 0.</summary>
    public async Task<bool> StopAsync()
    {
        if (_process is null || _process.HasExited)
        {
            return true;
        }

        await Checkout.RunAsync("kill", "-TERM", _process.Id.ToString(CultureInfo.InvariantCulture));
        using var limit = new CancellationTokenSource(TimeSpan.FromSeconds(20));
        await _process.WaitForExitAsync(limit.Token).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        if (!_process.HasExited)
        {
            _process.Kill();
            return false;
        }

        return _process.ExitCode == 0;
    }

    public Task WaitForEndAsync() => _process?.WaitForExitAsync() ?? Task.CompletedTask;

    /// <summary>Processor time so far, in user and kernel mode.</summary>
    public TimeSpan ProcessorTime
    {
        get
        {
            _process!.Refresh();
            return _process.TotalProcessorTime;
        }
    }

    /// <summary>Resident memory in bytes.</summary>
    public long ResidentBytes
    {
        get
        {
            _process!.Refresh();
            return _process.WorkingSet64;
        }
    }

    /// <summary>Bytes that the log takes on disk.</summary>
    public long LogBytes => new DirectoryInfo(Path.Combine(Data, "wal")) is { Exists: true } wal
        ? wal.EnumerateFiles("*", SearchOption.AllDirectories).Sum(file => file.Length)
        : 0;

    /// <summary>The names in the directory of snapshots now.</summary>
    public IReadOnlyList<string> SnapshotFiles =>
        new DirectoryInfo(Path.Combine(Data, "snapshots")) is { Exists: true } snapshots
            ? [.. snapshots.EnumerateFiles().Select(file => file.Name)]
            : [];
}
