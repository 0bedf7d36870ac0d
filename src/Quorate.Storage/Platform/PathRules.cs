using System.Text;

namespace Quorate.Storage;

/// <summary>Operating systems that differ in their rules.</summary>
public enum SystemKind
{
    /// <summary>Linux and other Unixes.</summary>
    Unix,

    /// <summary>macOS: as Unix, but names differ only in more than their case.</summary>
    MacOS,

    /// <summary>Windows.</summary>
    Windows,
}

/// <summary>What names may be, as pure functions, so that each system's rules are tested on every one.</summary>
public static class PathRules
{
    private const int NameBytesMax = 255;
    private const string Forbidden = "<>:\"/\\|?*";

    private static readonly string[] Devices =
    [
        "CON", "PRN", "AUX", "NUL",
        "COM1", "COM2", "COM3", "COM4", "COM5", "COM6", "COM7", "COM8", "COM9",
        "LPT1", "LPT2", "LPT3", "LPT4", "LPT5", "LPT6", "LPT7", "LPT8", "LPT9",
    ];

    /// <summary>The system this process runs on.</summary>
    public static SystemKind Current =>
        OperatingSystem.IsWindows() ? SystemKind.Windows
        : OperatingSystem.IsMacOS() ? SystemKind.MacOS
        : SystemKind.Unix;

    /// <summary>Says why a name cannot be a file's or directory's, as the end of a sentence; null if it can.</summary>
    public static string? NameFault(SystemKind system, string name)
    {
        ArgumentNullException.ThrowIfNull(name);
        if (name is "" or "." or "..")
        {
            return "it is no name";
        }

        if (name.Contains('\0') || name.Contains('/'))
        {
            return "it holds a character that no name may hold";
        }

        if (Encoding.UTF8.GetByteCount(name) > NameBytesMax)
        {
            return $"it is longer than {NameBytesMax} bytes";
        }

        return system == SystemKind.Windows ? WindowsNameFault(name) : null;
    }

    /// <summary>Whether two names are those of one file on this system (its default file system).</summary>
    public static bool SameName(SystemKind system, string left, string right) =>
        string.Equals(
            left, right, system == SystemKind.Unix ? StringComparison.Ordinal : StringComparison.OrdinalIgnoreCase);

    /// <summary>
    /// The name of the data directory of a member, <c>NAME.quorate</c>. Characters that a name may not hold are
    /// written as <c>%</c> and two hexadecimal digits for each byte, and so is <c>%</c>.
    /// </summary>
    public static string DataDirectoryName(SystemKind system, string memberName)
    {
        ArgumentNullException.ThrowIfNull(memberName);
        var name = new StringBuilder();
        foreach (var rune in memberName.EnumerateRunes())
        {
            name.Append(IsPlain(system, rune) ? rune.ToString() : Escaped(rune));
        }

        // A device name stays one with any extension: CON.quorate is the console.
        if (system == SystemKind.Windows && IsDevice(name.ToString()))
        {
            name.Insert(0, '_');
        }

        return name.Append(".quorate").ToString();
    }

    private static string? WindowsNameFault(string name)
    {
        if (name.Any(letter => letter < ' ' || Forbidden.Contains(letter)))
        {
            return $"it holds one of {Forbidden} or a control character, which Windows does not allow";
        }

        if (name[^1] is ' ' or '.')
        {
            return "it ends with a space or a dot, which Windows does not allow";
        }

        return IsDevice(name) ? "it is the name of a device on Windows" : null;
    }

    private static bool IsDevice(string name)
    {
        var stem = name.Split('.')[0].TrimEnd(' ');
        return Devices.Contains(stem, StringComparer.OrdinalIgnoreCase);
    }

    private static bool IsPlain(SystemKind system, Rune rune) =>
        rune.Value >= ' ' && rune.Value != '/' && rune.Value != '%'
        && (system != SystemKind.Windows || rune.Value > 127 || !Forbidden.Contains((char)rune.Value));

    private static string Escaped(Rune rune) =>
        string.Concat(Encoding.UTF8.GetBytes(rune.ToString()).Select(value => $"%{value:X2}"));
}
