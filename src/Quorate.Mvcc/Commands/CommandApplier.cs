using System.Text;

namespace Quorate.Mvcc;

/// <summary>
/// Applies one committed entry to the working state: a pure function of state and entry. Whatever a client sent, it
/// does not throw; it throws only for commands this node does not know.
/// </summary>
internal sealed class CommandApplier(WriteBatch batch)
{
    /// <summary>The compaction that the entry brought, or none.</summary>
    public Revision Compacted { get; private set; }

    public ApplyResult Apply(in CommittedEntry entry)
    {
        Compacted = Revision.None;
        batch.BeginEntry(entry);
        var result = entry.Kind switch
        {
            CommittedKind.Noop => default,
            CommittedKind.Command => ApplyCommand(entry),
            CommittedKind.ConfigChange => ApplyConfig(entry),
            _ => throw new UnknownCommandException($"The entry {entry.Id} has kind {(byte)entry.Kind}, "
                + "which this node does not know."),
        };
        batch.HashEffect((ulong)result.Error);
        batch.EndEntry(entry);
        return result with { Revision = batch.Revision };
    }

    private ApplyResult ApplyCommand(in CommittedEntry entry)
    {
        var payload = entry.Payload.Span;
        if (PutReader.IsPut(payload))
        {
            return PutReader.TryRead(payload[CommandFormat.HeadBytes..], out var put)
                ? ApplyPut(put, entry.WantsResult)
                : new ApplyResult { Error = ApplyError.Malformed };
        }

        if (!CommandCodec.TryRead(entry.Payload, out var command, out _))
        {
            return new ApplyResult { Error = ApplyError.Malformed };
        }

        return command switch
        {
            DeleteRangeCommand delete => ApplyDeleteRange(delete, entry.WantsResult),
            TxnCommand txn => ApplyTxn(txn, entry.WantsResult),
            CompactCommand compact => new ApplyResult { Error = Compact(compact) },
            MemberPublishCommand publish => new ApplyResult { Error = Publish(publish) },
            _ => throw new StoreInvariantException("the reader gives only commands that apply knows"),
        };
    }

    private ApplyResult ApplyConfig(in CommittedEntry entry)
    {
        batch.HashEffect(entry.Payload.Span);
        batch.Members = batch.Members.WithConfig(entry.Id.Index, entry.Payload.ToArray());
        return default;
    }

    private ApplyResult ApplyPut(in PutReader put, bool wantsResult)
    {
        var error = PutApplier.Put(batch, put, wantsResult, out var before);
        return new ApplyResult { Error = error, PrevKvs = before };
    }

    private ApplyResult ApplyDeleteRange(DeleteRangeCommand delete, bool wantsResult)
    {
        var before = delete.PrevKv && wantsResult ? new List<KeyValue>() : null;
        var deleted = batch.DeleteRange(delete.Key.Span, delete.RangeEnd.Span, before);
        return new ApplyResult { Deleted = deleted, PrevKvs = before ?? [] };
    }

    private ApplyResult ApplyTxn(TxnCommand txn, bool wantsResult)
    {
        var error = new TxnEvaluator(batch, wantsResult).Evaluate(txn, out var result);
        return new ApplyResult { Error = error, Txn = result };
    }

    private ApplyError Compact(CompactCommand compact)
    {
        var revision = compact.Revision == 0 ? batch.Revision : new Revision(compact.Revision);
        if (revision <= batch.CompactRevision)
        {
            return ApplyError.Compacted;
        }

        if (revision > batch.Revision)
        {
            return ApplyError.FutureRevision;
        }

        batch.CompactRevision = revision;
        batch.HashEffect((ulong)revision.Value);
        Compacted = revision;
        return ApplyError.None;
    }

    private ApplyError Publish(MemberPublishCommand publish)
    {
        var attributes = new MemberAttributes(publish.MemberId, publish.Name, publish.ClientUrls);
        if (!batch.Members.TryPublish(attributes, out var members))
        {
            return ApplyError.TooManyMembers;
        }

        batch.Members = members;
        batch.HashEffect(publish.MemberId);
        batch.HashEffect(Encoding.UTF8.GetBytes(publish.Name));
        foreach (var url in publish.ClientUrls)
        {
            batch.HashEffect(Encoding.UTF8.GetBytes(url));
        }

        return ApplyError.None;
    }
}
