using Quorate.Raft;
using Quorate.Storage;

namespace Quorate.Node;

/// <summary>
/// Everything that reads or writes files and is not the log's hot path: preparing segments, reading old entries for
/// slow followers, snapshots in and out, noting peers. In steps, so that no step holds another up for long.
/// </summary>
internal sealed class BackgroundLoop(
    Wal wal, LogRanges log, SnapshotKeeper snapshots, DataDirectory directory, Inbox inbox, FactTeller facts)
{
    private const int RangeBytesMax = 1024 * 1024;
    private readonly Lock _gate = new();
    private readonly Queue<AppendToSend> _ranges = new();
    private readonly Queue<PeerNote> _notes = new();
    private bool _preparing = true;

    /// <summary>Called when work has come to an idle loop.</summary>
    public Action? Signal { get; set; }

    /// <summary>Whether a pump would find anything to do.</summary>
    public bool HasWork
    {
        get
        {
            lock (_gate)
            {
                return _preparing || _ranges.Count > 0 || _notes.Count > 0 || snapshots.HasWork;
            }
        }
    }

    /// <summary>An append whose entries are no longer in memory.</summary>
    public void ReadRange(in AppendToSend append)
    {
        lock (_gate)
        {
            _ranges.Enqueue(append);
        }

        Signal?.Invoke();
    }

    /// <summary>A peer's directory id, to be noted durably.</summary>
    public void Note(PeerNote note)
    {
        lock (_gate)
        {
            _notes.Enqueue(note);
        }

        Signal?.Invoke();
    }

    /// <summary>A tick has passed: looks again whether the log wants a segment, and moves time limits.</summary>
    public void Tick()
    {
        snapshots.Tick();
        lock (_gate)
        {
            _preparing = true;
        }

        Signal?.Invoke();
    }

    /// <summary>Does up to <paramref name="max"/> steps and returns how many did something.</summary>
    public int Pump(int max)
    {
        var done = 0;
        while (done < max && PumpOne())
        {
            done++;
        }

        return done;
    }

    private bool PumpOne() => StepRange() || StepNote() || StepPreparing() || snapshots.Step();

    private bool StepRange()
    {
        AppendToSend append;
        lock (_gate)
        {
            if (!_ranges.TryDequeue(out append))
            {
                return false;
            }
        }

        var records = new List<ReadOnlyMemory<byte>>();
        inbox.Post(log.TryRead(append.Range, RangeBytesMax, records)
            ? new NodeInput.RangeRead(append, records)
            : new NodeInput.RangeGone(append.To));
        return true;
    }

    private bool StepNote()
    {
        PeerNote note;
        lock (_gate)
        {
            if (!_notes.TryDequeue(out note!))
            {
                return false;
            }
        }

        directory.NotePeer(note);
        inbox.Post(new NodeInput.PeerNoted(note.Member));
        return true;
    }

    private bool StepPreparing()
    {
        lock (_gate)
        {
            if (!_preparing)
            {
                return false;
            }
        }

        var more = wal.PumpBackground();
        facts.Tell(wal.TakeFacts());
        lock (_gate)
        {
            _preparing = more;
        }

        return true;
    }
}
