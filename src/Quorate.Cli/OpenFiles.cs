using System.Globalization;

namespace Quorate.Cli;

/// <summary>Which process of this machine has a file or a socket open, where the system tells.</summary>
internal static class OpenFiles
{
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
