using Quorate.Raft;

namespace Quorate.Storage;

/// <summary>
/// What goes into the next frame: one or several hand-overs of the core, merged. A later record replaces earlier
/// ones at or above its index, a marker voids what it covers, so that the batch always is at most one marker and
/// then consecutive records: the outcome of all hand-overs, not their history. Reused after <see cref="Clear"/>.
/// </summary>
public sealed class WalBatch
{
    private readonly List<EntryHeader> _headers = [];
    private readonly List<ReadOnlyMemory<byte>> _records = [];

    /// <summary>The newest hand-over in it.</summary>
    public WriteId UpTo { get; private set; }

    /// <summary>Term and vote of the newest hand-over.</summary>
    public HardState HardState { get; private set; }

    /// <summary>An index known to be committed; rides along and never causes a write.</summary>
    public LogIndex CommitHint { get; set; }

    /// <summary>The marker of an installed snapshot, or null.</summary>
    public SnapshotMetadata? Install { get; private set; }

    /// <summary>Whether entries written before this batch stay where they stand behind the marker.</summary>
    public bool KeepSuffix { get; private set; }

    /// <summary>How many records are in it.</summary>
    public int Count => _headers.Count;

    /// <summary>Bytes of its records. Stop merging hand-overs when it is large enough for one sync.</summary>
    public long Bytes { get; private set; }

    /// <summary>Whether nothing was added.</summary>
    public bool IsEmpty => UpTo == WriteId.None;

    internal List<EntryHeader> Headers => _headers;

    internal List<ReadOnlyMemory<byte>> Records => _records;

    /// <summary>Starts the next hand-over: its marker and records follow.</summary>
    public void Begin(WriteId id, HardState hardState)
    {
        Invariant.Holds(id > UpTo, "hand-overs are written in order");
        UpTo = id;
        HardState = hardState;
    }

    /// <summary>Adds a record, the bytes of <see cref="EntryRecord"/>; they stay untouched until written.</summary>
    public void Add(EntryHeader header, ReadOnlyMemory<byte> record)
    {
        Invariant.Holds(!IsEmpty, "a record belongs to a hand-over");
        Invariant.Holds(record.Length == header.Length, "an entry's length is that of its record");
        Invariant.Holds(
            Install is null || header.Id.Index > Install.Last.Index, "a record stands behind the marker before it");
        DropFrom(header.Id.Index);
        Invariant.Holds(
            Count == 0 || _headers[^1].Id.Index.Next == header.Id.Index, "records of a batch are consecutive");

        _headers.Add(header);
        _records.Add(record);
        Bytes += record.Length;
    }

    /// <summary>
    /// Adds the marker of an installed snapshot. The log up to it is void; entries behind it stay only if
    /// <paramref name="keepSuffix"/>.
    /// </summary>
    public void AddInstall(SnapshotMetadata metadata, bool keepSuffix)
    {
        ArgumentNullException.ThrowIfNull(metadata);
        Invariant.Holds(!IsEmpty, "a marker belongs to a hand-over");
        var last = metadata.Last.Index;

        // The first record of the batch cut what older frames hold from its index on: if it stands directly
        // behind the snapshot or lower, nothing of the older frames is left to keep.
        var olderStays = (Install is null || KeepSuffix) && (Count == 0 || _headers[0].Id.Index > last.Next);
        Install = metadata;
        KeepSuffix = keepSuffix && olderStays;
        if (keepSuffix)
        {
            DropUpTo(last);
        }
        else
        {
            DropFrom(LogIndex.Zero);
        }
    }

    /// <summary>Makes it empty, for the next use.</summary>
    public void Clear()
    {
        _headers.Clear();
        _records.Clear();
        UpTo = WriteId.None;
        HardState = default;
        CommitHint = LogIndex.Zero;
        Install = null;
        KeepSuffix = false;
        Bytes = 0;
    }

    /// <summary>As in <c>w7 t3 vote=n1 12 records</c>.</summary>
    public override string ToString() =>
        Install is null ? $"{UpTo} {HardState} {Count} records" : $"{UpTo} {HardState} {Install} {Count} records";

    private void DropFrom(LogIndex first)
    {
        while (Count > 0 && _headers[^1].Id.Index >= first)
        {
            Bytes -= _headers[^1].Length;
            _headers.RemoveAt(Count - 1);
            _records.RemoveAt(_records.Count - 1);
        }
    }

    private void DropUpTo(LogIndex last)
    {
        var count = _headers.FindIndex(header => header.Id.Index > last);
        count = count < 0 ? Count : count;
        Bytes -= _headers.Take(count).Sum(header => (long)header.Length);
        _headers.RemoveRange(0, count);
        _records.RemoveRange(0, count);
    }
}
