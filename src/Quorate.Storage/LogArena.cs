using Quorate.Raft;

namespace Quorate.Storage;

/// <summary>
/// Owns the bytes of entry records from their making on: log writer, peers and apply all use these. Chunks of
/// pinned memory, filled one behind the other. Owned by one loop; the memory it hands out may be read anywhere
/// until the watermarks allow its chunk to go.
/// </summary>
/// <remarks>
/// Laws: a chunk goes when every live record in it was handed to the disk, the last write and the last apply batch
/// that name it are acknowledged, and it is out of the cache window; it is never counted by entries.
/// </remarks>
public sealed class LogArena
{
    /// <summary>Makes an empty arena.</summary>
    public LogArena(LogArenaOptions options) => throw new NotSupportedException();

    /// <summary>The lowest index here; meaningless when empty.</summary>
    public LogIndex First => throw new NotSupportedException();

    /// <summary>The highest index here, or zero when empty.</summary>
    public LogIndex Last => throw new NotSupportedException();

    /// <summary>Bytes of the chunks in use.</summary>
    public long Bytes => throw new NotSupportedException();

    /// <summary>
    /// Gives the place for the next record, to be filled at once. Its index is the last one plus one, or any
    /// when the arena holds none.
    /// </summary>
    public Span<byte> Reserve(EntryId id, int length) => throw new NotSupportedException();

    /// <summary>The record of an entry; false when it is gone, was replaced, or never was here.</summary>
    public bool TryGet(EntryId id, out ReadOnlyMemory<byte> record) => throw new NotSupportedException();

    /// <summary>The record at an index, whatever its term; false when it is gone or never was here.</summary>
    public bool TryGet(LogIndex index, out ReadOnlyMemory<byte> record) => throw new NotSupportedException();

    /// <summary>Forgets the records from this index on; their memory stays until the watermarks pass it.</summary>
    public void TruncateFrom(LogIndex first) => throw new NotSupportedException();

    /// <summary>Records of this range are part of this write: their chunks stay until it is persisted.</summary>
    public void HandedToDisk(WriteId write, EntryRange range) => throw new NotSupportedException();

    /// <summary>Records of this range are part of this apply batch: their chunks stay until it is applied.</summary>
    public void HandedToApply(ulong batch, EntryRange range) => throw new NotSupportedException();

    /// <summary>Every write up to this one is durable.</summary>
    public void Persisted(WriteId upTo) => throw new NotSupportedException();

    /// <summary>Every apply batch up to this one is applied.</summary>
    public void AppliedBatch(ulong upTo) => throw new NotSupportedException();
}
