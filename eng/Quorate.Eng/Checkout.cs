using System.Diagnostics;

namespace Quorate.Eng;

/// <summary>The repository that the scripts are run in.</summary>
public static class Checkout
{
    /// <summary>The folder that holds the solution.</summary>
    public static readonly string Root = FindRoot();

    /// <summary>A new, empty folder for one run of a script, under artifacts/.</summary>
    public static string NewFolder(string script)
    {
        var folder = Path.Combine(Root, "artifacts", script, $"{Environment.ProcessId}");
        if (Directory.Exists(folder))
        {
            Directory.Delete(folder, recursive: true);
        }

        return Directory.CreateDirectory(folder).FullName;
    }

    /// <summary>Runs a program in the root to its end, and gives what it printed.</summary>
    public static async Task<string> RunAsync(string program, params string[] arguments)
    {
        var start = new ProcessStartInfo(program, arguments) { WorkingDirectory = Root, RedirectStandardOutput = true };
        using var process = Process.Start(start)
            ?? throw new InvalidOperationException($"{program} cannot be started.");
        var output = await process.StandardOutput.ReadToEndAsync();
        await process.WaitForExitAsync();
        return process.ExitCode == 0
            ? output
            : throw new InvalidOperationException($"{program} ended with {process.ExitCode}:\n{output}");
    }

    private static string FindRoot()
    {
        for (var at = new DirectoryInfo(Environment.CurrentDirectory); at is not null; at = at.Parent)
        {
            if (File.Exists(Path.Combine(at.FullName, "Quorate.slnx")))
            {
                return at.FullName;
            }
        }

        throw new InvalidOperationException("Run it inside the repository.");
    }
}
