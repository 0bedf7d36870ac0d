using Quorate.Raft;

namespace Quorate.Storage;

/// <summary>
/// The durable log: segments of frames; see docs/format/wal.md. One thread frames (<see cref="TryFrame"/>,
/// <see cref="Written"/>, <see cref="TrySeal"/>, <see cref="TrimPrefix"/>), one thread at a time, which may be
/// another, pumps the background, any thread reads the <see cref="Store"/>.
/// </summary>
public sealed class Wal : IDisposable
{
    private readonly StateSlots _slots;
    private readonly SegmentMaker _maker;
    private readonly FrameBuilder _builder;
    private readonly FactList _facts;
    private readonly List<EntryPlace> _places = [];

    private WalSegment _segment;
    private int _position;
    private ChainEnd _end;
    private HardState _hardState;
    private WriteId _upTo;
    private FramePlan? _outstanding;

    private Wal(RecoveredLog log, SegmentMaker maker, FactList facts, LogStore store, LogIdentity identity)
    {
        _slots = log.Slots;
        _maker = maker;
        _facts = facts;
        _builder = new FrameBuilder(identity.Seed());
        _segment = log.Live[^1];
        _position = log.Position;
        _end = log.End;
        _hardState = log.Recovered.HardState;
        Store = store;
        Recovered = log.Recovered;
    }

    /// <summary>What recovery found.</summary>
    public WalRecovered Recovered { get; }

    /// <summary>Reads of durable entries.</summary>
    public LogStore Store { get; }

    /// <summary>
    /// Whether the disk had no room for the next segment at the last try. The node refuses writes meanwhile;
    /// every <see cref="PumpBackground"/> tries again.
    /// </summary>
    public bool NoRoom => _maker.NoRoom;

    /// <summary>Whether the last frame, if damaged, would look torn: a seal is due when the log is idle.</summary>
    public bool SealNeeded { get; private set; }

    /// <summary>Opens the log of a directory, makes it if there is none, and recovers it. Blocks.</summary>
    /// <exception cref="DamageException">Acknowledged data is damaged or cannot be read.</exception>
    /// <exception cref="IdentityException">The files are another node's or of a newer format.</exception>
    public static Wal Open(WalOptions options, IFileSystem files, string directory, LogIdentity identity)
    {
        ArgumentNullException.ThrowIfNull(options);
        ArgumentNullException.ThrowIfNull(files);
        if (options.Validate() is { Count: > 0 } faults)
        {
            throw new ArgumentException(string.Join("; ", faults), nameof(options));
        }

        files.CreateDirectory(directory);
        var log = Recover(files, directory, identity) ?? CreateEmpty(files, directory, identity);
        var facts = new FactList();
        var store = new LogStore(log.Table, log.Live);
        var newest = log.Prepared.Concat(log.Live).Select(segment => segment.Id).DefaultIfEmpty().Max();
        var maker = new SegmentMaker(
            options, files, directory, identity, store, facts, log.Prepared, nextId: newest + 1);
        if (log.Live.Count == 0)
        {
            store.Attach(MakeFirst(maker, log.Slots, directory));
        }

        return new Wal(log, maker, facts, store, identity);
    }

    /// <summary>
    /// Builds one frame around a batch, without copying its records. False while no segment has room for it:
    /// pump the background and call again. At most one frame is outstanding; the batch may be cleared at once, the
    /// memory of its records stays untouched until <see cref="Written"/>.
    /// </summary>
    public bool TryFrame(WalBatch batch, out DiskWrite? write)
    {
        ArgumentNullException.ThrowIfNull(batch);
        Invariant.Holds(!batch.IsEmpty, "a frame carries a hand-over");
        Invariant.Holds(batch.UpTo > _upTo, "hand-overs are written in order");
        var marker = batch.Install is null ? null : new InstallMarker(batch.Install, batch.KeepSuffix);
        return TryBuild(batch, marker, isSeal: false, batch.CommitHint, out write);
    }

    /// <summary>Builds an empty frame with the mark. False when none is needed or no segment has room.</summary>
    /// <param name="commitHint">An index known to be committed; rides along.</param>
    /// <param name="write">The frame.</param>
    public bool TrySeal(LogIndex commitHint, out DiskWrite? write)
    {
        write = null;
        return SealNeeded && TryBuild(batch: null, marker: null, isSeal: true, commitHint, out write);
    }

    /// <summary>The frame is durable: its entries can be read from the <see cref="Store"/>.</summary>
    public void Written(DiskWrite write)
    {
        ArgumentNullException.ThrowIfNull(write);
        Invariant.Holds(
            write.Plan is not null && write.Plan == _outstanding, "the frame that was written is the outstanding one");
        Store.Apply(write.Plan);
        _outstanding = null;
        SealNeeded = write.Plan.Slot is null;
    }

    /// <summary>Entries up to this one are in a durable snapshot; whole segments of them may go.</summary>
    public void TrimPrefix(LogIndex upTo) => Store.Trim(upTo);

    /// <summary>
    /// Does one bounded step of preparing the next segment or of removing old ones. True while there is more to
    /// do now. A full disk is remembered as <see cref="NoRoom"/>, not thrown.
    /// </summary>
    public bool PumpBackground() => _maker.Step();

    /// <summary>What has happened since the last call.</summary>
    public IReadOnlyList<StorageFact> TakeFacts() => _facts.Take();

    /// <summary>Closes all files. What was not written is lost, as it would be by a crash.</summary>
    public void Dispose()
    {
        _maker.Dispose();
        _slots.Dispose();
        Store.Close();
    }

    private static RecoveredLog? Recover(IFileSystem files, string directory, LogIdentity identity)
    {
        var recovery = new WalRecovery(files, directory, identity);
        try
        {
            return recovery.Run();
        }
        catch (StorageException)
        {
            recovery.Abandon();
            throw;
        }
    }

    private static RecoveredLog CreateEmpty(IFileSystem files, string directory, LogIdentity identity)
    {
        StateSlots.Create(files, directory, identity);
        return new RecoveredLog
        {
            Recovered = new WalRecovered(),
            Table = new EntryTable(),
            Slots = StateSlots.Open(files, directory, identity),
            Live = [],
            Prepared = [],
            End = default,
            Position = WalSegment.FirstFrame,
        };
    }

    private static WalSegment MakeFirst(SegmentMaker maker, StateSlots slots, string directory)
    {
        while (maker.Step())
        {
            // Zeroing the first segment is the whole of the start: there is nothing to write before.
        }

        var first = maker.TryTake(frameBytes: 0);
        if (first is null)
        {
            maker.Dispose();
            slots.Dispose();
            throw new DiskFullException(directory, inner: null);
        }

        return first;
    }

    private bool TryBuild(
        WalBatch? batch, InstallMarker? marker, bool isSeal, LogIndex commitHint, out DiskWrite? write)
    {
        Invariant.Holds(_outstanding is null, "a frame is built only after the one before is durable");
        write = null;
        GatherRecords(batch, marker);
        var hardState = batch?.HardState ?? _hardState;
        var doubled = hardState != _hardState;
        var size = FrameHeader.SizeOf(_builder.RecordBytes);
        if (!TryPlace(checked(doubled ? 2 * size : size)))
        {
            return false;
        }

        var header = MakeHeader(
            batch, marker, hardState, doubled ? FrameCopy.FirstOfTwo : FrameCopy.Only, isSeal, commitHint);
        _outstanding = MakePlan(batch, marker, header, withSlot: doubled || isSeal);
        _upTo = batch?.UpTo ?? _upTo;
        write = new DiskWrite(_upTo, _segment.File, _position, _builder.Build(header))
        {
            Bytes = header.TotalSize,
            Records = header.Records,
            Plan = _outstanding,
        };

        _position += header.TotalSize;
        _hardState = hardState;
        _end = new ChainEnd(header.Number, header.Hash());
        return true;
    }

    private void GatherRecords(WalBatch? batch, InstallMarker? marker)
    {
        _builder.Clear();
        if (marker is not null)
        {
            _builder.Add(marker.ToRecord());
        }

        foreach (var record in batch?.Records ?? [])
        {
            _builder.Add(record);
        }
    }

    private bool TryPlace(int bytes)
    {
        if (bytes <= _segment.Length - _position)
        {
            return true;
        }

        if (_maker.TryTake(bytes) is not { } next)
        {
            return false;
        }

        Store.Attach(next);
        _segment = next;
        _position = WalSegment.FirstFrame;
        return true;
    }

    private FrameHeader MakeHeader(
        WalBatch? batch, InstallMarker? marker, HardState hardState, FrameCopy copy, bool isSeal, LogIndex commitHint)
    {
        var mark = Store.Last;
        var frameBase = BaseOf(batch, marker, mark);
        var last = batch is { Count: > 0 } ? batch.Headers[^1].Id.Index : frameBase.Index;
        return new FrameHeader
        {
            Copy = copy,
            IsSeal = isSeal,
            Segment = _segment.Id,
            Offset = _position,
            Number = _end.Number + 1,
            PreviousHash = _end.Hash,
            Mark = mark,
            HardState = hardState,
            CommitHint = LogIndex.Min(commitHint, last),
            Base = frameBase,
            Records = _builder.Records,
            RecordBytes = _builder.RecordBytes,
            RecordsChecksum = _builder.RecordsChecksum,
        };
    }

    /// <summary>The entry before the first record; without one, the last entry of the log with this frame.</summary>
    private EntryId BaseOf(WalBatch? batch, InstallMarker? marker, EntryId mark)
    {
        var snapshot = marker?.Metadata.Last;
        if (batch is not { Count: > 0 })
        {
            return marker is null || (marker.KeepSuffix && Holds(marker.Metadata.Last)) ? mark : marker.Metadata.Last;
        }

        var index = batch.Headers[0].Id.Index.Previous;
        if (index == snapshot?.Index)
        {
            return snapshot.Value;
        }

        Invariant.Holds(Store.TryGetTerm(index, out var term), "a record follows an entry that is durable");
        return new EntryId(term, index);
    }

    private bool Holds(EntryId id) => Store.TryGetTerm(id.Index, out var term) && term == id.Term;

    private FramePlan MakePlan(WalBatch? batch, InstallMarker? marker, in FrameHeader header, bool withSlot)
    {
        _places.Clear();
        var last = header.Base;
        var at = header.Offset + FrameHeader.Bytes + _builder.RecordBytes - (int)(batch?.Bytes ?? 0);
        foreach (var entry in batch?.Headers ?? [])
        {
            _places.Add(new EntryPlace(entry.Id.Term, header.Segment, at, entry.Length));
            at += entry.Length;
            last = entry.Id;
        }

        var slot = withSlot
            ? _slots.Next(new SlotState(header.Number, header.Hash(), last, header.HardState))
            : null;
        return new FramePlan { Header = header, Marker = marker, Places = _places, Slot = slot };
    }
}
