namespace Quorate.Mvcc;

/// <summary>
/// Local rewriting after a compaction: chunks that have become sparse are replaced by one with the versions that
/// somebody may still ask for. No answer, hash or snapshot can see it, and no entry waits for it.
/// </summary>
/// <remarks>
/// A record that stays tells its neighbours in the chain of its key where it lies now. That changes what older roots
/// reach, so a compaction is followed up only when no root from before it is pinned: every reader there is then asks
/// at or above its revision.
/// </remarks>
internal sealed unsafe class Compactor(KvTable table)
{
    private const int PendingMax = 64;

    private readonly List<(Revision Revision, long Batch)> _pending = [];
    private readonly RevisionLog _log = table.Log;
    private long _compact;
    private int _at = -1;

    /// <summary>Whether there may be something to do.</summary>
    public bool IsIdle => _at < 0 && _pending.Count == 0;

    /// <summary>Notes a compaction that the root of <paramref name="batch"/> is the first to know.</summary>
    public void Note(Revision revision, long batch)
    {
        if (_pending.Count == PendingMax)
        {
            _pending.RemoveAt(PendingMax - 1);
        }

        _pending.Add((revision, batch));
    }

    /// <summary>
    /// Rewrites one run of chunks of about <paramref name="bytesMax"/> bytes in all, at least one chunk. Returns
    /// whether anything moved; then the caller publishes the root of <paramref name="batch"/>.
    /// </summary>
    public bool Step(int bytesMax, long batch, long oldestPin)
    {
        TakeDue(oldestPin);
        var examined = 0L;
        while (_at >= 0 && examined < bytesMax)
        {
            // The last chunk is still being written.
            if (_at >= _log.Count - 1)
            {
                _at = -1;
                return false;
            }

            var run = FindRun(bytesMax, ref examined);
            if (run.Count > 0)
            {
                Rewrite(run, batch);
                return true;
            }

            _at++;
        }

        return false;
    }

    /// <summary>Whether a step would find something to look at now.</summary>
    public bool HasWork(long oldestPin) => _at >= 0 || (_pending.Count > 0 && _pending[0].Batch <= oldestPin);

    private void TakeDue(long oldestPin)
    {
        var due = 0;
        while (due < _pending.Count && _pending[due].Batch <= oldestPin)
        {
            _compact = _pending[due].Revision.Value;
            due++;
        }

        if (due > 0)
        {
            _pending.RemoveRange(0, due);
            _at = 0;
        }
    }

    private bool IsSparse(RecordChunk chunk) =>
        chunk.DoubtfulBytes * 2 >= chunk.Used || chunk.Used <= _log.ChunkBytes / 4;

    // Neighbours that are sparse go together, as far as their survivors fit into one chunk.
    private Run FindRun(int bytesMax, ref long examined)
    {
        var run = default(Run);
        for (var at = _at; at < _log.Count - 1 && IsSparse(_log[at]); at++)
        {
            var used = _log[at].Used;
            if (run.Count > 0 && run.UsedBytes + used > bytesMax)
            {
                break;
            }

            var kept = KeptBytes(_log[at]);
            examined += used;
            if (run.Count > 0 && run.KeptBytes + kept > _log.ChunkBytes)
            {
                break;
            }

            run = new Run(run.Count + 1, run.UsedBytes + used, run.KeptBytes + kept);
        }

        examined++;
        var freesMuch = run.KeptBytes * 4 <= run.UsedBytes * 3;
        var joinsSmall = run.Count > 1 && run.UsedBytes <= _log.ChunkBytes / 2;
        return freesMuch || joinsSmall ? run : default;
    }

    private long KeptBytes(RecordChunk chunk)
    {
        var kept = 0L;
        for (var offset = 0; offset < chunk.Used;)
        {
            var record = (Record*)(chunk.Address + offset);
            kept += Record.IsKept(record, _compact) ? record->Bytes : 0;
            offset += record->Bytes;
        }

        return kept;
    }

    private void Rewrite(in Run run, long batch)
    {
        table.Index.BeginBatch(batch);
        var target = run.KeptBytes > 0 ? _log.Chunks.Open((int)run.KeptBytes) : null;
        for (var at = _at; at < _at + run.Count; at++)
        {
            RewriteChunk(_log[at], target);
        }

        StoreInvariant.Holds((target?.Used ?? 0) == run.KeptBytes, "what is counted as kept is what is moved");
        _log.Replace(_at, run.Count, target, batch);
        _at += target is null ? 0 : 1;
    }

    private void RewriteChunk(RecordChunk source, RecordChunk? target)
    {
        for (var offset = 0; offset < source.Used;)
        {
            var record = (Record*)(source.Address + offset);
            offset += record->Bytes;
            if (Record.IsKept(record, _compact))
            {
                StoreInvariant.Holds(target is not null, "what is kept has somewhere to go");
                Move(record, target);
            }
            else
            {
                Forget(record);
            }
        }
    }

    private void Move(Record* record, RecordChunk target)
    {
        var bytes = record->Bytes;
        var position = target.Position + (ulong)target.Used;
        var moved = (Record*)(target.Address + target.Used);
        Buffer.MemoryCopy(record, moved, bytes, bytes);
        target.Used += bytes;

        if (record->ModRevision <= _compact)
        {
            // Nobody asks for what was before, and it may be gone.
            moved->Previous = 0;
        }
        else if (record->Previous != 0)
        {
            _log.Chunks.At(record->Previous)->Successor = position;
        }

        if (record->SupersededAt != 0)
        {
            Volatile.Write(ref _log.Chunks.At(record->Successor)->Previous, position);
        }
        else
        {
            table.Index.Upsert(Record.Key(moved), position | (record->IsTombstone ? KeyIndex.TombstoneBit : 0));
        }

        if (record->SupersededAt != 0 || record->IsTombstone)
        {
            target.DoubtfulBytes += bytes;
        }
    }

    // A version goes because a newer one stands at or below the compact revision, or because it is a tombstone; only
    // then can somebody newer, or the index, still lead to it.
    private void Forget(Record* record)
    {
        if (record->SupersededAt == 0)
        {
            table.Index.Remove(Record.Key(record));
        }
        else if (record->SupersededAt > _compact)
        {
            Volatile.Write(ref _log.Chunks.At(record->Successor)->Previous, 0);
        }
    }

    private readonly record struct Run(int Count, long UsedBytes, long KeptBytes);
}
