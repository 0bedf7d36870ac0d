namespace Quorate.Mvcc;

/// <summary>One put at apply, alone or in a transaction.</summary>
internal static unsafe class PutApplier
{
    /// <summary>Does a put from its bytes, without an object for it.</summary>
    public static ApplyError Put(
        WriteBatch batch, in PutReader put, bool wantsResult, out IReadOnlyList<KeyValue> before)
    {
        before = [];

        // There is no table of leases yet, so no lease exists.
        if (put.Lease != 0)
        {
            return ApplyError.LeaseNotFound;
        }

        if (put.IgnoreValue || put.IgnoreLease || (put.PrevKv && wantsResult))
        {
            var record = batch.Find(put.Key);
            if (record is null && (put.IgnoreValue || put.IgnoreLease))
            {
                return ApplyError.KeyNotFound;
            }

            before = PutOver(batch, record, put, wantsResult);
        }
        else
        {
            batch.Put(put.Key, put.Value, put.Lease);
        }

        return ApplyError.None;
    }

    /// <summary>Does a put of a transaction that was judged before.</summary>
    public static IReadOnlyList<KeyValue> Put(WriteBatch batch, PutCommand put, bool wantsResult)
    {
        var record = put.IgnoreValue || put.IgnoreLease || put.PrevKv ? batch.Find(put.Key.Span) : null;
        IReadOnlyList<KeyValue> before =
            put.PrevKv && wantsResult && record is not null ? [Record.ToKeyValue(record)] : [];
        var value = put.IgnoreValue && record is not null ? Record.Value(record) : put.Value.Span;
        var lease = put.IgnoreLease && record is not null ? record->Lease : put.Lease;
        batch.Put(put.Key.Span, value, lease);
        return before;
    }

    private static IReadOnlyList<KeyValue> PutOver(
        WriteBatch batch, Record* record, in PutReader put, bool wantsResult)
    {
        IReadOnlyList<KeyValue> before =
            put.PrevKv && wantsResult && record is not null ? [Record.ToKeyValue(record)] : [];
        var value = put.IgnoreValue ? Record.Value(record) : put.Value;
        var lease = put.IgnoreLease ? record->Lease : put.Lease;
        batch.Put(put.Key, value, lease);
        return before;
    }
}
