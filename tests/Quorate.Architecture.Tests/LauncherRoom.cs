using System.Diagnostics;

namespace Quorate.Architecture.Tests;

/// <summary>
/// A folder (with a space in its name) that looks like the checkout: the real launcher, some sources, and a program
/// named dotnet that only counts builds and prints what it was asked to run.
/// </summary>
internal sealed class LauncherRoom : IDisposable
{
    private const string Dotnet = """
        #!/bin/sh
        room=$(dirname "$0")/..
        case $1 in
          --version)
            if [ -f "$room/old" ]; then cat "$room/old"; exit 1; fi
            echo 10.0.100 ;;
          build)
            if [ -f "$room/fail" ]; then cat "$room/fail"; exit 1; fi
            echo build >>"$room/builds"
            echo "${HOME:-}" >"$room/home"
            while [ "$1" != -o ]; do shift; done
            mkdir -p "$2" && echo made >"$2/quorate.dll" ;;
          *)
            [ -f "$1" ] || exit 9
            shift
            printf 'ran '
            [ $# -eq 0 ] || printf '%s|' "$@" ;;
        esac

        """;

    public LauncherRoom()
    {
        Folder = Directory.CreateTempSubdirectory("quorate launcher ").FullName;
        File.Copy(Path.Combine(Repository.Root, "quorate"), Path.Combine(Folder, "quorate"));
        foreach (var file in (string[])["Directory.Build.props", "Directory.Build.targets", "global.json"])
        {
            Write(file, file);
        }

        Write("Directory.Packages.props", "packages");
        Write("src/Quorate.Cli/Program.cs", "// program");
        Write("src/Quorate.Raft/Term.cs", "// term");
        Write("tools/dotnet", Dotnet);
        if (!OperatingSystem.IsWindows())
        {
            var dotnet = Path.Combine(Folder, "tools/dotnet");
            File.SetUnixFileMode(dotnet, UnixFileMode.UserRead | UnixFileMode.UserExecute);
        }
    }

    public string Folder { get; }

    public string? Home { get; set; } = Path.GetTempPath();

    public int Builds => File.Exists(Path.Combine(Folder, "builds")) ? Read("builds").Count(at => at == '\n') : 0;

    public void Write(string file, string text)
    {
        var path = Path.Combine(Folder, file);
        Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        File.WriteAllText(path, text);
    }

    public string Read(string file) => File.ReadAllText(Path.Combine(Folder, file));

    public void RemoveDotnet() => File.Delete(Path.Combine(Folder, "tools/dotnet"));

    public Task<(int ExitCode, string Output, string Errors)> StartAsync(params string[] arguments) =>
        StartThroughAsync(Path.Combine(Folder, "quorate"), Folder, arguments);

    public async Task<(int ExitCode, string Output, string Errors)> StartThroughAsync(
        string launcher, string currentFolder, params string[] arguments)
    {
        var start = new ProcessStartInfo("/bin/sh", [launcher, .. arguments])
        {
            WorkingDirectory = currentFolder,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        start.Environment["PATH"] = Path.Combine(Folder, "tools") + ":" + ToolsWithoutDotnet();
        start.Environment["HOME"] = Home;
        if (Home is null)
        {
            start.Environment.Remove("HOME");
        }

        using var process = Process.Start(start)!;
        var output = process.StandardOutput.ReadToEndAsync();
        var errors = process.StandardError.ReadToEndAsync();
        await process.WaitForExitAsync();
        return (process.ExitCode, await output, await errors);
    }

    public void Dispose() => Directory.Delete(Folder, recursive: true);

    // The few programs that the launcher calls, so that a dotnet of the machine is out of sight.
    private string ToolsWithoutDotnet()
    {
        var folder = Directory.CreateDirectory(Path.Combine(Folder, "system")).FullName;
        string[] wanted =
        [
            "sh", "cat", "cksum", "dirname", "find", "flock", "ls", "mkdir", "mv", "readlink", "rm", "sleep", "sort",
            "tail", "tr",
        ];
        foreach (var name in wanted)
        {
            var found = Array.Find(["/usr/bin/", "/bin/"], at => File.Exists(at + name));
            var link = Path.Combine(folder, name);
            if (found is not null && !Path.Exists(link))
            {
                File.CreateSymbolicLink(link, found + name);
            }
        }

        return folder;
    }
}
