namespace Quorate.Raft;

/// <summary>
/// The writes handed to the disk and not yet acknowledged, in order, and what the disk is known to hold; see
/// docs/raft/writes-in-flight.md.
/// </summary>
/// <remarks>
/// Laws: write numbers grow by one; <c>Stable &lt;= Handed</c> or the marker of a snapshot lies between them;
/// a write vouches only for entries of the log as it is now: a truncation takes away what it no longer vouches for,
/// so that the acknowledgement of <c>10@5</c> never counts for a later <c>10@5</c> written again.
/// </remarks>
internal sealed class WritesInFlight(HardState hardState, LogIndex stable)
{
    private readonly Queue<Write> _unacknowledged = new();
    private Write[] _kept = [];

    /// <summary>The newest write handed out.</summary>
    public WriteId Newest { get; private set; }

    /// <summary>The newest write acknowledged.</summary>
    public WriteId Acknowledged { get; private set; }

    /// <summary>Term and vote as the newest write carried them.</summary>
    public HardState HandedHardState { get; private set; } = hardState;

    /// <summary>Term and vote as the disk is known to hold them.</summary>
    public HardState DurableHardState { get; private set; } = hardState;

    /// <summary>Entries of the present log up to here were handed out.</summary>
    public LogIndex Handed { get; private set; } = stable;

    /// <summary>Entries of the present log up to here are durable.</summary>
    public LogIndex Stable { get; private set; } = stable;

    /// <summary>Entry bytes handed out and not acknowledged.</summary>
    public long Bytes { get; private set; }

    /// <summary>Whether the marker of a snapshot waits for its acknowledgement.</summary>
    public bool IsInstalling { get; private set; }

    public bool IsIdle => _unacknowledged.Count == 0;

    /// <summary>When the oldest unacknowledged write was handed out.</summary>
    public bool TryOldestTick(out ulong tick)
    {
        var any = _unacknowledged.TryPeek(out var oldest);
        tick = oldest.Tick;
        return any;
    }

    /// <summary>Hands out a write that makes the log durable up to <paramref name="last"/>.</summary>
    public WriteId HandOut(HardState hardState, LogIndex last, long bytes, ulong tick, bool installs)
    {
        Newest = Newest.Next;
        HandedHardState = hardState;
        Handed = LogIndex.Max(Handed, last);
        Bytes += bytes;
        IsInstalling |= installs;
        _unacknowledged.Enqueue(new Write(Newest, hardState, last, bytes, tick, installs));
        return Newest;
    }

    /// <summary>Acknowledges every write up to <paramref name="upTo"/>. False when that was known.</summary>
    public bool TryAcknowledge(WriteId upTo)
    {
        Invariant.Holds(upTo <= Newest, "only a write that was handed out is acknowledged");
        if (upTo <= Acknowledged)
        {
            return false;
        }

        while (_unacknowledged.TryPeek(out var write) && write.Id <= upTo)
        {
            _unacknowledged.Dequeue();
            Acknowledged = write.Id;
            DurableHardState = write.HardState;
            Stable = LogIndex.Max(Stable, write.Last);
            Bytes -= write.Bytes;
            IsInstalling &= !(write.Installs && !AnyInstalls());
        }

        return true;
    }

    /// <summary>The log lost its entries from <paramref name="first"/> on: no write so far vouches for them.</summary>
    public void TruncateFrom(LogIndex first)
    {
        var last = first.Previous;
        Stable = LogIndex.Min(Stable, last);
        Handed = LogIndex.Min(Handed, last);
        _kept = _kept.Length >= _unacknowledged.Count ? _kept : new Write[_unacknowledged.Count * 2];
        _unacknowledged.CopyTo(_kept, 0);
        var count = _unacknowledged.Count;
        _unacknowledged.Clear();
        for (var i = 0; i < count; i++)
        {
            var write = _kept[i];
            _unacknowledged.Enqueue(write with { Last = LogIndex.Min(write.Last, last) });
        }
    }

    private bool AnyInstalls()
    {
        foreach (var write in _unacknowledged)
        {
            if (write.Installs)
            {
                return true;
            }
        }

        return false;
    }

    private readonly record struct Write(
        WriteId Id, HardState HardState, LogIndex Last, long Bytes, ulong Tick, bool Installs);
}
