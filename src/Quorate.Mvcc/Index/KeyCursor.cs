namespace Quorate.Mvcc;

/// <summary>A place between the entries of one root, moving up by key. The root must stay pinned.</summary>
internal unsafe struct KeyCursor
{
    private const int DepthMax = 16;

    private fixed ulong _nodes[DepthMax];
    private fixed int _places[DepthMax];
    private int _depth;
    private IndexNode* _leaf;
    private int _at;

    /// <summary>Whether the cursor stands at an entry; if not, it is behind the last one.</summary>
    public readonly bool IsAtEntry => _leaf is not null;

    /// <summary>The leaf's value at the cursor.</summary>
    public readonly ulong Value => _leaf->Values[_at];

    /// <summary>A cursor at the first entry whose key is not below <paramref name="key"/>.</summary>
    public static KeyCursor Seek(KeyIndex index, nint root, ReadOnlySpan<byte> key)
    {
        var cursor = default(KeyCursor);
        var node = (IndexNode*)root;
        if (node is null)
        {
            return cursor;
        }

        while (!KeyIndex.IsLeaf(node))
        {
            node = cursor.Descend(node, KeyIndex.ChildOf(node, key));
        }

        cursor._leaf = node;
        cursor._at = index.LowerBound(node, key, out _);
        cursor.SkipEnd();
        return cursor;
    }

    /// <summary>Whether two cursors of the same root stand at the same place.</summary>
    public readonly bool IsAt(in KeyCursor other) => _leaf == other._leaf && (_leaf is null || _at == other._at);

    /// <summary>Moves to the next entry.</summary>
    public void MoveNext()
    {
        _at++;
        SkipEnd();
    }

    private IndexNode* Descend(IndexNode* node, int at)
    {
        StoreInvariant.Holds(_depth < DepthMax, "the index is less than 16 levels high");
        _nodes[_depth] = (ulong)node;
        _places[_depth] = at;
        _depth++;
        return IndexNode.Child(node, at);
    }

    // Behind a leaf's last entry: up to the first ancestor with a next child, then down its left edge.
    private void SkipEnd()
    {
        if (_at < _leaf->Head.Count)
        {
            return;
        }

        _leaf = null;
        while (_depth > 0)
        {
            _depth--;
            var parent = (IndexNode*)_nodes[_depth];
            var next = _places[_depth] + 1;
            if (next < parent->Head.Count)
            {
                var node = Descend(parent, next);
                while (!KeyIndex.IsLeaf(node))
                {
                    node = Descend(node, 0);
                }

                _leaf = node;
                _at = 0;
                return;
            }
        }
    }
}
