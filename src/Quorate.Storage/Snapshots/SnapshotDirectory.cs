using Quorate.Raft;

namespace Quorate.Storage;

/// <summary>
/// The snapshot files of a node; see docs/format/snapshot.md. A file is written aside, checksummed, synced, renamed,
/// and its directory synced: whatever has the name of a snapshot was complete. Any thread may call.
/// </summary>
public sealed class SnapshotDirectory
{
    private SnapshotDirectory() => throw new NotSupportedException();

    /// <summary>Opens the directory, makes it if there is none, and removes what a crash left unfinished.</summary>
    public static SnapshotDirectory Open(IFileSystem files, string directory, LogIdentity identity) =>
        throw new NotSupportedException();

    /// <summary>The snapshots whose header is good, newest first.</summary>
    public IReadOnlyList<SnapshotMetadata> List() => throw new NotSupportedException();

    /// <summary>Starts a snapshot file, taken here or received.</summary>
    public SnapshotWriter Create(SnapshotMetadata metadata) => throw new NotSupportedException();

    /// <summary>
    /// Opens the newest snapshot that is whole, having checked every byte; null when there is none. What was passed
    /// over is a fact, and damage only if the log needs it.
    /// </summary>
    public SnapshotReader? OpenNewest() => throw new NotSupportedException();

    /// <summary>Opens the snapshot that ends with this entry; null when there is none.</summary>
    public SnapshotReader? Open(EntryId last) => throw new NotSupportedException();

    /// <summary>Removes all but the newest few.</summary>
    public void Retain(int count) => throw new NotSupportedException();

    /// <summary>What has happened since the last call.</summary>
    public IReadOnlyList<StorageFact> TakeFacts() => throw new NotSupportedException();
}
