namespace Quorate.Mvcc;

/// <summary>
/// Finds keys that one path through a transaction would write twice. The two branches of a nested transaction
/// exclude each other, so they may write the same key; deletes may overlap deletes. A transaction has so few
/// operations that plain lists do.
/// </summary>
internal sealed class TxnKeyPaths
{
    private readonly List<ReadOnlyMemory<byte>> _puts = [];
    private readonly List<DeleteRangeCommand> _deletes = [];

    public static CommandFault? Judge(TxnCommand txn) =>
        TryCollect(txn.Success) is null || TryCollect(txn.Failure) is null
            ? new CommandFault(
                CommandFaultCode.DuplicateKey, "etcdserver: duplicate key given in txn request")
            : null;

    // The deletes of a level come first, then what its nested transactions write, then its own puts: etcd's order,
    // which decides what counts as a duplicate.
    private static TxnKeyPaths? TryCollect(IReadOnlyList<TxnOperation> operations)
    {
        var paths = new TxnKeyPaths();
        foreach (var operation in operations)
        {
            if (operation is TxnOperation.DeleteRange delete)
            {
                paths._deletes.Add(delete.Command);
            }
        }

        foreach (var operation in operations)
        {
            if (operation is TxnOperation.Txn nested && !paths.TryTakeNested(nested.Command))
            {
                return null;
            }
        }

        foreach (var operation in operations)
        {
            if (operation is TxnOperation.Put put && !paths.TryTakePut(put.Command.Key))
            {
                return null;
            }
        }

        return paths;
    }

    private static bool Holds(List<ReadOnlyMemory<byte>> keys, ReadOnlyMemory<byte> key)
    {
        foreach (var other in keys)
        {
            if (other.Span.SequenceEqual(key.Span))
            {
                return true;
            }
        }

        return false;
    }

    private bool TryTakeNested(TxnCommand nested)
    {
        if (TryCollect(nested.Success) is not { } success || TryCollect(nested.Failure) is not { } failure)
        {
            return false;
        }

        foreach (var key in success._puts)
        {
            if (!TryTakePut(key))
            {
                return false;
            }
        }

        foreach (var key in failure._puts)
        {
            if (!Holds(success._puts, key) && !TryTakePut(key))
            {
                return false;
            }
        }

        _deletes.AddRange(success._deletes);
        _deletes.AddRange(failure._deletes);
        return true;
    }

    private bool TryTakePut(ReadOnlyMemory<byte> key)
    {
        if (Holds(_puts, key) || IsDeleted(key))
        {
            return false;
        }

        _puts.Add(key);
        return true;
    }

    private bool IsDeleted(ReadOnlyMemory<byte> key)
    {
        foreach (var delete in _deletes)
        {
            if (KeyRange.Contains(delete.Key.Span, delete.RangeEnd.Span, key.Span))
            {
                return true;
            }
        }

        return false;
    }
}
