using Quorate.Raft;

namespace Quorate.Storage;

/// <summary>
/// The durable log: segments of frames; see docs/format/wal.md. One thread frames (<see cref="TryFrame"/>,
/// <see cref="Written"/>, <see cref="TrySeal"/>, <see cref="TrimPrefix"/>), one thread at a time, which may be
/// another, pumps the background, any thread reads the <see cref="Store"/>.
/// </summary>
public sealed class Wal : IDisposable
{
    private Wal() => throw new NotSupportedException();

    /// <summary>Opens the log of a directory, makes it if there is none, and recovers it. Blocks.</summary>
    /// <exception cref="DamageException">Acknowledged data is damaged or cannot be read.</exception>
    /// <exception cref="IdentityException">The files are another node's or of a newer format.</exception>
    public static Wal Open(WalOptions options, IFileSystem files, string directory, LogIdentity identity) =>
        throw new NotSupportedException();

    /// <summary>What recovery found.</summary>
    public WalRecovered Recovered => throw new NotSupportedException();

    /// <summary>Reads of durable entries.</summary>
    public LogStore Store => throw new NotSupportedException();

    /// <summary>
    /// Whether the disk had no room for the next segment at the last try. The node refuses writes meanwhile;
    /// every <see cref="PumpBackground"/> tries again.
    /// </summary>
    public bool NoRoom => throw new NotSupportedException();

    /// <summary>Whether the last frame would look torn if it were damaged: a seal is due when the log is idle.</summary>
    public bool SealNeeded => throw new NotSupportedException();

    /// <summary>
    /// Builds one frame around a batch, without copying its records. False while no segment has room for it:
    /// pump the background and call again. At most one frame is outstanding; the batch may be cleared at once.
    /// </summary>
    public bool TryFrame(WalBatch batch, out DiskWrite? write) => throw new NotSupportedException();

    /// <summary>Builds an empty frame that carries the mark. False when none is needed or no segment has room.</summary>
    public bool TrySeal(out DiskWrite? write) => throw new NotSupportedException();

    /// <summary>The frame is durable: its entries can be read from the <see cref="Store"/>.</summary>
    public void Written(DiskWrite write) => throw new NotSupportedException();

    /// <summary>Entries up to this one are in a durable snapshot; whole segments of them may go.</summary>
    public void TrimPrefix(LogIndex upTo) => throw new NotSupportedException();

    /// <summary>
    /// Does one bounded step of preparing the next segment or of removing old ones. True while there is more to
    /// do now. A full disk is remembered as <see cref="NoRoom"/>, not thrown.
    /// </summary>
    public bool PumpBackground() => throw new NotSupportedException();

    /// <summary>What has happened since the last call.</summary>
    public IReadOnlyList<StorageFact> TakeFacts() => throw new NotSupportedException();

    /// <summary>Closes all files. What was not written is lost, as it would be by a crash.</summary>
    public void Dispose() => throw new NotSupportedException();
}
