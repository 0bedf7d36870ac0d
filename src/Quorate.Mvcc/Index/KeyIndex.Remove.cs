namespace Quorate.Mvcc;

/// <summary>Taking a key out, and joining nodes that have become small.</summary>
internal sealed unsafe partial class KeyIndex
{
    private const int SmallCount = IndexNode.EntriesMax / 4;
    private const int JoinedMax = IndexNode.EntriesMax * 3 / 4;

    /// <summary>Removes a key that is there.</summary>
    public void Remove(ReadOnlySpan<byte> key)
    {
        StoreInvariant.Holds(_root is not null, "a key that is removed is in the index");
        _root = RemoveUnder(_root, key);
        while (_root is not null && !IsLeaf(_root) && _root->Head.Count == 1)
        {
            var child = IndexNode.Child(_root, 0);
            memory.Retire(_root, _batch);
            _root = child;
        }

        Count--;
    }

    // Returns the node, or null when nothing is left of it.
    private IndexNode* RemoveUnder(IndexNode* node, ReadOnlySpan<byte> key)
    {
        node = Own(node);
        if (IsLeaf(node))
        {
            var place = LowerBound(node, key, out var exact);
            StoreInvariant.Holds(exact, "a key that is removed is in the index");
            RemoveEntry(node, place);
            return NodeOrNull(node);
        }

        var at = ChildOf(node, key);
        var child = RemoveUnder(IndexNode.Child(node, at), key);
        if (child is null)
        {
            RemoveChild(node, at);
            return NodeOrNull(node);
        }

        node->Values[at] = (ulong)child;
        if (child->Head.Count < SmallCount && node->Head.Count > 1)
        {
            TryJoin(node, at + 1 < node->Head.Count ? at : at - 1);
        }

        return node;
    }

    private IndexNode* NodeOrNull(IndexNode* node)
    {
        if (node->Head.Count > 0)
        {
            return node;
        }

        memory.Retire(node, _batch);
        return null;
    }

    // The child that becomes the first needs no separator any more.
    private void RemoveChild(IndexNode* inner, int at)
    {
        var separator = Math.Max(at, 1);
        if (separator < inner->Head.Count)
        {
            memory.Retire((void*)inner->Separators[separator], _batch);
        }

        RemoveEntry(inner, at);
    }

    private void TryJoin(IndexNode* inner, int at)
    {
        var left = IndexNode.Child(inner, at);
        var right = IndexNode.Child(inner, at + 1);
        int leftCount = left->Head.Count;
        if (leftCount + right->Head.Count > JoinedMax)
        {
            return;
        }

        left = Own(left);
        CopyEntries(right, 0, left, leftCount, right->Head.Count);
        left->Head.Count += right->Head.Count;
        var separator = inner->Separators[at + 1];
        if (IsLeaf(left))
        {
            memory.Retire((void*)separator, _batch);
        }
        else
        {
            left->Separators[leftCount] = separator;
        }

        memory.Retire(right, _batch);
        inner->Values[at] = (ulong)left;
        RemoveEntry(inner, at + 1);
        RefreshPrefix(left, headsAreGood: false);
    }
}
