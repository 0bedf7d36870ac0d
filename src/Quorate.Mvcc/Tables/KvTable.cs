namespace Quorate.Mvcc;

/// <summary>
/// The table of keys: the log of all versions and the index to the newest of each. The writer's side; readers see it
/// through a <see cref="StoreRoot"/>.
/// </summary>
internal sealed unsafe class KvTable : IDisposable
{
    private readonly IndexMemory _memory;

    public KvTable(StateMachineOptions options)
    {
        var poison = options.PoisonFreedMemory;
        var chunks = new MemoryRecordChunks(options.ChunkBytes, poison);
        Log = new RevisionLog(chunks, options.ChunkBytes);
        _memory = new IndexMemory(options.RetiredNodesMax, poison);
        Index = new KeyIndex(chunks, _memory);
    }

    public RevisionLog Log { get; }

    public KeyIndex Index { get; }

    public long Keys { get; private set; }

    public long LiveBytes { get; private set; }

    public bool IsSweepDue => _memory.IsSweepDue || Log.RetiredCount > 0;

    public StateMachineStats Stats => new()
    {
        Keys = Keys,
        IndexedKeys = Index.Count,
        LiveBytes = LiveBytes,
        RecordBytes = Log.RecordBytes,
        RecordBytesAllocated = Log.Chunks.BytesAllocated,
        IndexBytes = _memory.BytesAllocated,
        RetiredNodes = _memory.RetiredCount,
        RetiredChunks = Log.RetiredCount,
    };

    /// <summary>The newest record of a key as the writer sees it, a tombstone too; null when there is none.</summary>
    public Record* Newest(ReadOnlySpan<byte> key)
    {
        var value = Index.Find(Index.Root, key);
        return value == 0 ? null : Index.RecordOf(value);
    }

    /// <summary>Writes the next version of a key.</summary>
    public Record* Put(ReadOnlySpan<byte> key, ReadOnlySpan<byte> value, long lease, long revision, uint sub)
    {
        var position = Log.Append(key, value, out var record);
        var before = Supersede(record, position, revision);
        var lives = before is not null && !before->IsTombstone;
        record->ModRevision = revision;
        record->SubRevision = sub;
        record->CreateRevision = lives ? before->CreateRevision : revision;
        record->Version = lives ? before->Version + 1 : 1;
        record->Lease = lease;
        CountIn(record);
        return record;
    }

    /// <summary>Writes the end of a key that exists.</summary>
    public Record* Delete(ReadOnlySpan<byte> key, long revision, uint sub)
    {
        var position = Log.Append(key, [], out var record);
        record->IsTombstone = true;
        Supersede(record, position, revision);
        record->ModRevision = revision;
        record->SubRevision = sub;
        Log.Doubt(position, record);
        return record;
    }

    /// <summary>Takes in one version as a snapshot has it; versions come in revision order.</summary>
    public void Restore(in KvRow row)
    {
        var position = Log.Append(row.Key, row.Value, out var record);
        record->IsTombstone = row.IsTombstone;
        Supersede(record, position, row.ModRevision);
        record->ModRevision = row.ModRevision;
        record->SubRevision = row.SubRevision;
        record->CreateRevision = row.CreateRevision;
        record->Version = row.Version;
        record->Lease = row.Lease;
        if (row.IsTombstone)
        {
            Log.Doubt(position, record);
        }
        else
        {
            CountIn(record);
        }
    }

    /// <summary>Frees what readers have let go of.</summary>
    public void Sweep(PinTable pins, long oldestPin)
    {
        _memory.Sweep(pins);
        Log.Sweep(oldestPin);
    }

    public void Dispose()
    {
        Index.Dispose();
        Log.Dispose();
    }

    private Record* Supersede(Record* record, ulong position, long revision)
    {
        var value = position | (record->IsTombstone ? KeyIndex.TombstoneBit : 0);
        var valueBefore = Index.Upsert(Record.Key(record), value);
        if (valueBefore == 0)
        {
            return null;
        }

        var positionBefore = KeyIndex.PositionOf(valueBefore);
        var before = Log.Chunks.At(positionBefore);
        record->Previous = positionBefore;
        before->Successor = position;
        Volatile.Write(ref before->SupersededAt, revision);
        if (!before->IsTombstone)
        {
            Keys--;
            LiveBytes -= before->Bytes;
            Log.Doubt(positionBefore, before);
        }

        return before;
    }

    private void CountIn(Record* record)
    {
        Keys++;
        LiveBytes += record->Bytes;
    }
}
