namespace Quorate.Mvcc;

/// <summary>
/// All versions of all keys in revision order: an append-only log of <see cref="Record"/>s in chunks. Local rewriting
/// replaces a run of chunks by one with the survivors in the same order, so that one scan is always in revision order.
/// One writer; readers hold a <see cref="RecordSequence"/> of a pinned root.
/// </summary>
internal sealed unsafe class RevisionLog(IRecordChunks chunks, int chunkBytes) : IDisposable
{
    // The oldest pin decides, not the interval rule: records point at each other across batches, and a pointer that
    // rewriting has moved may lead an old reader into a chunk younger than its root.
    private readonly Queue<(RecordChunk Chunk, long RetiredIn)> _retired = new();
    private RecordChunk[] _chunks = new RecordChunk[16];

    public int Count { get; private set; }

    public int ChunkBytes => chunkBytes;

    public long RecordBytes { get; private set; }

    public int RetiredCount => _retired.Count;

    public IRecordChunks Chunks => chunks;

    public RecordSequence Sequence => new(_chunks, Count, Count == 0 ? 0 : _chunks[Count - 1].Used);

    public RecordChunk this[int at] => _chunks[at];

    /// <summary>Appends a record with its key and value; all other fields are zero and the caller's to fill.</summary>
    public ulong Append(ReadOnlySpan<byte> key, ReadOnlySpan<byte> value, out Record* record)
    {
        var bytes = Record.BytesOf(key.Length, value.Length);
        var tail = Count == 0 ? null : _chunks[Count - 1];
        if (tail is null || tail.Capacity - tail.Used < bytes)
        {
            tail = chunks.Open(Math.Max(chunkBytes, bytes));
            Add(tail);
        }

        var position = tail.Position + (ulong)tail.Used;
        var address = (byte*)tail.Address + tail.Used;
        tail.Used += bytes;
        RecordBytes += bytes;

        record = (Record*)address;
        *record = default;
        record->KeyLength = key.Length;
        record->ValueLength = value.Length;
        key.CopyTo(new Span<byte>(address + Record.HeadBytes, key.Length));
        value.CopyTo(new Span<byte>(address + Record.HeadBytes + key.Length, value.Length));
        return position;
    }

    /// <summary>Counts a record as possibly free to go.</summary>
    public void Doubt(ulong position, Record* record) => chunks.ChunkOf(position).DoubtfulBytes += record->Bytes;

    /// <summary>
    /// Puts one chunk, or none, into the place of a run; the run is freed when no pin is older than
    /// <paramref name="batch"/>.
    /// </summary>
    public void Replace(int first, int count, RecordChunk? replacement, long batch)
    {
        // Readers keep the array they have: a replacement is a new array.
        var kept = replacement is null ? 0 : 1;
        var changed = new RecordChunk[Math.Max(16, _chunks.Length)];
        Array.Copy(_chunks, changed, first);
        Array.Copy(_chunks, first + count, changed, first + kept, Count - first - count);
        for (var i = first; i < first + count; i++)
        {
            RecordBytes -= _chunks[i].Used;
            _retired.Enqueue((_chunks[i], batch));
        }

        if (replacement is not null)
        {
            changed[first] = replacement;
            RecordBytes += replacement.Used;
        }

        _chunks = changed;
        Count += kept - count;
    }

    /// <summary>Frees retired chunks that no root from <paramref name="oldestPin"/> on can reach.</summary>
    public void Sweep(long oldestPin)
    {
        while (_retired.TryPeek(out var retired) && retired.RetiredIn <= oldestPin)
        {
            chunks.Drop(_retired.Dequeue().Chunk);
        }
    }

    public void Dispose() => chunks.Dispose();

    private void Add(RecordChunk chunk)
    {
        if (Count == _chunks.Length)
        {
            // Not in place: a reader may be scanning the array it has.
            var grown = new RecordChunk[Count * 2];
            _chunks.CopyTo(grown, 0);
            _chunks = grown;
        }

        _chunks[Count++] = chunk;
    }
}
