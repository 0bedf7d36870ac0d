using Quorate.Raft;
using Quorate.Storage;

namespace Quorate.Node;

/// <summary>What one data directory holds, as a start would find it. Immutable.</summary>
public sealed class DirectorySurvey
{
    private readonly IReadOnlyList<EntryHeader> _entries;

    private DirectorySurvey(
        DataDirectory directory, WalRecovered log, IReadOnlyList<SnapshotMetadata> snapshots, bool isLogVoid)
    {
        Path = directory.Path;
        Identity = directory.Identity;
        Peers = directory.Peers;
        HardState = log.HardState;
        Snapshots = snapshots;
        var newest = snapshots.Count > 0 ? snapshots[0] : null;
        _entries = isLogVoid ? [] : log.Entries;
        Before = isLogVoid ? newest!.Last : log.Before;
        Committed = isLogVoid ? newest!.Last : NewestCommitted(log, newest);
        Config = ConfigOf(isLogVoid ? [] : log.Configs, newest);
    }

    /// <summary>Where it is.</summary>
    public string Path { get; }

    /// <summary>Whose it is.</summary>
    public DirectoryIdentity Identity { get; }

    /// <summary>The directories that other members have shown to this one.</summary>
    public IReadOnlyList<PeerNote> Peers { get; }

    /// <summary>The newest term that it knows, and its vote there.</summary>
    public HardState HardState { get; }

    /// <summary>The entry before the first one in its log.</summary>
    public EntryId Before { get; }

    /// <summary>The last entry that it holds, in the log or in a snapshot.</summary>
    public EntryId Last => _entries.Count > 0 ? _entries[^1].Id : Before;

    /// <summary>How many entries are in the log.</summary>
    public int Entries => _entries.Count;

    /// <summary>The last of its entries that it knows to be committed; all before are.</summary>
    public EntryId Committed { get; }

    /// <summary>Its snapshots, newest first; the first one was checked whole.</summary>
    public IReadOnlyList<SnapshotMetadata> Snapshots { get; }

    /// <summary>The configuration in force at <see cref="Last"/>, and where it stands.</summary>
    public ConfigEntry Config { get; }

    /// <summary>The members that it names.</summary>
    public Roster Roster => Roster.Of(Config.Config);

    /// <summary>What was passed over while it was read, a sentence each.</summary>
    public IReadOnlyList<string> Warnings { get; private init; } = [];

    /// <summary>Reads a directory that nothing else uses. Its log is recovered, and closed again.</summary>
    /// <exception cref="StorageException">Log or snapshots cannot be read, or are damaged.</exception>
    public static DirectorySurvey Read(DataDirectory directory)
    {
        ArgumentNullException.ThrowIfNull(directory);
        using var wal = directory.OpenLog(new WalOptions());
        var log = wal.Recovered;
        var snapshots = directory.OpenSnapshots();
        using (var newest = snapshots.OpenNewest())
        {
            NodeStarter.RequireNoGap(log, newest?.Metadata, directory);
        }

        // A snapshot that the log does not hold is a received one whose marker was not written any more: as at a
        // start, it takes the place of the log.
        var list = snapshots.List();
        var isLogVoid = list.Count > 0 && !Holds(log.Before, log.Entries, list[0].Last);
        var warnings = log.Facts.Concat(snapshots.TakeFacts())
            .Where(fact => fact is StorageFact.SnapshotSkipped or StorageFact.WalTailCut);
        return new DirectorySurvey(directory, log, list, isLogVoid)
        {
            Warnings = [.. warnings.Select(fact => $"{fact}")],
        };
    }

    /// <summary>
    /// Whether it holds this entry, known to be committed: in the log, or in a snapshot, which holds all that was
    /// committed up to its end.
    /// </summary>
    public bool HoldsCommitted(EntryId id) =>
        (Snapshots.Count > 0 && id.Index <= Snapshots[0].Last.Index) || Holds(Before, _entries, id);

    /// <summary>As in <c>"n1" (n8e9e) of cluster 2a: entries to 42@3, known committed to 40@3</c>.</summary>
    public override string ToString() => $"{Identity}: entries to {Last}, known committed to {Committed}";

    private static bool Holds(EntryId before, IReadOnlyList<EntryHeader> entries, EntryId id)
    {
        var distance = id.Index - before.Index;
        return distance == 0 ? id == before : distance > 0 && distance <= entries.Count
            && entries[(int)distance - 1].Id == id;
    }

    private static EntryId NewestCommitted(WalRecovered log, SnapshotMetadata? snapshot)
    {
        var inSnapshot = snapshot?.Last ?? EntryId.Zero;
        var hint = log.CommitHint - log.Before.Index;
        return log.CommitHint > inSnapshot.Index && hint > 0 ? log.Entries[(int)hint - 1].Id : inSnapshot;
    }

    private static ConfigEntry ConfigOf(IReadOnlyList<ConfigEntry> inLog, SnapshotMetadata? snapshot)
    {
        var inSnapshot = snapshot is null
            ? new ConfigEntry(LogIndex.Zero, ClusterConfig.Empty)
            : new ConfigEntry(snapshot.ConfigIndex, snapshot.Config);
        return inLog.Count > 0 && inLog[^1].Index > inSnapshot.Index ? inLog[^1] : inSnapshot;
    }
}
