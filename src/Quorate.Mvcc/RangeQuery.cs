namespace Quorate.Mvcc;

/// <summary>
/// What to read: one key or a range of keys, at one revision. <see cref="RangeEnd"/> empty means the single key; one
/// zero byte means all keys from <see cref="Key"/> on; else it is the first key behind the range.
/// </summary>
public readonly record struct RangeQuery(ReadOnlyMemory<byte> Key, ReadOnlyMemory<byte> RangeEnd = default)
{
    /// <summary>The revision to read at; 0 or less is the newest.</summary>
    public long Revision { get; init; }

    /// <summary>The most keys to return; 0 or less is no limit.</summary>
    public long Limit { get; init; }

    /// <summary>The direction.</summary>
    public SortOrder Order { get; init; }

    /// <summary>What to order by.</summary>
    public SortTarget OrderBy { get; init; }

    /// <summary>Leave the values empty.</summary>
    public bool KeysOnly { get; init; }

    /// <summary>Return the count and no keys.</summary>
    public bool CountOnly { get; init; }

    /// <summary>Drops keys whose mod revision is less; 0 is unset.</summary>
    public long MinModRevision { get; init; }

    /// <summary>Drops keys whose mod revision is greater; 0 is unset.</summary>
    public long MaxModRevision { get; init; }

    /// <summary>Drops keys whose create revision is less; 0 is unset.</summary>
    public long MinCreateRevision { get; init; }

    /// <summary>Drops keys whose create revision is greater; 0 is unset.</summary>
    public long MaxCreateRevision { get; init; }

    /// <summary>Whether any filter by revision is set.</summary>
    internal bool Filters =>
        (MinModRevision | MaxModRevision | MinCreateRevision | MaxCreateRevision) != 0;
}
