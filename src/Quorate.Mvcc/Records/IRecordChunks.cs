namespace Quorate.Mvcc;

/// <summary>
/// Where records live: memory now, segment files later, with the index untouched. One writer opens and drops chunks;
/// any thread reads at the positions it got from a pinned root.
/// </summary>
internal unsafe interface IRecordChunks : IDisposable
{
    /// <summary>Memory held, in bytes.</summary>
    long BytesAllocated { get; }

    /// <summary>A new, empty chunk of exactly that capacity.</summary>
    RecordChunk Open(int capacity);

    /// <summary>The record at a position.</summary>
    Record* At(ulong position);

    /// <summary>The chunk that holds a position.</summary>
    RecordChunk ChunkOf(ulong position);

    /// <summary>Frees a chunk that nobody reads any more.</summary>
    void Drop(RecordChunk chunk);
}
