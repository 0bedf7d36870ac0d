using System.Runtime.InteropServices;

namespace Quorate.Mvcc;

/// <summary>
/// Chunks in native memory, out of the collector's sight. A few freed chunks of the common size are kept, since the
/// writer fills one after the other. With poison, a freed chunk is overwritten and kept for ever.
/// </summary>
internal sealed unsafe class MemoryRecordChunks(int chunkBytes, bool poison) : IRecordChunks
{
    private const int SpareMax = 8;
    private const ulong OffsetMask = (1UL << RecordChunk.OffsetBits) - 1;

    private readonly Stack<nint> _spare = new();
    private readonly Stack<int> _freeNumbers = new();
    private readonly List<nint> _poisoned = [];

    // Grown by replacing; a reader that follows a position sees an array that holds it, because the position was
    // published after the array.
    private nint[] _addresses = new nint[64];
    private RecordChunk?[] _chunks = new RecordChunk?[64];
    private int _lastNumber;

    public long BytesAllocated { get; private set; }

    public RecordChunk Open(int capacity)
    {
        var number = _freeNumbers.Count > 0 ? _freeNumbers.Pop() : ++_lastNumber;
        if (number == _addresses.Length)
        {
            Array.Resize(ref _chunks, number * 2);
            var grown = new nint[number * 2];
            _addresses.CopyTo(grown, 0);
            Volatile.Write(ref _addresses, grown);
        }

        var chunk = new RecordChunk(number, Allocate(capacity), capacity);
        _chunks[number] = chunk;
        Volatile.Write(ref _addresses[number], chunk.Address);
        BytesAllocated += capacity;
        return chunk;
    }

    public Record* At(ulong position) =>
        (Record*)(_addresses[position >> RecordChunk.OffsetBits] + (nint)(position & OffsetMask));

    public RecordChunk ChunkOf(ulong position) => _chunks[position >> RecordChunk.OffsetBits]!;

    public void Drop(RecordChunk chunk)
    {
        StoreInvariant.Holds(_chunks[chunk.Number] == chunk, "a chunk is dropped once");
        _chunks[chunk.Number] = null;
        _addresses[chunk.Number] = 0;
        _freeNumbers.Push(chunk.Number);
        BytesAllocated -= chunk.Capacity;
        Free(chunk);
    }

    public void Dispose()
    {
        foreach (var chunk in _chunks)
        {
            if (chunk is not null)
            {
                NativeMemory.Free((void*)chunk.Address);
            }
        }

        Array.Clear(_chunks);
        FreeAll(_spare);
        FreeAll(_poisoned);
        _spare.Clear();
        _poisoned.Clear();
        BytesAllocated = 0;
    }

    private static void FreeAll(IEnumerable<nint> addresses)
    {
        foreach (var address in addresses)
        {
            NativeMemory.Free((void*)address);
        }
    }

    private nint Allocate(int capacity) => capacity == chunkBytes && _spare.Count > 0
        ? _spare.Pop()
        : (nint)NativeMemory.Alloc((nuint)capacity);

    private void Free(RecordChunk chunk)
    {
        if (poison)
        {
            NativeMemory.Fill((void*)chunk.Address, (nuint)chunk.Capacity, IndexMemory.PoisonByte);
            _poisoned.Add(chunk.Address);
        }
        else if (chunk.Capacity == chunkBytes && _spare.Count < SpareMax)
        {
            _spare.Push(chunk.Address);
        }
        else
        {
            NativeMemory.Free((void*)chunk.Address);
        }
    }
}
