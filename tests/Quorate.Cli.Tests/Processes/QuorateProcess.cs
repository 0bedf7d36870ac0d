using System.Collections.Concurrent;
using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using System.Runtime.Versioning;

namespace Quorate.Cli.Tests.Processes;

/// <summary>The real executable in a process of its own, which never outlives the test.</summary>
[UnsupportedOSPlatform("windows")]
internal sealed class QuorateProcess : IDisposable
{
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(60);
    private readonly Process _process;
    private readonly BlockingCollection<string> _lines = [];
    private readonly ConcurrentQueue<string> _all = new();

    private QuorateProcess(Process process) => _process = process;

    public int Pid => _process.Id;

    /// <summary>Everything it wrote, both streams.</summary>
    public string Output => string.Join('\n', _all);

    public static QuorateProcess Start(params string[] arguments) => StartWith([], arguments);

    /// <summary>The same with variables of its own.</summary>
    public static QuorateProcess StartWith((string Variable, string Value)[] environment, params string[] arguments) =>
        Run("dotnet", environment, [Executable, .. arguments]);

    /// <summary>A script that ends by becoming the executable.</summary>
    public static QuorateProcess StartScript(
        string path, (string Variable, string Value)[] environment, params string[] arguments) =>
        Run("sh", environment, [path, .. arguments]);

    /// <summary>What is started.</summary>
    public static string Executable => Path.Combine(AppContext.BaseDirectory, "quorate.dll");

    /// <summary>A port that nobody listens on now.</summary>
    public static int FreePort()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }

    /// <summary>Waits for a line that holds <paramref name="text"/> and returns it.</summary>
    public string AwaitLine(string text)
    {
        var started = Stopwatch.GetTimestamp();
        while (Stopwatch.GetElapsedTime(started) < Limit && _lines.TryTake(out var line, Limit))
        {
            if (line.Contains(text, StringComparison.Ordinal))
            {
                return line;
            }
        }

        throw new TimeoutException($"no line with '{text}' in:\n{Output}");
    }

    public void Signal(int signal) => Posix.Signal(Pid, signal);

    public async Task<int> AwaitExitAsync()
    {
        using var limit = new CancellationTokenSource(Limit);
        await _process.WaitForExitAsync(limit.Token);
        return _process.ExitCode;
    }

    public void Dispose()
    {
        if (!_process.HasExited)
        {
            _process.Kill(entireProcessTree: true);
        }

        _process.Dispose();
    }

    private static QuorateProcess Run(
        string program, (string Variable, string Value)[] environment, string[] arguments)
    {
        var start = new ProcessStartInfo(program)
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        foreach (var (variable, value) in environment)
        {
            start.Environment[variable] = value;
        }

        foreach (var argument in arguments)
        {
            start.ArgumentList.Add(argument);
        }

        var started = new QuorateProcess(new Process { StartInfo = start });
        started._process.OutputDataReceived += (_, line) => started.Take(line.Data);
        started._process.ErrorDataReceived += (_, line) => started.Take(line.Data);
        started._process.Start();
        started._process.StandardInput.Close();
        started._process.BeginOutputReadLine();
        started._process.BeginErrorReadLine();
        return started;
    }

    private void Take(string? line)
    {
        if (line is not null)
        {
            _all.Enqueue(line);
            _lines.Add(line);
        }
    }
}
