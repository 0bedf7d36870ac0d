namespace Quorate.Mvcc;

/// <summary>What is done to single nodes: copying, common prefixes, entries in and out.</summary>
internal sealed unsafe partial class KeyIndex
{
    private static int CommonLength(ReadOnlySpan<byte> left, ReadOnlySpan<byte> right) =>
        left.CommonPrefixLength(right);

    private static void SetPrefix(IndexNode* node, ReadOnlySpan<byte> prefix)
    {
        prefix.CopyTo(new Span<byte>(node->Prefix, IndexNode.PrefixMax));
        node->Head.PrefixLength = (ushort)prefix.Length;
    }

    // What leaves the prefix moves into the heads, so no key is read.
    private static void ShortenPrefix(IndexNode* node, int length)
    {
        var lost = IndexNode.PrefixOf(node)[length..];
        var top = IndexNode.HeadOf(lost);
        for (var i = node->FirstKey; i < node->Head.Count; i++)
        {
            node->Heads[i] = lost.Length >= sizeof(ulong) ? top : top | (node->Heads[i] >> (8 * lost.Length));
        }

        node->Head.PrefixLength = (ushort)length;
    }

    private static void MakeRoomForKey(IndexNode* node, ReadOnlySpan<byte> key)
    {
        if (node->Head.Count <= node->FirstKey)
        {
            SetPrefix(node, key[..Math.Min(key.Length, IndexNode.PrefixMax)]);
            return;
        }

        var common = CommonLength(IndexNode.PrefixOf(node), key);
        if (common < node->Head.PrefixLength)
        {
            ShortenPrefix(node, common);
        }
    }

    private static void Shift(ulong* values, int from, int to, int count) =>
        Buffer.MemoryCopy(values + from, values + to, (long)count * sizeof(ulong), (long)count * sizeof(ulong));

    private static void InsertEntry(IndexNode* node, int at, ReadOnlySpan<byte> key, ulong value, ulong separator)
    {
        MakeRoomForKey(node, key);
        var moved = node->Head.Count - at;
        Shift(node->Heads, at, at + 1, moved);
        Shift(node->Values, at, at + 1, moved);
        node->Heads[at] = IndexNode.HeadOf(key[node->Head.PrefixLength..]);
        node->Values[at] = value;
        if (node->Head.Kind == BlockKind.Inner)
        {
            Shift(node->Separators, at, at + 1, moved);
            node->Separators[at] = separator;
        }

        node->Head.Count++;
    }

    private static void RemoveEntry(IndexNode* node, int at)
    {
        var moved = node->Head.Count - at - 1;
        Shift(node->Heads, at + 1, at, moved);
        Shift(node->Values, at + 1, at, moved);
        if (node->Head.Kind == BlockKind.Inner)
        {
            Shift(node->Separators, at + 1, at, moved);
        }

        node->Head.Count--;
    }

    private static void CopyEntries(IndexNode* source, int from, IndexNode* target, int to, int count)
    {
        var bytes = (long)count * sizeof(ulong);
        Buffer.MemoryCopy(source->Heads + from, target->Heads + to, bytes, bytes);
        Buffer.MemoryCopy(source->Values + from, target->Values + to, bytes, bytes);
        if (source->Head.Kind == BlockKind.Inner)
        {
            Buffer.MemoryCopy(source->Separators + from, target->Separators + to, bytes, bytes);
        }
    }

    private ReadOnlySpan<byte> KeyAt(IndexNode* node, int at) => node->Head.Kind == BlockKind.Leaf
        ? Record.Key(RecordOf(node->Values[at]))
        : IndexNode.SeparatorKey(node->Separators[at]);

    // A node of this batch changes in place; an older one is copied, and belongs to the older roots from now.
    private IndexNode* Own(IndexNode* node)
    {
        if (node->Head.BornIn == _batch)
        {
            return node;
        }

        var copy = memory.NewNode(node->Head.Kind, _batch);
        copy->Head.Count = node->Head.Count;
        SetPrefix(copy, IndexNode.PrefixOf(node));
        CopyEntries(node, 0, copy, 0, node->Head.Count);
        memory.Retire(node, _batch);
        return copy;
    }

    // After a split or a merge: the longest prefix its keys share now, and the heads behind it.
    private void RefreshPrefix(IndexNode* node, bool headsAreGood)
    {
        var first = node->FirstKey;
        var last = node->Head.Count - 1;
        if (last < first)
        {
            node->Head.PrefixLength = 0;
            return;
        }

        var key = KeyAt(node, first);
        var common = Math.Min(CommonLength(key, KeyAt(node, last)), IndexNode.PrefixMax);
        if (headsAreGood && common == node->Head.PrefixLength)
        {
            return;
        }

        SetPrefix(node, key[..common]);
        for (var i = first; i <= last; i++)
        {
            node->Heads[i] = IndexNode.HeadOf(KeyAt(node, i)[common..]);
        }
    }

    private IndexNode* SplitOff(IndexNode* node, int from)
    {
        var right = memory.NewNode(node->Head.Kind, _batch);
        var count = node->Head.Count - from;
        CopyEntries(node, from, right, 0, count);
        right->Head.Count = (byte)count;
        SetPrefix(right, IndexNode.PrefixOf(node));
        node->Head.Count = (byte)from;
        RefreshPrefix(right, headsAreGood: true);
        RefreshPrefix(node, headsAreGood: true);
        return right;
    }
}
