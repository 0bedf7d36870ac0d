namespace Quorate.Storage;

/// <summary>
/// Makes segments ahead of the writer and removes trimmed ones, in bounded steps: one thread at a time steps, the
/// writer takes. At most one segment is prepared, so that the chain always goes on in the next id there is; only a
/// restart may find more.
/// </summary>
internal sealed class SegmentMaker : IDisposable
{
    private readonly WalOptions _options;
    private readonly IFileSystem _files;
    private readonly string _directory;
    private readonly LogIdentity _identity;
    private readonly LogStore _store;
    private readonly FactList _facts;
    private readonly byte[] _zeros;

    private readonly Lock _gate = new();
    private readonly Queue<WalSegment> _prepared;
    private int _wantedBytes;
    private volatile bool _noRoom;

    private ulong _nextId;
    private WalSegment? _leaving;
    private IFile? _making;
    private int _makingBytes;
    private int _zeroed;

    public SegmentMaker(
        WalOptions options, IFileSystem files, string directory, LogIdentity identity, LogStore store, FactList facts,
        IReadOnlyList<WalSegment> prepared, ulong nextId)
    {
        _options = options;
        _files = files;
        _directory = directory;
        _identity = identity;
        _store = store;
        _facts = facts;
        _prepared = new Queue<WalSegment>(prepared);
        _nextId = nextId;
        _zeros = new byte[Math.Min(options.ZeroBytesPerStep, options.SegmentBytes)];
    }

    /// <summary>Whether the disk had no room for a segment at the last try.</summary>
    public bool NoRoom => _noRoom;

    private string TempPath => PathOf(_nextId) + AtomicFile.TempExtension;

    /// <summary>Takes the next segment if frames of this many bytes fit in it; else it is made larger.</summary>
    public WalSegment? TryTake(int frameBytes)
    {
        lock (_gate)
        {
            var needed = checked(frameBytes + WalSegment.FirstFrame);
            if (_prepared.TryPeek(out var next) && next.Length >= needed)
            {
                _wantedBytes = 0;
                return _prepared.Dequeue();
            }

            _wantedBytes = Math.Max(_wantedBytes, needed);
            return null;
        }
    }

    /// <summary>Does one step. True while there is more to do now.</summary>
    public bool Step()
    {
        try
        {
            return TryStep();
        }
        catch (DiskFullException fault)
        {
            Abandon();
            if (!_noRoom)
            {
                _noRoom = true;
                _facts.Add(new StorageFact.NoRoom(fault.Path));
            }

            return false;
        }
    }

    public void Dispose()
    {
        _making?.Dispose();
        lock (_gate)
        {
            while (_prepared.TryDequeue(out var segment))
            {
                segment.Dispose();
            }
        }
    }

    private bool TryStep()
    {
        if (_leaving is not null)
        {
            FinishLeaving(_leaving);
            return true;
        }

        if (_making is not null)
        {
            GoOn(_making);
            return true;
        }

        var bytes = NeededBytes(out var unfit);
        if (unfit is not null)
        {
            Remove(unfit);
            return true;
        }

        if (bytes > 0)
        {
            Begin(bytes);
            return true;
        }

        if (_store.DetachOldest(_options.SpareSegmentsMax, length: 0) is not { } surplus)
        {
            return false;
        }

        Remove(surplus);
        return true;
    }

    /// <summary>The length of the segment to be made, or 0; a prepared one that is too small goes first.</summary>
    private int NeededBytes(out WalSegment? unfit)
    {
        unfit = null;
        lock (_gate)
        {
            if (_prepared.TryPeek(out var next))
            {
                unfit = next.Length < _wantedBytes ? _prepared.Dequeue() : null;
                return 0;
            }

            var wanted = (_wantedBytes + FrameHeader.Alignment - 1) / FrameHeader.Alignment * FrameHeader.Alignment;
            return Math.Max(_options.SegmentBytes, wanted);
        }
    }

    private void Begin(int bytes)
    {
        if (_files.FileExists(TempPath))
        {
            _files.Delete(TempPath);
        }

        if (_store.DetachOldest(spares: 0, bytes) is { } trimmed)
        {
            Recycle(trimmed);
            return;
        }

        _making = _files.Create(TempPath);
        _makingBytes = bytes;
        _zeroed = 0;
    }

    // Synced step by step, so that the file system never has much to write at once beside the log.
    private void GoOn(IFile file)
    {
        if (_zeroed < _makingBytes)
        {
            var step = Math.Min(_zeros.Length, _makingBytes - _zeroed);
            file.Write(_zeroed, _zeros.AsSpan(0, step));
            _zeroed += step;
            file.Sync();
            return;
        }

        _making = null;
        var id = _nextId;
        Finish(file, _makingBytes, recycled: false);
        _facts.Add(new StorageFact.SegmentCreated(id, _makingBytes));
    }

    // The old name must be gone for good before the header says the new one.
    private void Recycle(WalSegment trimmed)
    {
        _leaving = trimmed;
        trimmed.Dispose();
        _files.Rename(PathOf(trimmed.Id), TempPath);
        _files.SyncDirectory(_directory);
        _leaving = null;
        var id = _nextId;
        Finish(_files.Open(TempPath, writable: true), trimmed.Length, recycled: true);
        _facts.Add(new StorageFact.SegmentRecycled(trimmed.Id, id));
    }

    private void Finish(IFile file, int bytes, bool recycled)
    {
        using (file)
        {
            file.Write(0, SegmentHeader.Make(_nextId, bytes, recycled, _identity));
            file.Sync();
        }

        var path = PathOf(_nextId);
        _files.Rename(TempPath, path);
        _files.SyncDirectory(_directory);
        var segment = new WalSegment(_nextId, _files.Open(path, writable: true), bytes, recycled);
        _nextId++;
        lock (_gate)
        {
            _prepared.Enqueue(segment);
        }

        if (_noRoom)
        {
            _noRoom = false;
            _facts.Add(new StorageFact.RoomAgain());
        }
    }

    private void Remove(WalSegment segment)
    {
        _leaving = segment;
        segment.Dispose();
        FinishLeaving(segment);
    }

    // Gone for good before the next step, also when a full disk came between: the segments that are left never have
    // a gap.
    private void FinishLeaving(WalSegment segment)
    {
        var path = PathOf(segment.Id);
        if (_files.FileExists(path))
        {
            _files.Delete(path);
        }

        _files.SyncDirectory(_directory);
        _leaving = null;
        _facts.Add(new StorageFact.SegmentRemoved(segment.Id));
    }

    private void Abandon()
    {
        _making?.Dispose();
        _making = null;
        try
        {
            if (_files.FileExists(TempPath))
            {
                _files.Delete(TempPath);
            }
        }
        catch (DiskFullException fault)
        {
            // A disk so full that not even a name can be removed: the next try does it.
            _facts.Add(new StorageFact.TempFileLeft(fault.Path));
        }
    }

    private string PathOf(ulong id) => Path.Join(_directory, WalSegment.NameOf(id));
}
