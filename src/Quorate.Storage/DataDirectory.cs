using Quorate.Raft;

namespace Quorate.Storage;

/// <summary>
/// The directory of one member: identity, lock, log and snapshots; see docs/format/directory.md. Mode 0700, locked
/// against a second process while it is open.
/// </summary>
/// <remarks>
/// Laws: the file <c>identity</c> is replaced whole, and is the last to be written: what it names is there and durable.
/// It is made, and given another identity, in that one step; what is not named by it counts for nothing.
/// </remarks>
public sealed class DataDirectory : IDisposable
{
    private readonly IFileSystem _files;
    private readonly IDisposable _lock;
    private readonly FactList _facts = new();
    private readonly Lock _gate = new();
    private IdentityFile _content;
    private List<PeerNote> _peers;

    private DataDirectory(
        IFileSystem files, string path, IdentityFile content, List<PeerNote> peers, IDisposable directoryLock)
    {
        _files = files;
        _content = content;
        _peers = peers;
        _lock = directoryLock;
        Path = path;
    }

    /// <summary>Where it is.</summary>
    public string Path { get; }

    /// <summary>Whose it is.</summary>
    public DirectoryIdentity Identity => _content.Identity;

    /// <summary>Where its log is.</summary>
    public string WalPath => PathOf(_content.Life.Wal);

    /// <summary>Where its snapshots are.</summary>
    public string SnapshotPath => PathOf(_content.Life.Snapshots);

    /// <summary>The recovery that made this cluster, or null. Reads a file.</summary>
    public RecoveryNote? Recovery => ReadRecoveries().LastOrDefault(note => note.Cluster == Identity.Cluster);

    /// <summary>The directories of members met, by member id.</summary>
    public IReadOnlyList<PeerNote> Peers
    {
        get
        {
            lock (_gate)
            {
                return _peers;
            }
        }
    }

    private DirectoryInventory Inventory => new(_files, Path, _facts);

    /// <summary>Whether there is a directory with an identity, readable or not.</summary>
    public static bool Exists(IFileSystem files, string path)
    {
        ArgumentNullException.ThrowIfNull(files);
        return files.FileExists(System.IO.Path.Join(path, IdentityFile.Name));
    }

    /// <summary>Opens and locks a directory that has an identity, and removes what a crash has left in it.</summary>
    /// <exception cref="IdentityException">It has none, is of a newer format, or another process uses it.</exception>
    /// <exception cref="DamageException">Its identity cannot be read, or is lost.</exception>
    public static DataDirectory Open(IFileSystem files, string path)
    {
        if (!Exists(files, path))
        {
            throw NoIdentity(files, path);
        }

        return Locked(files, path, directoryLock =>
        {
            // A name may have been given and not synced when the process was killed.
            files.SyncDirectory(path);
            var identityPath = System.IO.Path.Join(path, IdentityFile.Name);
            var content = IdentityFile.Read(identityPath, ReadAll(files, identityPath));
            var opened = new DataDirectory(
                files, path, content, ReadPeers(files, path, content), directoryLock);
            opened.Inventory.Finished();
            opened.Inventory.Clean(content.Life);
            opened.Inventory.TellUnknown();
            return opened;
        });
    }

    /// <summary>Makes and locks a directory.</summary>
    /// <exception cref="IdentityException">There is an identity already, or another process uses it.</exception>
    /// <exception cref="DamageException">There is a log, but its identity is lost.</exception>
    public static DataDirectory Create(IFileSystem files, string path, DirectoryIdentity identity, DirectoryStart start)
    {
        ArgumentNullException.ThrowIfNull(files);
        ArgumentNullException.ThrowIfNull(identity);
        ArgumentNullException.ThrowIfNull(start);
        files.CreateDirectory(path);
        return Locked(files, path, directoryLock =>
        {
            RefuseLeftovers(files, path);
            var content = new IdentityFile(identity, DirectoryLife.First);
            var made = new DataDirectory(files, path, content, [], directoryLock);
            made.Inventory.Begin();
            made.Inventory.Remove(content.Life);
            start.Make(files, path, content.Life, identity.Log);
            AtomicFile.Write(files, path, IdentityFile.Name, content.ToBytes());
            made.Inventory.Finished();
            made.Inventory.TellUnknown();
            return made;
        });
    }

    /// <summary>
    /// Gives the directory another identity, with the log and the snapshots to begin with: one durable step, after a
    /// crash all of it or nothing. What it held is removed, but for a recovery. Nothing may use the log any more.
    /// </summary>
    /// <exception cref="StorageException">Opened again, the directory is the old one or the new one, whole.</exception>
    public void Begin(DirectoryIdentity identity, DirectoryStart start)
    {
        ArgumentNullException.ThrowIfNull(identity);
        ArgumentNullException.ThrowIfNull(start);
        var inventory = Inventory;
        inventory.Clean(_content.Life);
        var next = new DirectoryLife(1 + inventory.Kept().Append(_content.Life).Max(life => life.Number));
        var content = new IdentityFile(identity, next);
        inventory.Remove(next);
        start.Make(_files, Path, next, identity.Log);
        if (start.Recovery is { } recovery)
        {
            NoteRecovery(recovery);
        }

        AtomicFile.Write(_files, Path, IdentityFile.Name, content.ToBytes());
        lock (_gate)
        {
            _content = content;
            _peers = [];
        }

        inventory.Clean(next);
    }

    /// <summary>
    /// Takes the node into a cluster under a new id and name, with an empty log; see <see cref="Begin"/>.
    /// </summary>
    public void TakeOver(UInt128 cluster, NodeId member, string name, WalOptions log) =>
        Begin(Identity.TakenOver(cluster, member, name), new DirectoryStart { Log = log });

    /// <summary>
    /// Makes it a new directory of the same name that belongs to no cluster; see <see cref="Begin"/>. What recoveries
    /// have kept goes too.
    /// </summary>
    public void Reset(IRandomSource random, WalOptions log)
    {
        Begin(Identity.Reset(random), new DirectoryStart { Log = log });
        var inventory = Inventory;
        inventory.ForgetRecoveries();
        inventory.Clean(_content.Life);
    }

    /// <summary>
    /// Opens the log. A directory is made with the first frame in its log, so that one without is lost, not empty.
    /// </summary>
    /// <exception cref="DamageException">The log is damaged or gone.</exception>
    public Wal OpenLog(WalOptions options)
    {
        if (!_files.List(Path).Contains(_content.Life.Wal)
            || !_files.List(WalPath).Any(name => WalSegment.IdOf(name) is not null))
        {
            throw LogIsGone();
        }

        var wal = Wal.Open(options, _files, WalPath, Identity.Log);
        if (wal.Recovered.HasFrames)
        {
            return wal;
        }

        wal.Dispose();
        throw LogIsGone();
    }

    /// <summary>Opens the snapshots.</summary>
    public SnapshotDirectory OpenSnapshots() => SnapshotDirectory.Open(_files, SnapshotPath, Identity.Log);

    /// <summary>Bytes of the files of log and snapshots, those that were zeroed ahead included.</summary>
    public long MeasureBytes() => new[] { WalPath, SnapshotPath }.Sum(MeasureBytes);

    /// <summary>What has happened since the last call.</summary>
    public IReadOnlyList<StorageFact> TakeFacts() => _facts.Take();

    /// <summary>Notes durably which directory a member has shown; replaces an earlier note.</summary>
    public void NotePeer(PeerNote note)
    {
        lock (_gate)
        {
            if (_peers.Contains(note))
            {
                return;
            }

            var peers = _peers.Where(peer => peer.Member != note.Member).Append(note).ToList();
            peers.Sort((left, right) => left.Member.CompareTo(right.Member));
            AtomicFile.Write(_files, Path, _content.Life.Peers, PeersFile.ToBytes(peers, Identity.Log));
            _peers = peers;
        }
    }

    /// <summary>Releases the lock.</summary>
    public void Dispose() => _lock.Dispose();

    private static DataDirectory Locked(IFileSystem files, string path, Func<IDisposable, DataDirectory> open)
    {
        var directoryLock = files.TryLock(System.IO.Path.Join(path, DirectoryInventory.LockName))
            ?? throw new IdentityException(
                path, $"{path} is in use by another process: stop that one, or use another data directory.")
            {
                IsInUse = true,
            };
        try
        {
            return open(directoryLock);
        }
        catch (StorageException)
        {
            directoryLock.Dispose();
            throw;
        }
    }

    private static void RefuseLeftovers(IFileSystem files, string path)
    {
        if (Exists(files, path))
        {
            throw new IdentityException(path, $"{path} is a data directory already: open it, or use another one.");
        }

        if (IdentityIsLost(files, path, files.List(path)) is { } lost)
        {
            throw lost;
        }
    }

    private static DamageException? IdentityIsLost(IFileSystem files, string path, IReadOnlyList<string> names)
    {
        if (names.Contains(DirectoryInventory.Unfinished))
        {
            return null;
        }

        var left = names.FirstOrDefault(name =>
            DirectoryLife.Of(name) is { } life && name != life.Peers
            && files.List(System.IO.Path.Join(path, name)).Count > 0);
        return left is null
            ? null
            : new DamageException(
                System.IO.Path.Join(path, IdentityFile.Name), 0, $"it is missing, but {left} is not empty");
    }

    private static StorageException NoIdentity(IFileSystem files, string path)
    {
        var what = $"{path} is no data directory";
        try
        {
            return IdentityIsLost(files, path, files.List(path)) is { } lost
                ? lost
                : new IdentityException(path, $"{what}: it holds no file {IdentityFile.Name}.");
        }
        catch (StorageException fault)
        {
            return new IdentityException(path, $"{what}. {fault.Message}");
        }
    }

    private static List<PeerNote> ReadPeers(IFileSystem files, string path, IdentityFile content)
    {
        var peersPath = System.IO.Path.Join(path, content.Life.Peers);
        return files.FileExists(peersPath)
            ? PeersFile.Read(peersPath, ReadAll(files, peersPath), content.Identity.Log)
            : [];
    }

    private static byte[] ReadAll(IFileSystem files, string path)
    {
        using var file = files.Open(path, writable: false);
        return DamageCheck.ReadAll(file);
    }

    // Without the step that follows both count for nothing: the note is that of a cluster that never came to be, and
    // the identity in force needs no keeping.
    private void NoteRecovery(RecoveryNote recovery)
    {
        var notes = RecoveryNotes.ToBytes([.. ReadRecoveries(), recovery]);
        AtomicFile.Write(_files, Path, RecoveryNotes.Name, notes);
        AtomicFile.Write(_files, Path, DirectoryInventory.KeptNameOf(_content.Life), _content.ToBytes());
    }

    private IReadOnlyList<RecoveryNote> ReadRecoveries()
    {
        var path = PathOf(RecoveryNotes.Name);
        if (!_files.FileExists(path))
        {
            return [];
        }

        try
        {
            return RecoveryNotes.Read(ReadAll(_files, path));
        }
        catch (Exception fault) when (fault is FormatException or StorageException)
        {
            _facts.Add(new StorageFact.RecoveryNotesUnreadable(path, fault.Message));
            return [];
        }
    }

    private long MeasureBytes(string folder)
    {
        if (!_files.List(Path).Contains(System.IO.Path.GetFileName(folder)))
        {
            return 0;
        }

        long bytes = 0;
        foreach (var name in _files.List(folder))
        {
            using var file = _files.Open(System.IO.Path.Join(folder, name), writable: false);
            bytes += file.Length;
        }

        return bytes;
    }

    private DamageException LogIsGone() => new(
        WalPath, 0,
        "the log is gone, although this member has started before");

    private string PathOf(string name) => System.IO.Path.Join(Path, name);
}
