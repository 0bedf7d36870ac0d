using Quorate.Raft;

namespace Quorate.Storage;

/// <summary>Where the log goes on after recovery.</summary>
internal sealed class RecoveredLog
{
    public required WalRecovered Recovered { get; init; }

    public required EntryTable Table { get; init; }

    public required StateSlots Slots { get; init; }

    /// <summary>Segments with frames, oldest first; the last one is written on.</summary>
    public required List<WalSegment> Live { get; init; }

    /// <summary>Segments behind them that hold no frame.</summary>
    public required List<WalSegment> Prepared { get; init; }

    public required ChainEnd End { get; init; }

    /// <summary>Where the next frame goes in the last live segment.</summary>
    public required int Position { get; init; }
}

/// <summary>
/// Reads the log after a start, tells a torn write from damage, and proves the last frame durable. The rules and
/// their reasons: docs/format/wal.md. It changes nothing before it has judged, and may be repeated at any point.
/// </summary>
internal sealed class WalRecovery(IFileSystem files, string directory, LogIdentity identity)
{
    private readonly List<StorageFact> _facts = [];
    private readonly List<WalSegment> _segments = [];
    private readonly WalReplay _replay = new();
    private readonly uint _seed = identity.Seed();

    private ChainEnd _end;
    private int _position = WalSegment.FirstFrame;
    private int _current;
    private SegmentImage? _image;
    private (SegmentImage Image, FrameHeader Header)? _last;

    /// <summary>Recovers; null when there is no log yet.</summary>
    public RecoveredLog? Run()
    {
        var names = TakeInventory();
        var hasSlots = names.Contains(StateSlots.Name);
        if (_segments.Count == 0 && !hasSlots)
        {
            return null;
        }

        var path = Path.Join(directory, StateSlots.Name);
        if (!hasSlots)
        {
            throw new DamageException(path, 0, "the file is missing beside the segments of the log");
        }

        var slots = StateSlots.Open(files, directory, identity);
        FollowChain(slots.Newest);
        JudgeTail(slots.Newest);
        ProveDurable(slots);
        return Result(slots);
    }

    /// <summary>Closes what was opened, when recovery has failed.</summary>
    public void Abandon() => _segments.ForEach(segment => segment.Dispose());

    private List<string> TakeInventory()
    {
        var names = files.List(directory).ToList();
        foreach (var name in names)
        {
            var path = Path.Join(directory, name);
            if (name.EndsWith(AtomicFile.TempExtension, StringComparison.Ordinal))
            {
                files.Delete(path);
                _facts.Add(new StorageFact.TempFileRemoved(path));
            }
            else if (WalSegment.IdOf(name) is { } id)
            {
                _segments.Add(OpenSegment(path, id));
            }
            else if (name != StateSlots.Name)
            {
                _facts.Add(new StorageFact.UnknownFile(path));
            }
        }

        _segments.Sort((left, right) => left.Id.CompareTo(right.Id));
        return names;
    }

    private WalSegment OpenSegment(string path, ulong id)
    {
        var file = files.Open(path, writable: true);
        try
        {
            var header = new byte[SegmentHeader.Bytes];
            DamageCheck.Read(file, 0, header);
            var recycled = SegmentHeader.Check(header, file.Length, path, id, identity);
            return new WalSegment(id, file, (int)file.Length, recycled);
        }
        catch (StorageException)
        {
            file.Dispose();
            throw;
        }
    }

    private SegmentImage Load(int segment) =>
        new(_segments[segment], DamageCheck.ReadAll(_segments[segment].File), _seed);

    private void FollowChain(SlotState slot)
    {
        if (_segments.Count == 0)
        {
            return;
        }

        _image = Load(_current);
        while (TryNext(out var found))
        {
            Take(found, slot);
        }
    }

    /// <summary>Frame n+1 stands behind frame n, or at the start of the next segment.</summary>
    private bool TryNext(out FoundFrame found)
    {
        if (_image!.TryContinue(_position, _end, out found))
        {
            return true;
        }

        if (_current + 1 == _segments.Count)
        {
            return false;
        }

        // The very first frame of a log may not have fitted in the first segment; frames of a later number in the
        // second one say that those in the first are missing.
        var next = Load(_current + 1);
        if (!next.TryContinue(WalSegment.FirstFrame, _end, out found) || (_end.Number == 0 && found.Header.Number != 1))
        {
            return false;
        }

        _image = next;
        _current++;
        return true;
    }

    private void Take(FoundFrame found, SlotState slot)
    {
        var frame = found.Header;
        if (found.BadCopy >= 0)
        {
            _facts.Add(new StorageFact.FrameCopyBad(_image!.Segment.File.Path, found.BadCopy, frame.Number));
        }

        _replay.Take(_image!, frame);
        _end = new ChainEnd(frame.Number, frame.Hash());
        _position = frame.Start + frame.TotalSize;
        _last = (_image!, frame);
        if (slot.Number == _end.Number && slot.Hash != _end.Hash)
        {
            throw new DamageException(
                _image!.Segment.File.Path, frame.Offset, $"batch {frame.Number} is not the one that was acknowledged");
        }
    }

    private void JudgeTail(SlotState slot)
    {
        var torn = -1;
        var tornPath = "";
        for (var i = _current; i < _segments.Count; i++)
        {
            var image = i == _current ? _image! : Load(i);
            var path = image.Segment.File.Path;
            var finding = image.SearchTail(i == _current ? _position : WalSegment.FirstFrame, _end);
            if (finding.Proof >= 0)
            {
                throw MissingFrame($"batch {finding.ProofNumber} stands at {path}:{finding.Proof}");
            }

            if (torn < 0 && finding.Torn >= 0)
            {
                torn = finding.Torn;
                tornPath = path;
            }
        }

        if (slot.Number > _end.Number)
        {
            throw MissingFrame($"{Path.Join(directory, StateSlots.Name)} says that batch {slot.Number} was durable");
        }

        if (torn >= 0)
        {
            _facts.Add(new StorageFact.WalTailCut(tornPath, torn, _end.Number + 1));
        }
    }

    private DamageException MissingFrame(string proof)
    {
        var path = _segments.Count > 0 ? _segments[_current].File.Path : directory;
        return new DamageException(
            path, _position, $"batch {_end.Number + 1} is missing or bad, yet {proof}, so it had been acknowledged");
    }

    // What was read may lie only in the page cache, names included: a read proves nothing (fsync failures, ATC 2020).
    private void ProveDurable(StateSlots slots)
    {
        files.SyncDirectory(directory);
        if (_last is var (image, frame))
        {
            RewriteLast(image, frame);
            slots.Next(new SlotState(_end.Number, _end.Hash, _replay.Table.Last, frame.HardState)).Run();
        }
    }

    private static void RewriteLast(SegmentImage image, in FrameHeader frame)
    {
        var file = image.Segment.File;
        if (frame.Copy == FrameCopy.Only)
        {
            file.Write(frame.Start, image.CopyOf(frame, FrameCopy.Only));
        }
        else
        {
            file.Write(frame.Start, image.CopyOf(frame, FrameCopy.FirstOfTwo));
            file.Write(frame.Start + frame.Size, image.CopyOf(frame, FrameCopy.SecondOfTwo));
        }

        file.Sync();
    }

    private RecoveredLog Result(StateSlots slots)
    {
        var live = _segments.Take(_current + 1).ToList();
        _facts.Add(new StorageFact.WalRecovered(
            _replay.Frames, live.Count, _replay.Table.Before, _replay.Table.Last));
        return new RecoveredLog
        {
            Recovered = _replay.ToRecovered(_facts),
            Table = _replay.Table,
            Slots = slots,
            Live = live,
            Prepared = _segments.Skip(_current + 1).ToList(),
            End = _end,
            Position = _position,
        };
    }
}
