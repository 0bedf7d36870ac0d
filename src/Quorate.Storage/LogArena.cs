using Quorate.Raft;

namespace Quorate.Storage;

/// <summary>
/// Owns the bytes of entry records from their making on: log writer, peers and apply all use these. Chunks of
/// pinned memory, filled one behind the other. Owned by one loop; the memory it hands out may be read anywhere
/// until the watermarks allow its chunk to go.
/// </summary>
/// <remarks>
/// Laws: a chunk goes, oldest first, when every live record in it was handed to the disk, the last write and the
/// last apply batch that name it are acknowledged, and it is out of the cache window; it is never counted by entries.
/// </remarks>
public sealed class LogArena
{
    private readonly LogArenaOptions _options;
    private readonly Queue<ArenaChunk> _chunks = new();
    private readonly Stack<byte[]> _free = new();

    // Places of the records First..Last, a ring; _head is the place of First.
    private Place[] _places = new Place[1024];
    private int _head;
    private int _count;

    private ArenaChunk? _current;
    private LogIndex _handed;
    private WriteId _persisted;
    private ulong _applied;

    /// <summary>Makes an empty arena.</summary>
    public LogArena(LogArenaOptions options)
    {
        ArgumentNullException.ThrowIfNull(options);
        if (options.Validate() is { Count: > 0 } faults)
        {
            throw new ArgumentException(string.Join("; ", faults), nameof(options));
        }

        _options = options;
    }

    /// <summary>The lowest index here; meaningless when empty.</summary>
    public LogIndex First { get; private set; }

    /// <summary>The highest index here, or zero when empty.</summary>
    public LogIndex Last => _count == 0 ? LogIndex.Zero : First + (_count - 1);

    /// <summary>Bytes of the chunks in use.</summary>
    public long Bytes { get; private set; }

    /// <summary>
    /// Gives the place for the next record, to be filled at once. Its index is the last one plus one, or any
    /// when the arena holds none.
    /// </summary>
    public Span<byte> Reserve(EntryId id, int length)
    {
        Invariant.Holds(_count == 0 || id.Index == Last.Next, "records enter the arena in the order of the log");
        if (_count == 0)
        {
            First = id.Index;
            _handed = LogIndex.Zero;
        }

        var chunk = ChunkFor(length);
        AddPlace(new Place(id.Term, chunk, chunk.Used, length));
        chunk.Used += length;
        chunk.LastIndex = id.Index;
        return chunk.Bytes.AsSpan(chunk.Used - length, length);
    }

    /// <summary>The record of an entry; false when it is gone, was replaced, or never was here.</summary>
    public bool TryGet(EntryId id, out ReadOnlyMemory<byte> record)
    {
        if (TryFind(id.Index, out var place) && place.Term == id.Term)
        {
            record = place.Memory;
            return true;
        }

        record = default;
        return false;
    }

    /// <summary>The record at an index, whatever its term; false when it is gone or never was here.</summary>
    public bool TryGet(LogIndex index, out ReadOnlyMemory<byte> record)
    {
        var here = TryFind(index, out var place);
        record = here ? place.Memory : default;
        return here;
    }

    /// <summary>Forgets the records from this index on; their memory stays until the watermarks pass it.</summary>
    public void TruncateFrom(LogIndex first)
    {
        if (_count == 0 || first > Last)
        {
            return;
        }

        var kept = first <= First ? 0 : (int)(first - First);
        for (var position = kept; position < _count; position++)
        {
            // What is left in a chunk ends before the cut; a chunk without live records waits for nothing.
            PlaceAt(position).Chunk.LastIndex = kept == 0 ? LogIndex.Zero : first.Previous;
            PlaceAt(position) = default;
        }

        _count = kept;
        _handed = kept == 0 ? LogIndex.Zero : LogIndex.Min(_handed, first.Previous);
    }

    /// <summary>Records of this range are part of this write: their chunks stay until it is persisted.</summary>
    public void HandedToDisk(WriteId write, EntryRange range)
    {
        foreach (var chunk in ChunksOf(range))
        {
            chunk.LastWrite = write;
        }

        _handed = range.IsEmpty ? _handed : LogIndex.Max(_handed, range.Last);
    }

    /// <summary>Records of this range are part of this apply batch: their chunks stay until it is applied.</summary>
    public void HandedToApply(ulong batch, EntryRange range)
    {
        foreach (var chunk in ChunksOf(range))
        {
            chunk.LastApply = batch;
        }
    }

    /// <summary>Every write up to this one is durable.</summary>
    public void Persisted(WriteId upTo)
    {
        _persisted = upTo > _persisted ? upTo : _persisted;
        Release();
    }

    /// <summary>Every apply batch up to this one is applied.</summary>
    public void AppliedBatch(ulong upTo)
    {
        _applied = Math.Max(upTo, _applied);
        Release();
    }

    private ArenaChunk ChunkFor(int length)
    {
        if (_current is { } current && current.Bytes.Length - current.Used >= length)
        {
            return current;
        }

        var bytes = length <= _options.ChunkBytes && _free.TryPop(out var free)
            ? free
            : GC.AllocateUninitializedArray<byte>(Math.Max(length, _options.ChunkBytes), pinned: true);
        _current = new ArenaChunk(bytes);
        _chunks.Enqueue(_current);
        Bytes += bytes.Length;
        return _current;
    }

    /// <summary>The chunks that hold records of a range, each once.</summary>
    private IEnumerable<ArenaChunk> ChunksOf(EntryRange range)
    {
        ArenaChunk? previous = null;
        for (var index = range.First; index <= range.Last; index = index.Next)
        {
            if (TryFind(index, out var place) && place.Chunk != previous)
            {
                previous = place.Chunk;
                yield return place.Chunk;
            }
        }
    }

    private void Release()
    {
        while (_chunks.TryPeek(out var oldest) && MayGo(oldest))
        {
            _chunks.Dequeue();
            Bytes -= oldest.Bytes.Length;
            while (_count > 0 && PlaceAt(0).Chunk == oldest)
            {
                PlaceAt(0) = default;
                _head = (_head + 1) & (_places.Length - 1);
                _count--;
                First = First.Next;
            }

            if (oldest.Bytes.Length == _options.ChunkBytes && _free.Count < _options.FreeChunksMax)
            {
                _free.Push(oldest.Bytes);
            }
        }
    }

    private bool MayGo(ArenaChunk chunk) =>
        chunk != _current
        && chunk.LastIndex <= _handed
        && chunk.LastWrite <= _persisted
        && chunk.LastApply <= _applied
        && Bytes - chunk.Bytes.Length >= _options.CacheBytes;

    private bool TryFind(LogIndex index, out Place place)
    {
        var here = _count > 0 && index >= First && index <= Last;
        place = here ? PlaceAt((int)(index - First)) : default;
        return here;
    }

    private ref Place PlaceAt(int position) => ref _places[(_head + position) & (_places.Length - 1)];

    private void AddPlace(Place place)
    {
        if (_count == _places.Length)
        {
            var larger = new Place[_places.Length * 2];
            for (var position = 0; position < _count; position++)
            {
                larger[position] = PlaceAt(position);
            }

            _places = larger;
            _head = 0;
        }

        _count++;
        PlaceAt(_count - 1) = place;
    }

    private readonly record struct Place(Term Term, ArenaChunk Chunk, int Offset, int Length)
    {
        public ReadOnlyMemory<byte> Memory => new(Chunk.Bytes, Offset, Length);
    }
}

/// <summary>One piece of pinned memory and the watermarks that hold it.</summary>
internal sealed class ArenaChunk(byte[] bytes)
{
    public byte[] Bytes { get; } = bytes;

    public int Used { get; set; }

    /// <summary>The highest index of a live record in it; zero for none.</summary>
    public LogIndex LastIndex { get; set; }

    /// <summary>The newest write that names it.</summary>
    public WriteId LastWrite { get; set; }

    /// <summary>The newest apply batch that names it.</summary>
    public ulong LastApply { get; set; }
}
