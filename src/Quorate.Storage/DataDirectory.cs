using Quorate.Raft;

namespace Quorate.Storage;

/// <summary>
/// The directory of one member: identity, lock, log and snapshots; see docs/format/directory.md. Mode 0700, locked
/// against a second process while it is open.
/// </summary>
public sealed class DataDirectory : IDisposable
{
    private const string LockName = "lock";
    private const string DefaultWalFolder = "wal";
    private const string DefaultSnapshotFolder = "snapshots";

    private readonly IFileSystem _files;
    private readonly IdentityFile _content;
    private readonly IDisposable _lock;
    private readonly Lock _gate = new();
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
    public string WalPath => System.IO.Path.Join(Path, _content.WalFolder);

    /// <summary>Where its snapshots are.</summary>
    public string SnapshotPath => System.IO.Path.Join(Path, _content.SnapshotFolder);

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

    /// <summary>Whether there is a directory with an identity, readable or not.</summary>
    public static bool Exists(IFileSystem files, string path)
    {
        ArgumentNullException.ThrowIfNull(files);
        return files.FileExists(System.IO.Path.Join(path, IdentityFile.Name));
    }

    /// <summary>Opens and locks a directory that has an identity.</summary>
    /// <exception cref="IdentityException">It has none, is of a newer format, or another process uses it.</exception>
    /// <exception cref="DamageException">Its identity cannot be read.</exception>
    public static DataDirectory Open(IFileSystem files, string path)
    {
        if (!Exists(files, path))
        {
            throw new IdentityException(path, $"{path} is no data directory: it holds no file {IdentityFile.Name}.");
        }

        return Locked(files, path, directoryLock =>
        {
            // A name may have been given and not synced when the process was killed.
            files.SyncDirectory(path);
            var identityPath = System.IO.Path.Join(path, IdentityFile.Name);
            var content = IdentityFile.Read(identityPath, ReadAll(files, identityPath));
            return new DataDirectory(files, path, content, ReadPeers(files, path, content), directoryLock);
        });
    }

    /// <summary>Makes and locks a directory with a new random directory id.</summary>
    /// <exception cref="IdentityException">There is an identity already, or another process uses it.</exception>
    /// <exception cref="DamageException">There is a log, but its identity is lost.</exception>
    public static DataDirectory Create(
        IFileSystem files, string path, UInt128 cluster, NodeId member, string name, IRandomSource random)
    {
        ArgumentNullException.ThrowIfNull(files);
        ArgumentNullException.ThrowIfNull(random);
        files.CreateDirectory(path);
        return Locked(files, path, directoryLock =>
        {
            RefuseLeftovers(files, path);
            var directory = new UInt128(random.Next(), random.Next());
            var content = new IdentityFile(
                new DirectoryIdentity(cluster, member, directory, name), DefaultWalFolder, DefaultSnapshotFolder);
            var made = new DataDirectory(files, path, content, [], directoryLock);
            files.CreateDirectory(made.WalPath);
            files.CreateDirectory(made.SnapshotPath);

            // Last, so that a crash before leaves a directory that counts as new.
            AtomicFile.Write(files, path, IdentityFile.Name, content.ToBytes());
            return made;
        });
    }

    /// <summary>Refuses to go on when the directory is not that of this member, in a sentence that says why.</summary>
    /// <exception cref="IdentityException">It is another one's.</exception>
    public void Expect(UInt128 cluster, NodeId member)
    {
        if (Identity.Cluster != cluster || Identity.Member != member)
        {
            throw new IdentityException(
                Path,
                $"{Path} belongs to {Identity}, not to {member} of cluster {cluster:x32}: "
                + "start with the settings it was made with, or use another data directory.");
        }
    }

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
            AtomicFile.Write(_files, Path, PeersFile.Name, PeersFile.ToBytes(peers, Identity.Log));
            _peers = peers;
        }
    }

    /// <summary>Releases the lock.</summary>
    public void Dispose() => _lock.Dispose();

    private static DataDirectory Locked(IFileSystem files, string path, Func<IDisposable, DataDirectory> open)
    {
        var directoryLock = files.TryLock(System.IO.Path.Join(path, LockName))
            ?? throw new IdentityException(
                path, $"{path} is in use by another process: stop that one, or use another data directory.");
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

        var names = files.List(path);
        foreach (var folder in new[] { DefaultWalFolder, DefaultSnapshotFolder })
        {
            if (names.Contains(folder) && files.List(System.IO.Path.Join(path, folder)).Count > 0)
            {
                throw new DamageException(
                    System.IO.Path.Join(path, IdentityFile.Name), 0, $"it is missing, but {folder} is not empty");
            }
        }
    }

    private static List<PeerNote> ReadPeers(IFileSystem files, string path, IdentityFile content)
    {
        var peersPath = System.IO.Path.Join(path, PeersFile.Name);
        return files.FileExists(peersPath)
            ? PeersFile.Read(peersPath, ReadAll(files, peersPath), content.Identity.Log)
            : [];
    }

    private static byte[] ReadAll(IFileSystem files, string path)
    {
        using var file = files.Open(path, writable: false);
        return DamageCheck.ReadAll(file);
    }
}
