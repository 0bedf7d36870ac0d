using System.Globalization;

namespace Quorate.Cli;

/// <summary>Which process of this machine has a file or a socket open, where the system tells.</summary>
internal static class OpenFiles
{
    private const string LockName = "lock";

    /// <summary>A process that has one of them open, by the system's names; null where none is known.</summary>
    public static int? FindHolder(params string[] names)
    {
        if (!OperatingSystem.IsLinux())
        {
            return null;
        }

        var pid = Processes().FirstOrDefault(pid => Holds(pid, names));
        return pid > 0 ? pid : null;
    }

    /// <summary>For example <c>process 4711 (quorate)</c>.</summary>
    public static string Describe(int pid) => $"process {pid}{NameOf(pid)}";

    /// <summary>Who uses a data directory; <c>another process</c> where the system does not tell which.</summary>
    public static string DescribeUser(string dataDirectory) =>
        FindHolder(Path.Join(Path.GetFullPath(dataDirectory), LockName)) is { } pid
            ? Describe(pid)
            : "another process";

    private static IEnumerable<int> Processes() => Directory.EnumerateDirectories("/proc")
        .Select(path => int.TryParse(
            Path.GetFileName(path), NumberStyles.None, CultureInfo.InvariantCulture, out var pid) ? pid : 0)
        .Where(pid => pid > 0);

    private static bool Holds(int pid, string[] names)
    {
        try
        {
            return Directory.EnumerateFileSystemEntries($"/proc/{pid}/fd")
                .Any(link => names.Contains(new FileInfo(link).LinkTarget));
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            // Another user's process, or one that has just gone.
            return false;
        }
    }

    private static string NameOf(int pid)
    {
        try
        {
            return $" ({File.ReadAllText($"/proc/{pid}/comm").Trim()})";
        }
        catch (IOException)
        {
            return "";
        }
    }
}
