using System.Globalization;
using System.Text;

namespace Quorate.Storage;

/// <summary>
/// The file <c>client-port</c>: at which port of loopback a node serves its clients, when nobody has said where. It is
/// only a memory of what was chosen; a node without it chooses again. See docs/format/directory.md.
/// </summary>
public static class ClientPortFile
{
    /// <summary>Its name in a data directory.</summary>
    public const string Name = "client-port";

    private const int LengthMax = 8;

    /// <summary>The port that was kept; null when there is none that can be read.</summary>
    public static int? Read(IFileSystem files, string directory)
    {
        ArgumentNullException.ThrowIfNull(files);
        var path = Path.Join(directory, Name);
        if (!files.FileExists(path))
        {
            return null;
        }

        using var file = files.Open(path, writable: false);
        var bytes = new byte[LengthMax];
        var length = file.Read(0, bytes);
        return ushort.TryParse(
            Encoding.ASCII.GetString(bytes, 0, length).TrimEnd('\n'),
            NumberStyles.None,
            CultureInfo.InvariantCulture,
            out var port) && port > 0
            ? port
            : null;
    }

    /// <summary>Keeps a port, in one durable step. The caller holds the lock of the directory.</summary>
    public static void Write(IFileSystem files, string directory, int port)
    {
        ArgumentNullException.ThrowIfNull(files);
        AtomicFile.Write(
            files, directory, Name, Encoding.ASCII.GetBytes(string.Create(CultureInfo.InvariantCulture, $"{port}\n")));
    }
}
