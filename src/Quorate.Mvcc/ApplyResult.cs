namespace Quorate.Mvcc;

/// <summary>What came of one committed entry. A plain put's result owns no memory.</summary>
public readonly struct ApplyResult
{
    private readonly IReadOnlyList<KeyValue>? _prevKvs;

    /// <summary>Why nothing was done; <see cref="ApplyError.None"/> when it was.</summary>
    public ApplyError Error { get; init; }

    /// <summary>The store's revision right after the entry.</summary>
    public Revision Revision { get; init; }

    /// <summary>How many keys a delete range deleted.</summary>
    public long Deleted { get; init; }

    /// <summary>The key-values before the change, where they were asked for (a put has none or one).</summary>
    public IReadOnlyList<KeyValue> PrevKvs { get => _prevKvs ?? []; init => _prevKvs = value; }

    /// <summary>The outcome of a transaction; null for any other command.</summary>
    public TxnResult? Txn { get; init; }

    /// <inheritdoc/>
    public override string ToString() =>
        Error == ApplyError.None ? $"revision {Revision}" : $"{Error} at revision {Revision}";
}
