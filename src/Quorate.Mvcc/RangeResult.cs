namespace Quorate.Mvcc;

/// <summary>The answer to a <see cref="RangeQuery"/>.</summary>
public sealed class RangeResult
{
    /// <summary>Why there is no answer; then everything else is empty.</summary>
    public ReadError Error { get; init; }

    /// <summary>The store's revision when this was read, whatever revision was asked for.</summary>
    public Revision Revision { get; init; }

    /// <summary>The keys found, ordered and cut as asked.</summary>
    public IReadOnlyList<KeyValue> Kvs { get; init; } = [];

    /// <summary>How many keys the range holds at that revision, whatever limit and filters say.</summary>
    public long Count { get; init; }

    /// <summary>Whether the limit cut something off.</summary>
    public bool More { get; init; }

    /// <inheritdoc/>
    public override string ToString() =>
        Error == ReadError.None ? $"{Kvs.Count} of {Count} at {Revision}" : $"{Error} at {Revision}";
}
