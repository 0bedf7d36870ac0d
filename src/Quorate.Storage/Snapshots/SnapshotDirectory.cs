using Quorate.Raft;

namespace Quorate.Storage;

/// <summary>
/// The snapshot files of a node; see docs/format/snapshot.md. A file is written aside, checksummed, synced, renamed,
/// and its directory synced: whatever has the name of a snapshot was complete. Any thread may call.
/// </summary>
public sealed class SnapshotDirectory
{
    private readonly IFileSystem _files;
    private readonly string _directory;
    private readonly LogIdentity _identity;
    private readonly FactList _facts = new();
    private readonly Lock _gate = new();

    // Newest first.
    private readonly List<SnapshotMetadata> _snapshots = [];
    private int _writers;

    private SnapshotDirectory(IFileSystem files, string directory, LogIdentity identity)
    {
        _files = files;
        _directory = directory;
        _identity = identity;
    }

    /// <summary>Opens the directory, makes it if there is none, and removes what a crash left unfinished.</summary>
    public static SnapshotDirectory Open(IFileSystem files, string directory, LogIdentity identity)
    {
        ArgumentNullException.ThrowIfNull(files);
        files.CreateDirectory(directory);

        // A name may have been given and not synced when the process was killed; the log is trimmed by what is here.
        files.SyncDirectory(directory);
        var snapshots = new SnapshotDirectory(files, directory, identity);
        foreach (var name in files.List(directory))
        {
            snapshots.TakeUp(name);
        }

        snapshots.Sort();
        return snapshots;
    }

    /// <summary>The snapshots whose header and footer are good, newest first.</summary>
    public IReadOnlyList<SnapshotMetadata> List()
    {
        lock (_gate)
        {
            return [.. _snapshots];
        }
    }

    /// <summary>Starts a snapshot file, taken here or received; replaces one that exists when complete.</summary>
    /// <exception cref="DiskFullException">No room; try again later.</exception>
    public SnapshotWriter Create(SnapshotMetadata metadata)
    {
        ArgumentNullException.ThrowIfNull(metadata);

        // Numbered, since the snapshot that is taken here may also be arriving from the leader.
        var number = Interlocked.Increment(ref _writers);
        var temp = PathOf($"{SnapshotFormat.NameOf(metadata.Last)}.{number}{AtomicFile.TempExtension}");
        var file = _files.Create(temp);
        try
        {
            return new SnapshotWriter(this, metadata, file, _identity);
        }
        catch (StorageException)
        {
            file.Dispose();
            Discard(temp);
            throw;
        }
    }

    /// <summary>
    /// Opens the newest snapshot that is whole, having checked every byte; null when there is none. What was passed
    /// over is a fact, and damage only if the log needs it.
    /// </summary>
    public SnapshotReader? OpenNewest()
    {
        foreach (var metadata in List())
        {
            if (TryOpenVerified(SnapshotFormat.NameOf(metadata.Last)) is { } reader)
            {
                return reader;
            }

            Forget(metadata.Last);
        }

        return null;
    }

    /// <summary>Opens the snapshot that ends with this entry; null when there is none.</summary>
    /// <exception cref="DamageException">Its header or footer is damaged.</exception>
    public SnapshotReader? Open(EntryId last)
    {
        lock (_gate)
        {
            return _snapshots.Exists(snapshot => snapshot.Last == last) ? OpenFile(SnapshotFormat.NameOf(last)) : null;
        }
    }

    /// <summary>
    /// Removes all but the newest few of those that end at or below an index. Later ones stay beside: who received
    /// them has not come to load them yet.
    /// </summary>
    public void Retain(int count, LogIndex upTo)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(count, 1);
        lock (_gate)
        {
            var kept = _snapshots.Count(snapshot => snapshot.Last.Index > upTo) + count;
            if (_snapshots.Count <= kept)
            {
                return;
            }

            foreach (var old in _snapshots.Skip(kept))
            {
                _files.Delete(PathOf(SnapshotFormat.NameOf(old.Last)));
                _facts.Add(new StorageFact.SnapshotRemoved(old.Last));
            }

            _snapshots.RemoveRange(kept, _snapshots.Count - kept);
            _files.SyncDirectory(_directory);
        }
    }

    /// <summary>What has happened since the last call.</summary>
    public IReadOnlyList<StorageFact> TakeFacts() => _facts.Take();

    /// <summary>Gives a complete, synced file its name.</summary>
    internal void Publish(string temp, SnapshotMetadata metadata, long bytes)
    {
        lock (_gate)
        {
            _files.Rename(temp, PathOf(SnapshotFormat.NameOf(metadata.Last)));
            _files.SyncDirectory(_directory);
            _snapshots.RemoveAll(snapshot => snapshot.Last == metadata.Last);
            _snapshots.Add(metadata);
            Sort();
            _facts.Add(new StorageFact.SnapshotWritten(metadata.Last, bytes));
        }
    }

    /// <summary>Removes a file that will not be completed.</summary>
    internal void Discard(string temp)
    {
        try
        {
            _files.Delete(temp);
        }
        catch (StorageException)
        {
            _facts.Add(new StorageFact.TempFileLeft(temp));
        }
    }

    private void TakeUp(string name)
    {
        var path = PathOf(name);
        if (name.EndsWith(AtomicFile.TempExtension, StringComparison.Ordinal))
        {
            _files.Delete(path);
            _facts.Add(new StorageFact.TempFileRemoved(path));
        }
        else if (SnapshotFormat.LastOf(name) is not { } last)
        {
            _facts.Add(new StorageFact.UnknownFile(path));
        }
        else if (TryOpen(name) is { } reader)
        {
            using (reader)
            {
                TakeUp(path, last, reader.Metadata);
            }
        }
    }

    private void TakeUp(string path, EntryId last, SnapshotMetadata metadata)
    {
        if (metadata.Last == last)
        {
            _snapshots.Add(metadata);
        }
        else
        {
            _facts.Add(new StorageFact.SnapshotSkipped(path, $"it ends with {metadata.Last}, not as its name says"));
        }
    }

    private SnapshotReader? TryOpenVerified(string name)
    {
        if (TryOpen(name) is not { } reader)
        {
            return null;
        }

        try
        {
            reader.Verify();
            return reader;
        }
        catch (DamageException fault)
        {
            reader.Dispose();
            _facts.Add(new StorageFact.SnapshotSkipped(PathOf(name), fault.Message));
            return null;
        }
    }

    private SnapshotReader? TryOpen(string name)
    {
        try
        {
            return OpenFile(name);
        }
        catch (Exception fault) when (fault is DamageException or IdentityException)
        {
            _facts.Add(new StorageFact.SnapshotSkipped(PathOf(name), fault.Message));
            return null;
        }
    }

    private SnapshotReader OpenFile(string name)
    {
        var file = _files.Open(PathOf(name), writable: false);
        try
        {
            return new SnapshotReader(file, _identity);
        }
        catch (StorageException)
        {
            file.Dispose();
            throw;
        }
    }

    private void Forget(EntryId last)
    {
        lock (_gate)
        {
            _snapshots.RemoveAll(snapshot => snapshot.Last == last);
        }
    }

    private void Sort() => _snapshots.Sort((left, right) => right.Last.Index.CompareTo(left.Last.Index));

    private string PathOf(string name) => Path.Join(_directory, name);
}
