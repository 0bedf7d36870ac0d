using System.Diagnostics;
using System.Runtime.Versioning;

namespace Quorate.EndToEnd.Tests.Tours;

/// <summary>
/// Runs a page in namespaces of its own: all ports are free there, addresses may come and go, and /etc/hosts is the
/// page's. Nothing outside can be reached from there, and nothing reaches in.
/// </summary>
[SupportedOSPlatform("linux")]
internal sealed class TourRun : IDisposable
{
    private static readonly TimeSpan Limit = TimeSpan.FromMinutes(4);

    // A user namespace lets anybody make the others; where there is none, root makes them without.
    private static readonly string[] Namespaces =
        CanEnter("--map-root-user") ? ["--map-root-user", "--mount", "--net"] : ["--mount", "--net"];

    private readonly string _folder = Directory.CreateTempSubdirectory("quorate-tour-").FullName;

    /// <summary>The lines that were begun, and <see cref="TourScript.Done"/> at the end.</summary>
    public IReadOnlyList<string> Reached { get; private set; } = [];

    /// <summary>Everything that was printed.</summary>
    public string Output { get; private set; } = "";

    /// <summary>Runs the page to its end, or to the first thing that is not as it says.</summary>
    public async Task<int> RunAsync(TourPage page)
    {
        var work = Directory.CreateDirectory(PathOf("work")).FullName;
        WriteProgram("bin/quorate", $"exec dotnet '{Checkout.Quorate}' \"$@\"");
        await File.WriteAllTextAsync(PathOf("script"), TourScript.Of(page));
        await File.WriteAllLinesAsync(PathOf("hosts"), ["127.0.0.1 localhost", "::1 localhost", .. page.Hosts]);
        WriteProgram("enter", $"""
            ip link set lo up
            mount --bind '{PathOf("hosts")}' /etc/hosts
            export PATH='{PathOf("bin")}':"$PATH" QUORATE=quorate QUORATE_BALSA_ROOM='{PathOf("balsa")}'
            cd '{work}'
            ln -s '{Path.Combine(Checkout.Root, "samples")}' samples
            exec bash '{PathOf("script")}' 3>'{PathOf("reached")}' >'{PathOf("output")}' 2>&1
            """);
        var code = await EnterAsync();
        Reached = await File.ReadAllLinesAsync(PathOf("reached"));
        Output = await File.ReadAllTextAsync(PathOf("output"));
        return code;
    }

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    private async Task<int> EnterAsync()
    {
        using var process = Process.Start("unshare", [.. Namespaces, "--kill-child", "--fork", PathOf("enter")]);
        using var limit = new CancellationTokenSource(Limit);
        try
        {
            await process.WaitForExitAsync(limit.Token);
        }
        finally
        {
            process.Kill(entireProcessTree: true);
        }

        return process.ExitCode;
    }

    private static bool CanEnter(string flag)
    {
        using var process = Process.Start("unshare", [flag, "--mount", "--net", "true"]);
        process.WaitForExit();
        return process.ExitCode == 0;
    }

    private string PathOf(string name) => Path.Combine(_folder, name);

    private void WriteProgram(string name, string text)
    {
        Directory.CreateDirectory(Path.GetDirectoryName(PathOf(name))!);
        File.WriteAllText(PathOf(name), $"#!/bin/sh\nset -eu\n{text}\n");
        File.SetUnixFileMode(PathOf(name), UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
    }
}
