using System.Runtime.InteropServices;

namespace Quorate.Mvcc;

/// <summary>
/// Native memory of the index, and the interval rule by which it comes back: a block made in batch b and retired in
/// batch r belongs to the roots b to r - 1, so it is freed when none of those is pinned. A long-held root keeps only
/// what it can reach. One writer. With poison, a freed block is overwritten and never used again.
/// </summary>
internal sealed unsafe class IndexMemory(int retiredMax, bool poison) : IDisposable
{
    /// <summary>What freed memory is filled with, under poison.</summary>
    public const byte PoisonByte = 0xDD;

    private const int SpareMax = 4096;

    private readonly Stack<nint> _spareLeaves = new();
    private readonly Stack<nint> _spareInner = new();
    private readonly List<nint> _poisoned = [];
    private readonly List<Retired> _fresh = [];
    private readonly List<Retired> _held = [];
    private readonly List<long> _pins = [];
    private long _heldOldestPin;
    private int _heldScanAt;

    /// <summary>Memory held, in bytes.</summary>
    public long BytesAllocated { get; private set; }

    /// <summary>Blocks that wait for readers, or for the next sweep.</summary>
    public int RetiredCount => _fresh.Count + _held.Count;

    /// <summary>Whether enough was retired to make a sweep worth it.</summary>
    public bool IsSweepDue => _fresh.Count >= retiredMax;

    public IndexNode* NewNode(BlockKind kind, long batch)
    {
        var spare = kind == BlockKind.Leaf ? _spareLeaves : _spareInner;
        var bytes = kind == BlockKind.Leaf ? IndexNode.LeafBytes : IndexNode.InnerBytes;
        var node = (IndexNode*)(spare.Count > 0 ? spare.Pop() : Allocate(bytes));
        node->Head = new BlockHead { BornIn = batch, Bytes = bytes, Kind = kind };
        return node;
    }

    public ulong NewSeparator(ReadOnlySpan<byte> key, long batch)
    {
        var bytes = sizeof(BlockHead) + key.Length;
        var block = (BlockHead*)Allocate(bytes);
        *block = new BlockHead { BornIn = batch, Bytes = bytes, Kind = BlockKind.Separator };
        key.CopyTo(new Span<byte>(block + 1, key.Length));
        return (ulong)block;
    }

    /// <summary>Takes a block out of the tree: it waits if a published root can reach it, else goes at once.</summary>
    public void Retire(void* block, long batch)
    {
        var bornIn = ((BlockHead*)block)->BornIn;
        if (bornIn == batch)
        {
            Free((nint)block);
        }
        else
        {
            _fresh.Add(new Retired((nint)block, bornIn, batch));
        }
    }

    /// <summary>
    /// Frees what no pin needs. What a long-held root keeps is looked at again only when the oldest pin has changed
    /// or it has doubled, so that the cost per retired block stays constant.
    /// </summary>
    public void Sweep(PinTable pins)
    {
        pins.Collect(_pins);
        MoveOrFree(_fresh);
        var oldest = _pins.Count > 0 ? _pins[0] : 0;
        if (_held.Count > 0 && (oldest != _heldOldestPin || _held.Count >= _heldScanAt))
        {
            KeepPinned();
            _heldOldestPin = oldest;
            _heldScanAt = (2 * _held.Count) + retiredMax;
        }
    }

    /// <summary>Frees a block that the tree no longer needs, without regard to readers.</summary>
    public void Free(nint block)
    {
        var head = (BlockHead*)block;
        if (poison)
        {
            NativeMemory.Fill(head, (nuint)head->Bytes, PoisonByte);
            _poisoned.Add(block);
            return;
        }

        var spare = head->Kind == BlockKind.Leaf ? _spareLeaves : _spareInner;
        if (head->Kind != BlockKind.Separator && spare.Count < SpareMax)
        {
            spare.Push(block);
            return;
        }

        BytesAllocated -= head->Bytes;
        NativeMemory.Free(head);
    }

    /// <summary>Frees all blocks that are not in the tree; the tree's own are freed by its owner before.</summary>
    public void Dispose()
    {
        foreach (var retired in _fresh.Concat(_held))
        {
            NativeMemory.Free((void*)retired.Block);
        }

        foreach (var block in _spareLeaves.Concat(_spareInner).Concat(_poisoned))
        {
            NativeMemory.Free((void*)block);
        }

        _fresh.Clear();
        _held.Clear();
        _spareLeaves.Clear();
        _spareInner.Clear();
        _poisoned.Clear();
        BytesAllocated = 0;
    }

    private nint Allocate(int bytes)
    {
        BytesAllocated += bytes;
        return (nint)NativeMemory.Alloc((nuint)bytes);
    }

    private void MoveOrFree(List<Retired> retired)
    {
        foreach (var block in retired)
        {
            if (IsPinned(block))
            {
                _held.Add(block);
            }
            else
            {
                Free(block.Block);
            }
        }

        retired.Clear();
    }

    private void KeepPinned()
    {
        var kept = 0;
        for (var i = 0; i < _held.Count; i++)
        {
            if (IsPinned(_held[i]))
            {
                _held[kept++] = _held[i];
            }
            else
            {
                Free(_held[i].Block);
            }
        }

        _held.RemoveRange(kept, _held.Count - kept);
    }

    // Pinned when some pin p satisfies bornIn <= p < retiredIn.
    private bool IsPinned(in Retired block)
    {
        var low = 0;
        var high = _pins.Count;
        while (low < high)
        {
            var middle = (low + high) >> 1;
            if (_pins[middle] < block.BornIn)
            {
                low = middle + 1;
            }
            else
            {
                high = middle;
            }
        }

        return low < _pins.Count && _pins[low] < block.RetiredIn;
    }

    private readonly record struct Retired(nint Block, long BornIn, long RetiredIn);
}
