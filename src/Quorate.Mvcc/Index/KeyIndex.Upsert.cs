namespace Quorate.Mvcc;

/// <summary>Setting the value of a key, new or known.</summary>
internal sealed unsafe partial class KeyIndex
{
    private const int Half = IndexNode.EntriesMax / 2;

    /// <summary>
    /// Sets the value of a key, whose record must hold the key already, and returns the value before; 0 is none.
    /// </summary>
    public ulong Upsert(ReadOnlySpan<byte> key, ulong value)
    {
        if (_root is null)
        {
            _root = memory.NewNode(BlockKind.Leaf, _batch);
        }

        var split = default(Split);
        _root = UpsertUnder(_root, key, value, isLast: true, ref split, out var before);
        if (split.Right is not null)
        {
            var root = memory.NewNode(BlockKind.Inner, _batch);
            root->Values[0] = (ulong)_root;
            root->Head.Count = 1;
            InsertEntry(root, 1, IndexNode.SeparatorKey(split.Separator), (ulong)split.Right, split.Separator);
            _root = root;
        }

        Count += before == 0 ? 1 : 0;
        return before;
    }

    private IndexNode* UpsertUnder(
        IndexNode* node, ReadOnlySpan<byte> key, ulong value, bool isLast, ref Split split, out ulong before)
    {
        node = Own(node);
        if (IsLeaf(node))
        {
            UpsertInLeaf(node, key, value, isLast, ref split, out before);
            return node;
        }

        var at = ChildOf(node, key);
        isLast &= at == node->Head.Count - 1;
        var child = UpsertUnder(IndexNode.Child(node, at), key, value, isLast, ref split, out before);
        node->Values[at] = (ulong)child;
        if (split.Right is not null)
        {
            InsertChild(node, at + 1, isLast, ref split);
        }

        return node;
    }

    private void UpsertInLeaf(
        IndexNode* leaf, ReadOnlySpan<byte> key, ulong value, bool isLast, ref Split split, out ulong before)
    {
        var at = LowerBound(leaf, key, out var exact);
        if (exact)
        {
            before = leaf->Values[at];
            leaf->Values[at] = value;
            return;
        }

        before = 0;
        if (leaf->Head.Count < IndexNode.EntriesMax)
        {
            InsertEntry(leaf, at, key, value, separator: 0);
            return;
        }

        // Keys that come in ascending order leave full leaves behind.
        var from = isLast && at == IndexNode.EntriesMax ? at : Half;
        var right = SplitOff(leaf, from);
        if (at <= from && from == Half)
        {
            InsertEntry(leaf, at, key, value, separator: 0);
        }
        else
        {
            InsertEntry(right, at - from, key, value, separator: 0);
        }

        split = new Split(ShortestSeparator(leaf, right), right);
    }

    private void InsertChild(IndexNode* inner, int at, bool isLast, ref Split split)
    {
        var child = split;
        split = default;
        if (inner->Head.Count < IndexNode.EntriesMax)
        {
            InsertSplit(inner, at, child);
            return;
        }

        if (isLast && at == IndexNode.EntriesMax)
        {
            var last = memory.NewNode(BlockKind.Inner, _batch);
            last->Values[0] = (ulong)child.Right;
            last->Head.Count = 1;
            split = new Split(child.Separator, last);
            return;
        }

        // The right half's first separator moves up: child 0 has none.
        var separator = inner->Separators[Half];
        var right = SplitOff(inner, Half);
        if (at <= Half)
        {
            InsertSplit(inner, at, child);
        }
        else
        {
            InsertSplit(right, at - Half, child);
        }

        split = new Split(separator, right);
    }

    private static void InsertSplit(IndexNode* inner, int at, in Split split) =>
        InsertEntry(inner, at, IndexNode.SeparatorKey(split.Separator), (ulong)split.Right, split.Separator);

    // The shortest key that is above all keys on the left and not above the first on the right.
    private ulong ShortestSeparator(IndexNode* left, IndexNode* right)
    {
        var first = KeyAt(right, 0);
        var common = CommonLength(KeyAt(left, left->Head.Count - 1), first);
        return memory.NewSeparator(first[..(common + 1)], _batch);
    }

    private readonly struct Split(ulong separator, IndexNode* right)
    {
        public readonly ulong Separator = separator;
        public readonly IndexNode* Right = right;
    }
}
