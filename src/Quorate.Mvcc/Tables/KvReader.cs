namespace Quorate.Mvcc;

/// <summary>
/// Finds versions under one root: a published one that is pinned, or the writer's own. Revisions must not be below the
/// compact revision that belongs to the root.
/// </summary>
internal readonly unsafe struct KvReader(KeyIndex index, nint root)
{
    /// <summary>Reads whatever the root has, unpublished changes of the writer included.</summary>
    public const long Newest = long.MaxValue;

    /// <summary>The version of a key at a revision, or null when it does not exist there.</summary>
    public Record* Find(ReadOnlySpan<byte> key, long revision)
    {
        var value = index.Find(root, key);
        return value == 0 ? null : VersionAt(value, revision);
    }

    /// <summary>The version at a revision that a leaf's value leads to, or null.</summary>
    public Record* VersionAt(ulong value, long revision)
    {
        if (revision == Newest)
        {
            return (value & KeyIndex.TombstoneBit) != 0 ? null : index.RecordOf(value);
        }

        var record = index.RecordOf(value);
        while (record->ModRevision > revision)
        {
            var previous = Volatile.Read(ref record->Previous);
            if (previous == 0)
            {
                return null;
            }

            record = index.RecordOf(previous);
        }

        return record->IsTombstone ? null : record;
    }

    /// <summary>The first place of a range and the place behind its last; equal when it is empty.</summary>
    public (KeyCursor From, KeyCursor To) Seek(ReadOnlySpan<byte> key, ReadOnlySpan<byte> rangeEnd)
    {
        if (KeyRange.IsFromKey(rangeEnd))
        {
            return (KeyCursor.Seek(index, root, key), default);
        }

        if (rangeEnd.SequenceCompareTo(key) <= 0)
        {
            return default;
        }

        return (KeyCursor.Seek(index, root, key), KeyCursor.Seek(index, root, rangeEnd));
    }
}
