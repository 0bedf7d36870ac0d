namespace Quorate.Mvcc;

/// <summary>One step of a transaction. The set is closed.</summary>
public abstract record TxnOperation
{
    private TxnOperation()
    {
    }

    /// <summary>Writes one key.</summary>
    /// <param name="Command">What to write.</param>
    public sealed record Put(PutCommand Command) : TxnOperation;

    /// <summary>Deletes keys.</summary>
    /// <param name="Command">What to delete.</param>
    public sealed record DeleteRange(DeleteRangeCommand Command) : TxnOperation;

    /// <summary>Reads keys, earlier steps of the same transaction included.</summary>
    /// <param name="Query">What to read.</param>
    public sealed record Range(RangeQuery Query) : TxnOperation;

    /// <summary>A transaction inside the transaction; its compares see the state before the outermost one.</summary>
    /// <param name="Command">What to do.</param>
    public sealed record Txn(TxnCommand Command) : TxnOperation;
}
