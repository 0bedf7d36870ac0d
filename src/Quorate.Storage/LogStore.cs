using Quorate.Raft;

namespace Quorate.Storage;

/// <summary>
/// The durable entries by index, read from the segments; blocking, for any thread, beside the writer. Entries that
/// are not durable yet are in the <see cref="LogArena"/> only.
/// </summary>
public sealed class LogStore
{
    // Between two wanted records may stand a frame header and filling; more is not worth reading along.
    private const int GapBytesMax = 4096;

    private readonly Lock _gate = new();
    private readonly EntryTable _table;
    private readonly List<WalSegment> _segments;
    private ulong _newestSegment;
    private LogIndex _trimmed;

    internal LogStore(EntryTable table, List<WalSegment> segments)
    {
        _table = table;
        _segments = segments;
        _newestSegment = segments.Count > 0 ? segments[^1].Id : 0;
    }

    /// <summary>The entry before the first one that can be read.</summary>
    public EntryId Before
    {
        get
        {
            lock (_gate)
            {
                return _table.Before;
            }
        }
    }

    /// <summary>The last durable entry.</summary>
    public EntryId Last
    {
        get
        {
            lock (_gate)
            {
                return _table.Last;
            }
        }
    }

    /// <summary>The term of an entry, also of <see cref="Before"/>; false when it is not here.</summary>
    public bool TryGetTerm(LogIndex index, out Term term)
    {
        lock (_gate)
        {
            return _table.TryGetTerm(index, out term);
        }
    }

    /// <summary>
    /// Adds the records of a range in order, as many as fit in <paramref name="bytesMax"/> but at least one. False,
    /// and nothing added, when the first one is gone or not durable yet.
    /// </summary>
    /// <exception cref="DamageException">A record is damaged or cannot be read.</exception>
    public bool TryRead(EntryRange range, int bytesMax, List<ReadOnlyMemory<byte>> records)
    {
        ArgumentNullException.ThrowIfNull(records);
        var runs = PinRuns(range, bytesMax);
        try
        {
            foreach (var run in runs)
            {
                Read(run, records);
            }
        }
        finally
        {
            Unpin(runs);
        }

        return runs.Count > 0;
    }

    /// <summary>A segment is written to from now on.</summary>
    internal void Attach(WalSegment segment)
    {
        lock (_gate)
        {
            _segments.Add(segment);
        }
    }

    /// <summary>A frame is durable.</summary>
    internal void Apply(FramePlan plan)
    {
        lock (_gate)
        {
            var fault = _table.Begin(plan.Marker, plan.Header.Base, plan.Places.Count > 0);
            Invariant.Holds(fault is null, "a frame fits the log it was made for");
            foreach (var place in plan.Places)
            {
                _table.Add(place);
            }

            _newestSegment = plan.Header.Segment;
        }
    }

    internal void Trim(LogIndex upTo)
    {
        lock (_gate)
        {
            _trimmed = LogIndex.Max(_trimmed, upTo);
        }
    }

    /// <summary>
    /// Takes the oldest segment out of the log, if it and <paramref name="spares"/> more are trimmed, nobody reads
    /// it, and it has the wanted length (0 for any). Null if not.
    /// </summary>
    internal WalSegment? DetachOldest(int spares, int length)
    {
        lock (_gate)
        {
            var needed = OldestNeeded();
            if (_segments.Count <= spares || _segments[spares].Id >= needed)
            {
                return null;
            }

            var oldest = _segments[0];
            if (oldest.Pins > 0 || (length > 0 && oldest.Length != length))
            {
                return null;
            }

            _table.DropSegment(oldest.Id);
            _segments.RemoveAt(0);
            return oldest;
        }
    }

    internal void Close()
    {
        lock (_gate)
        {
            _segments.ForEach(segment => segment.Dispose());
            _segments.Clear();
        }
    }

    /// <summary>
    /// The oldest segment that must stay. The one of the newest durable frame always does: it holds the newest term
    /// and vote.
    /// </summary>
    private ulong OldestNeeded()
    {
        var firstNeeded = LogIndex.Max(_trimmed, _table.Before.Index).Next;
        return _table.TryGet(firstNeeded, out var place) ? place.Segment : _newestSegment;
    }

    private List<Run> PinRuns(EntryRange range, int bytesMax)
    {
        var runs = new List<Run>();
        long bytes = 0;
        lock (_gate)
        {
            for (var index = range.First; index <= range.Last; index = index.Next)
            {
                if (!_table.TryGet(index, out var place))
                {
                    break;
                }

                bytes += place.Length;
                if (bytes > bytesMax && index > range.First)
                {
                    break;
                }

                var id = new EntryId(place.Term, index);
                if (runs.Count == 0 || !runs[^1].TryExtend(id, place))
                {
                    runs.Add(new Run(Pin(place.Segment), id, place));
                }
            }
        }

        return runs;
    }

    private WalSegment Pin(ulong id)
    {
        var segment = _segments.Find(segment => segment.Id == id);
        Invariant.Holds(segment is not null, "every durable entry stands in a segment of the log");
        segment.Pins++;
        return segment;
    }

    private void Unpin(List<Run> runs)
    {
        lock (_gate)
        {
            foreach (var run in runs)
            {
                run.Segment.Pins--;
            }
        }
    }

    private static void Read(Run run, List<ReadOnlyMemory<byte>> records)
    {
        var bytes = GC.AllocateUninitializedArray<byte>(run.End - run.Start);
        DamageCheck.Read(run.Segment.File, run.Start, bytes);
        foreach (var (id, offset, length) in run.Entries)
        {
            var record = bytes.AsMemory(offset - run.Start, length);
            if (!EntryRecord.TryRead(record.Span, out var header, out _) || header.Id != id || header.Length != length)
            {
                throw new DamageException(run.Segment.File.Path, offset, $"this is not the record of entry {id}");
            }

            records.Add(record);
        }
    }

    /// <summary>Records that stand close together in one segment: one read.</summary>
    private sealed class Run(WalSegment segment, EntryId first, EntryPlace place)
    {
        public WalSegment Segment { get; } = segment;

        public List<(EntryId Id, int Offset, int Length)> Entries { get; } = [(first, place.Offset, place.Length)];

        public int Start { get; } = place.Offset;

        public int End { get; private set; } = place.Offset + place.Length;

        public bool TryExtend(EntryId id, EntryPlace place)
        {
            if (place.Segment != Segment.Id || place.Offset < End || place.Offset - End > GapBytesMax)
            {
                return false;
            }

            Entries.Add((id, place.Offset, place.Length));
            End = place.Offset + place.Length;
            return true;
        }
    }
}
