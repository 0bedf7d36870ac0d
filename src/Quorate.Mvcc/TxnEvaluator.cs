namespace Quorate.Mvcc;

/// <summary>
/// Runs one transaction at apply. First every compare on the path taken is judged against the state before, then what
/// could fail on that path is looked for, and only then is anything written: all of it or nothing.
/// </summary>
internal sealed unsafe class TxnEvaluator(WriteBatch batch, bool wantsResult)
{
    // The branches taken, in the order in which the path meets the transactions.
    private readonly List<bool> _taken = [];
    private int _at;

    public ApplyError Evaluate(TxnCommand txn, out TxnResult? result)
    {
        result = null;
        Choose(txn);
        _at = 0;
        var error = JudgePuts(txn);
        if (error == ApplyError.None)
        {
            _at = 0;
            error = JudgeRanges(txn);
        }

        if (error == ApplyError.None)
        {
            _at = 0;
            result = Run(txn);
        }

        return error;
    }

    private static IReadOnlyList<TxnOperation> Branch(TxnCommand txn, bool succeeded) =>
        succeeded ? txn.Success : txn.Failure;

    private static bool Holds(TxnCompare compare, Record* record)
    {
        if (compare.Target == CompareTarget.Value)
        {
            return record is not null
                && Holds(compare.Relation, Record.Value(record).SequenceCompareTo(compare.Value.Span));
        }

        var number = record is null ? 0 : compare.Target switch
        {
            CompareTarget.Version => record->Version,
            CompareTarget.CreateRevision => record->CreateRevision,
            CompareTarget.ModRevision => record->ModRevision,
            _ => record->Lease,
        };
        return Holds(compare.Relation, number.CompareTo(compare.Number));
    }

    private static bool Holds(CompareRelation relation, int order) => relation switch
    {
        CompareRelation.Equal => order == 0,
        CompareRelation.Greater => order > 0,
        CompareRelation.Less => order < 0,
        _ => order != 0,
    };

    private void Choose(TxnCommand txn)
    {
        var succeeded = true;
        foreach (var compare in txn.Compares)
        {
            succeeded = succeeded && Holds(compare);
        }

        _taken.Add(succeeded);
        foreach (var operation in Branch(txn, succeeded))
        {
            if (operation is TxnOperation.Txn nested)
            {
                Choose(nested.Command);
            }
        }
    }

    private bool Holds(TxnCompare compare)
    {
        if (KeyRange.IsSingle(compare.RangeEnd.Span))
        {
            return Holds(compare, batch.Find(compare.Key.Span));
        }

        var any = false;
        var reader = batch.Reader;
        var (cursor, end) = reader.Seek(compare.Key.Span, compare.RangeEnd.Span);
        for (; !cursor.IsAt(end); cursor.MoveNext())
        {
            var record = reader.VersionAt(cursor.Value, KvReader.Newest);
            any |= record is not null;
            if (record is not null && !Holds(compare, record))
            {
                return false;
            }
        }

        return any || Holds(compare, null);
    }

    private ApplyError JudgePuts(TxnCommand txn)
    {
        foreach (var operation in Branch(txn, _taken[_at++]))
        {
            var error = operation switch
            {
                TxnOperation.Put put => JudgePut(put.Command),
                TxnOperation.Txn nested => JudgePuts(nested.Command),
                _ => ApplyError.None,
            };
            if (error != ApplyError.None)
            {
                return error;
            }
        }

        return ApplyError.None;
    }

    // There is no table of leases yet, so no lease exists.
    private ApplyError JudgePut(PutCommand put)
    {
        if ((put.IgnoreValue || put.IgnoreLease) && batch.Find(put.Key.Span) is null)
        {
            return ApplyError.KeyNotFound;
        }

        return put.Lease != 0 ? ApplyError.LeaseNotFound : ApplyError.None;
    }

    private ApplyError JudgeRanges(TxnCommand txn)
    {
        foreach (var operation in Branch(txn, _taken[_at++]))
        {
            var error = operation switch
            {
                TxnOperation.Range range => JudgeRange(range.Query),
                TxnOperation.Txn nested => JudgeRanges(nested.Command),
                _ => ApplyError.None,
            };
            if (error != ApplyError.None)
            {
                return error;
            }
        }

        return ApplyError.None;
    }

    private ApplyError JudgeRange(in RangeQuery query) =>
        RangeReader.Judge(query, batch.Revision, batch.CompactRevision) switch
        {
            ReadError.Compacted => ApplyError.Compacted,
            ReadError.FutureRevision => ApplyError.FutureRevision,
            _ => ApplyError.None,
        };

    private TxnResult? Run(TxnCommand txn)
    {
        var succeeded = _taken[_at++];
        var responses = wantsResult ? new List<OperationResult>() : null;
        foreach (var operation in Branch(txn, succeeded))
        {
            var response = Run(operation);
            if (response is not null)
            {
                responses?.Add(response);
            }
        }

        return responses is null ? null : new TxnResult(succeeded, responses);
    }

    // Reads have no effect, so only the node whose client waits does them.
    private OperationResult? Run(TxnOperation operation)
    {
        switch (operation)
        {
            case TxnOperation.Put { Command: var put }:
                var before = PutApplier.Put(batch, put, wantsResult);
                return wantsResult ? new PutOperationResult(before) : null;
            case TxnOperation.DeleteRange { Command: var delete }:
                var gone = wantsResult && delete.PrevKv ? new List<KeyValue>() : null;
                var deleted = batch.DeleteRange(delete.Key.Span, delete.RangeEnd.Span, gone);
                return wantsResult ? new DeleteRangeOperationResult(deleted, gone ?? []) : null;
            case TxnOperation.Range { Query: var query }:
                return wantsResult ? new RangeOperationResult(Read(query)) : null;
            case TxnOperation.Txn nested:
                return Run(nested.Command);
            default:
                throw new StoreInvariantException("a transaction holds only operations that the reader knows");
        }
    }

    private RangeResult Read(in RangeQuery query) =>
        RangeReader.Read(batch.Reader, query, batch.VisibleRevision, KvReader.Newest, batch.CompactRevision);
}
