namespace Quorate.Mvcc;

/// <summary>
/// The writer's working state: what the next root will say. Changes of one entry share one revision, counted by
/// sub-revisions; an entry that changes nothing takes no revision.
/// </summary>
internal sealed unsafe class WriteBatch(KvTable table)
{
    private uint _changes;
    private StateHash _hash;

    public AppliedId Applied { get; set; }

    /// <summary>The store's revision after the last finished entry.</summary>
    public Revision Revision { get; private set; } = Revision.Empty;

    public Revision CompactRevision { get; set; }

    public MemberTable Members { get; set; } = MemberTable.Empty;

    public ulong Hash => _hash.Value;

    /// <summary>The revision a read sees now: the entry's own, once it has changed something.</summary>
    public Revision VisibleRevision => _changes > 0 ? Revision.Next : Revision;

    public KvReader Reader => new(table.Index, table.Index.Root);

    /// <summary>Takes over the state a snapshot has.</summary>
    public void Restore(AppliedId applied, Revision revision, Revision compactRevision, ulong hash)
    {
        Applied = applied;
        Revision = revision;
        CompactRevision = compactRevision;
        _hash = new StateHash(hash);
    }

    public void BeginEntry(in CommittedEntry entry)
    {
        _changes = 0;
        _hash.Add(entry.Id.Term);
        _hash.Add(entry.Id.Index);
        _hash.Add((ulong)entry.Kind);
    }

    public void EndEntry(in CommittedEntry entry)
    {
        Revision = VisibleRevision;
        Applied = entry.Id;
    }

    /// <summary>Mixes an effect other than a record into the hash.</summary>
    public void HashEffect(ulong number) => _hash.Add(number);

    /// <summary>Mixes an effect other than a record into the hash.</summary>
    public void HashEffect(ReadOnlySpan<byte> bytes) => _hash.Add(bytes);

    /// <summary>The newest version of a key, changes of this entry included; null when it does not exist.</summary>
    public Record* Find(ReadOnlySpan<byte> key) => Reader.Find(key, KvReader.Newest);

    public void Put(ReadOnlySpan<byte> key, ReadOnlySpan<byte> value, long lease) =>
        _hash.Add(table.Put(key, value, lease, Revision.Value + 1, _changes++));

    /// <summary>
    /// Deletes every key of a range and returns how many; gathers them when <paramref name="prevKvs"/> is given.
    /// </summary>
    public long DeleteRange(ReadOnlySpan<byte> key, ReadOnlySpan<byte> rangeEnd, List<KeyValue>? prevKvs)
    {
        if (KeyRange.IsSingle(rangeEnd))
        {
            var record = Find(key);
            if (record is null)
            {
                return 0;
            }

            Delete(record, prevKvs);
            return 1;
        }

        // Gathered first: deleting changes the tree under the cursor. Records do not move within a batch.
        var found = new List<nint>();
        var reader = Reader;
        var (cursor, end) = reader.Seek(key, rangeEnd);
        for (; !cursor.IsAt(end); cursor.MoveNext())
        {
            var record = reader.VersionAt(cursor.Value, KvReader.Newest);
            if (record is not null)
            {
                found.Add((nint)record);
            }
        }

        foreach (var record in found)
        {
            Delete((Record*)record, prevKvs);
        }

        return found.Count;
    }

    private void Delete(Record* record, List<KeyValue>? prevKvs)
    {
        prevKvs?.Add(Record.ToKeyValue(record));
        _hash.Add(table.Delete(Record.Key(record), Revision.Value + 1, _changes++));
    }
}
