using Quorate.Raft;

namespace Quorate.Storage;

/// <summary>
/// What a data directory is given with a new identity: the first frame of its log, always, so that a log without
/// frames is known to be lost; and a snapshot, if the log begins behind one.
/// </summary>
public sealed class DirectoryStart
{
    /// <summary>Settings of the log.</summary>
    public WalOptions Log { get; init; } = new();

    /// <summary>The first frame; without one an empty frame of term 0 is written.</summary>
    public WalBatch? FirstFrame { get; init; }

    /// <summary>Writes the snapshot that the log begins behind; null for a log that begins at 1.</summary>
    public Action<SnapshotDirectory>? WriteSnapshot { get; init; }

    /// <summary>For a recovery: its note. What the directory held before is kept then.</summary>
    public RecoveryNote? Recovery { get; init; }

    /// <summary>Makes log and snapshots of a life, all of it durable, in folders that are empty or not there.</summary>
    internal void Make(IFileSystem files, string path, DirectoryLife life, LogIdentity identity)
    {
        WriteFirstFrame(files, Path.Join(path, life.Wal), identity);
        var snapshots = SnapshotDirectory.Open(files, Path.Join(path, life.Snapshots), identity);
        WriteSnapshot?.Invoke(snapshots);
    }

    private void WriteFirstFrame(IFileSystem files, string directory, LogIdentity identity)
    {
        using var wal = Wal.Open(Log, files, directory, identity);
        var batch = FirstFrame ?? NothingYet();
        DiskWrite? write;
        while (!wal.TryFrame(batch, out write))
        {
            if (!wal.PumpBackground() && wal.NoRoom)
            {
                throw new DiskFullException(directory, inner: null);
            }
        }

        DiskWrite.Run(write!);
        wal.Written(write!);
    }

    private static WalBatch NothingYet()
    {
        var batch = new WalBatch();
        batch.Begin(new WriteId(1), default);
        return batch;
    }
}
