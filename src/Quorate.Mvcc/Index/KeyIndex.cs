namespace Quorate.Mvcc;

/// <summary>
/// From a key to the position of its newest record: a copy-on-write B+tree in native memory (see
/// <see cref="IndexNode"/>). A batch copies each node it touches once; roots of earlier batches stay as they were.
/// One writer; any thread searches a root that it has pinned.
/// </summary>
/// <remarks>
/// Laws: keys ascend through the leaves; every leaf has an entry; a node changes only in the batch that made it. The
/// unsafe room of the house is this folder and the records.
/// </remarks>
internal sealed unsafe partial class KeyIndex(IRecordChunks records, IndexMemory memory) : IDisposable
{
    /// <summary>In a leaf's value: the newest version is a delete.</summary>
    public const ulong TombstoneBit = 1;

    private const ulong PositionMask = ~7UL;

    private IndexNode* _root;
    private long _batch;

    /// <summary>The root as the writer sees it; 0 is an empty tree.</summary>
    public nint Root => (nint)_root;

    /// <summary>Keys in the tree, deleted ones included.</summary>
    public long Count { get; private set; }

    /// <summary>Begins a batch: from now on nodes of earlier batches are copied before they change.</summary>
    public void BeginBatch(long batch) => _batch = batch;

    /// <summary>The record a leaf's value points at.</summary>
    public Record* RecordOf(ulong value) => records.At(value & PositionMask);

    /// <summary>The position in a leaf's value.</summary>
    public static ulong PositionOf(ulong value) => value & PositionMask;

    /// <summary>The value of a key under a root; 0 when the key is not there.</summary>
    public ulong Find(nint root, ReadOnlySpan<byte> key)
    {
        var node = (IndexNode*)root;
        if (node is null)
        {
            return 0;
        }

        while (!IsLeaf(node))
        {
            node = IndexNode.Child(node, ChildOf(node, key));
        }

        var at = LowerBound(node, key, out var exact);
        return exact ? node->Values[at] : 0;
    }

    /// <summary>The place of the first entry of a leaf whose key is not below <paramref name="key"/>.</summary>
    public int LowerBound(IndexNode* leaf, ReadOnlySpan<byte> key, out bool exact)
    {
        exact = false;
        var order = ComparePrefix(leaf, key);
        if (order != 0)
        {
            return order < 0 ? 0 : leaf->Head.Count;
        }

        var head = IndexNode.HeadOf(key[leaf->Head.PrefixLength..]);
        var low = 0;
        int high = leaf->Head.Count;
        while (low < high)
        {
            var middle = (low + high) >> 1;
            var other = leaf->Heads[middle];
            var compared = other == head
                ? Record.Key(RecordOf(leaf->Values[middle])).SequenceCompareTo(key)
                : other < head ? -1 : 1;
            if (compared == 0)
            {
                exact = true;
                return middle;
            }

            if (compared < 0)
            {
                low = middle + 1;
            }
            else
            {
                high = middle;
            }
        }

        return low;
    }

    /// <summary>The child of an inner node in which a key belongs: the last whose separator is not above it.</summary>
    public static int ChildOf(IndexNode* inner, ReadOnlySpan<byte> key)
    {
        var order = ComparePrefix(inner, key);
        if (order != 0)
        {
            return order < 0 ? 0 : inner->Head.Count - 1;
        }

        var head = IndexNode.HeadOf(key[inner->Head.PrefixLength..]);
        var low = 1;
        int high = inner->Head.Count;
        while (low < high)
        {
            var middle = (low + high) >> 1;
            var other = inner->Heads[middle];
            var isAbove = other == head
                ? IndexNode.SeparatorKey(inner->Separators[middle]).SequenceCompareTo(key) > 0
                : other > head;
            if (isAbove)
            {
                high = middle;
            }
            else
            {
                low = middle + 1;
            }
        }

        return low - 1;
    }

    /// <summary>Whether a node is a leaf; memory that is no node stops the process.</summary>
    public static bool IsLeaf(IndexNode* node)
    {
        var kind = node->Head.Kind;
        StoreInvariant.Holds(kind is BlockKind.Leaf or BlockKind.Inner, "a root reaches only nodes that are alive");
        return kind == BlockKind.Leaf;
    }

    /// <summary>Frees all memory; nobody reads any more.</summary>
    public void Dispose()
    {
        if (_root is not null)
        {
            FreeTree(_root);
            _root = null;
        }

        memory.Dispose();
    }

    // Below 0: the key sorts before all keys of the node. Above 0: behind all. 0: it begins with the node's prefix.
    private static int ComparePrefix(IndexNode* node, ReadOnlySpan<byte> key)
    {
        int length = node->Head.PrefixLength;
        if (length == 0)
        {
            return 0;
        }

        var prefix = IndexNode.PrefixOf(node);
        if (key.Length >= length)
        {
            return key[..length].SequenceCompareTo(prefix);
        }

        var order = key.SequenceCompareTo(prefix[..key.Length]);
        return order != 0 ? order : -1;
    }

    private void FreeTree(IndexNode* node)
    {
        if (!IsLeaf(node))
        {
            for (var i = 0; i < node->Head.Count; i++)
            {
                FreeTree(IndexNode.Child(node, i));
                if (i > 0)
                {
                    memory.Free((nint)node->Separators[i]);
                }
            }
        }

        memory.Free((nint)node);
    }
}
