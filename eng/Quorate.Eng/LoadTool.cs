using System.Diagnostics;
using System.Text.Json;

namespace Quorate.Eng;

/// <summary>Runs <c>bench/Quorate.Load</c> as a process of its own and reads its result.</summary>
public sealed class LoadTool
{
    private const string Assembly = "bench/Quorate.Load/bin/Release/net10.0/Quorate.Load.dll";

    private readonly Cluster _cluster;

    private LoadTool(Cluster cluster) => _cluster = cluster;

    /// <summary>Builds it first, so that building is not measured.</summary>
    public static async Task<LoadTool> BuildAsync(Cluster cluster)
    {
        await Checkout.RunAsync("dotnet", "build", "bench/Quorate.Load", "-c", "Release", "-v", "quiet", "--nologo");
        return new LoadTool(cluster);
    }

    /// <summary>One run with the options given; its progress goes to our stderr.</summary>
    public async Task<LoadReport> RunAsync(params string[] options)
    {
        var start = new ProcessStartInfo("dotnet", [Assembly, "--endpoints", _cluster.Urls, "--json", .. options])
        {
            WorkingDirectory = Checkout.Root,
            RedirectStandardOutput = true,
        };
        var before = _cluster.ProcessorTime;
        using var process = Process.Start(start)!;
        var output = await process.StandardOutput.ReadToEndAsync();
        await process.WaitForExitAsync();
        if (process.ExitCode != 0)
        {
            throw new InvalidOperationException($"the load tool ended with {process.ExitCode}");
        }

        using var json = JsonDocument.Parse(output);
        return LoadReport.From(json.RootElement, _cluster.ProcessorTime - before);
    }
}
