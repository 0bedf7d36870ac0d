using System.Globalization;

namespace Quorate.Storage;

/// <summary>
/// The names of the log, the snapshots and the notes that belong to one identity of a data directory. Another identity
/// begins the next life, beside the one before, so that replacing the file <c>identity</c> is the whole of the step.
/// </summary>
internal readonly record struct DirectoryLife(int Number)
{
    public static readonly DirectoryLife First = new(1);

    private const string LogName = "wal";
    private const string SnapshotsName = "snapshots";
    private const string NotesName = "peers";

    /// <summary>The folder of the log.</summary>
    public string Wal => NameOf(LogName);

    /// <summary>The folder of the snapshots.</summary>
    public string Snapshots => NameOf(SnapshotsName);

    /// <summary>The file of the notes.</summary>
    public string Peers => NameOf(NotesName);

    /// <summary>The life that a name belongs to; null when it is no such name.</summary>
    public static DirectoryLife? Of(string name)
    {
        foreach (var kind in new[] { LogName, SnapshotsName, NotesName })
        {
            if (name == kind)
            {
                return First;
            }

            if (name.StartsWith(kind + "-", StringComparison.Ordinal)
                && TryReadNumber(name.AsSpan(kind.Length + 1), out var number)
                && new DirectoryLife(number).NameOf(kind) == name)
            {
                return new DirectoryLife(number);
            }
        }

        return null;
    }

    /// <summary>Reads the number of a life as it stands in names.</summary>
    public static bool TryReadNumber(ReadOnlySpan<char> text, out int number) =>
        int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out number) && number > 0;

    public override string ToString() => $"life {Number}";

    private string NameOf(string kind) =>
        Number == 1 ? kind : string.Create(CultureInfo.InvariantCulture, $"{kind}-{Number}");
}
