using System.Diagnostics;
using Quorate.Cli.Client;

namespace Quorate.Cli.Dev;

/// <summary>One node of the cluster: its process, and what it last said of itself.</summary>
/// <remarks>Touched only by the loop, but for <see cref="Status"/>, which the poller sets.</remarks>
internal sealed class DevNode(
    DevNodePlan plan, IReadOnlyList<string> serveArguments, SelfCommand self, DevEvents events)
{
    // What of our own environment would give a node another identity than the plan does.
    private static readonly string[] PlannedVariables =
    [
        "NAME", "DATA_DIR", "LISTEN_CLIENT_URLS", "ADVERTISE_CLIENT_URLS", "LISTEN_PEER_URLS",
        "INITIAL_ADVERTISE_PEER_URLS", "INITIAL_CLUSTER", "INITIAL_CLUSTER_STATE", "INITIAL_CLUSTER_TOKEN",
    ];

    private Process? _process;
    private volatile NodeStatus? _status;

    public DevNodePlan Plan { get; } = plan;

    public string StartCommand { get; } = self.Typed(serveArguments);

    /// <summary>The process, or null while there is none.</summary>
    public int? Pid => _process?.Id;

    /// <summary>How the last process ended; null before it did.</summary>
    public int? LastExitCode { get; private set; }

    /// <summary>What the node said last; null when it does not answer.</summary>
    public NodeStatus? Status
    {
        get => _status;
        set => _status = value;
    }

    /// <summary>Starts the process, which dies with the thread that calls this: the loop's.</summary>
    public void Start()
    {
        var start = new ProcessStartInfo(self.File)
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            UseShellExecute = false,
        };
        foreach (var argument in self.LeadingArguments.Concat(serveArguments).Concat(
            ["--exit-with-parent", $"{Environment.ProcessId}"]))
        {
            start.ArgumentList.Add(argument);
        }

        foreach (var variable in PlannedVariables)
        {
            start.Environment.Remove($"QUORATE_{variable}");
            start.Environment.Remove($"ETCD_{variable}");
        }

        var process = new Process { StartInfo = start, EnableRaisingEvents = true };
        var output = new NodeOutput(Plan, events);
        process.OutputDataReceived += (_, line) => output.Take(line.Data);
        process.ErrorDataReceived += (_, line) => output.Take(line.Data);
        process.Start();
        var pid = process.Id;
        process.Exited += (_, _) => events.Post(new DevEvent.Exited(this, pid, process.ExitCode));
        process.BeginOutputReadLine();
        process.BeginErrorReadLine();
        LastExitCode = null;
        _process = process;
    }

    /// <summary>Ends the process as a power cut would.</summary>
    public void Kill() => _process?.Kill();

    /// <summary>Asks the process to stop in order.</summary>
    public void BeginStop()
    {
        if (_process is null)
        {
            return;
        }

        if (OperatingSystem.IsWindows())
        {
            _process.Kill();
        }
        else
        {
            Posix.Signal(_process.Id, Posix.Sigterm);
        }
    }

    /// <summary>Notes that a process has ended; false when it is not the one of now.</summary>
    public bool TryNoteExit(int pid, int exitCode)
    {
        if (_process is null || _process.Id != pid)
        {
            return false;
        }

        _process.Dispose();
        _process = null;
        _status = null;
        LastExitCode = exitCode;
        return true;
    }
}
