namespace Quorate.Mvcc;

/// <summary>What one operation of a transaction brought.</summary>
public abstract class OperationResult
{
    private protected OperationResult()
    {
    }
}

/// <summary>A put was done.</summary>
/// <param name="prevKvs">The key-value before it, where it was asked for: none or one.</param>
public sealed class PutOperationResult(IReadOnlyList<KeyValue> prevKvs) : OperationResult
{
    /// <summary>The key-value before the put, where it was asked for: none or one.</summary>
    public IReadOnlyList<KeyValue> PrevKvs { get; } = prevKvs;
}

/// <summary>A delete range was done.</summary>
/// <param name="deleted">How many keys went.</param>
/// <param name="prevKvs">What they were, where it was asked for.</param>
public sealed class DeleteRangeOperationResult(long deleted, IReadOnlyList<KeyValue> prevKvs) : OperationResult
{
    /// <summary>How many keys went.</summary>
    public long Deleted { get; } = deleted;

    /// <summary>What they were, where it was asked for.</summary>
    public IReadOnlyList<KeyValue> PrevKvs { get; } = prevKvs;
}

/// <summary>A range was read.</summary>
/// <param name="range">Its answer.</param>
public sealed class RangeOperationResult(RangeResult range) : OperationResult
{
    /// <summary>Its answer.</summary>
    public RangeResult Range { get; } = range;
}

/// <summary>A transaction ran: the outermost one or a nested one.</summary>
/// <param name="succeeded">Whether all compares held.</param>
/// <param name="responses">One result for each operation of the branch taken, in order.</param>
public sealed class TxnResult(bool succeeded, IReadOnlyList<OperationResult> responses) : OperationResult
{
    /// <summary>Whether all compares held.</summary>
    public bool Succeeded { get; } = succeeded;

    /// <summary>One result for each operation of the branch taken, in order.</summary>
    public IReadOnlyList<OperationResult> Responses { get; } = responses;
}
