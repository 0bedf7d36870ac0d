using Quorate.Raft;

namespace Quorate.Storage;

/// <summary>
/// The directory of one member: identity, lock, log and snapshots; see docs/format/directory.md. Mode 0700, locked
/// against a second process while it is open.
/// </summary>
public sealed class DataDirectory : IDisposable
{
    private DataDirectory() => throw new NotSupportedException();

    /// <summary>Whether there is a directory with an identity, readable or not.</summary>
    public static bool Exists(IFileSystem files, string path) => throw new NotSupportedException();

    /// <summary>Opens and locks a directory that has an identity.</summary>
    /// <exception cref="IdentityException">It has none, is of a newer format, or another process uses it.</exception>
    /// <exception cref="DamageException">Its identity cannot be read.</exception>
    public static DataDirectory Open(IFileSystem files, string path) => throw new NotSupportedException();

    /// <summary>Makes and locks a directory with a new random directory id.</summary>
    /// <exception cref="IdentityException">There is an identity already, or another process uses it.</exception>
    public static DataDirectory Create(
        IFileSystem files, string path, UInt128 cluster, NodeId member, string name, IRandomSource random) =>
        throw new NotSupportedException();

    /// <summary>Where it is.</summary>
    public string Path => throw new NotSupportedException();

    /// <summary>Whose it is.</summary>
    public DirectoryIdentity Identity => throw new NotSupportedException();

    /// <summary>Where its log is.</summary>
    public string WalPath => throw new NotSupportedException();

    /// <summary>Where its snapshots are.</summary>
    public string SnapshotPath => throw new NotSupportedException();

    /// <summary>The directories of members met, by member id.</summary>
    public IReadOnlyList<PeerNote> Peers => throw new NotSupportedException();

    /// <summary>Refuses to go on when the directory is not that of this member, in a sentence that says why.</summary>
    /// <exception cref="IdentityException">It is another one's.</exception>
    public void Expect(UInt128 cluster, NodeId member) => throw new NotSupportedException();

    /// <summary>Notes durably which directory a member has shown; replaces an earlier note.</summary>
    public void NotePeer(PeerNote note) => throw new NotSupportedException();

    /// <summary>Releases the lock.</summary>
    public void Dispose() => throw new NotSupportedException();
}
