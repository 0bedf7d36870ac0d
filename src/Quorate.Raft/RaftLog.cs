namespace Quorate.Raft;

/// <summary>
/// The log as Raft sees it: the header of every entry, and the configurations by index. The bytes stay with the shell.
/// </summary>
/// <remarks>
/// Laws: headers are consecutive behind <see cref="Before"/>; terms never fall from one entry to the next; the
/// configuration in force is the last pair (thesis 4.1), and there is always one. Whether an entry is durable is
/// told by <see cref="WritesInFlight"/>, not here.
/// </remarks>
internal sealed class RaftLog
{
    private const int CapacityMin = 64;

    private readonly List<ConfigEntry> _configs = [];
    private Slot[] _slots = new Slot[CapacityMin];
    private int _head;
    private int _count;
    private long _bytesBefore;

    public RaftLog(EntryId before, ConfigEntry config)
    {
        Before = before;
        _configs.Add(config);
    }

    /// <summary>The entry before the first one: the end of what was trimmed or replaced by a snapshot.</summary>
    public EntryId Before { get; private set; }

    public LogIndex First => Before.Index.Next;

    public EntryId Last => _count == 0 ? Before : At(_count - 1).Header.Id;

    public LogIndex LastIndex => Before.Index + _count;

    /// <summary>The configuration in force, committed or not.</summary>
    public ClusterConfig Config => _configs[^1].Config;

    public IReadOnlyList<ConfigEntry> Configs => _configs;

    public bool Holds(LogIndex index) => index > Before.Index && index <= LastIndex;

    /// <summary>The term of an entry in the log, or of the one before its first.</summary>
    public bool TryTermAt(LogIndex index, out Term term)
    {
        if (index == Before.Index)
        {
            term = Before.Term;
            return true;
        }

        var holds = Holds(index);
        term = holds ? SlotOf(index).Header.Id.Term : Term.Zero;
        return holds;
    }

    public bool Matches(EntryId id) => TryTermAt(id.Index, out var term) && term == id.Term;

    public EntryHeader HeaderAt(LogIndex index)
    {
        Invariant.Holds(Holds(index), "a header is asked of an entry in the log");
        return SlotOf(index).Header;
    }

    /// <summary>The name of an entry that the log holds or starts behind.</summary>
    public EntryId IdAt(LogIndex index)
    {
        Invariant.Holds(TryTermAt(index, out var term), "an id is asked of an entry in the log");
        return new EntryId(term, index);
    }

    /// <summary>The configuration in force at an index; below the first pair it is not known any more.</summary>
    public ConfigEntry ConfigAt(LogIndex index)
    {
        var at = _configs.Count - 1;
        while (at > 0 && _configs[at].Index > index)
        {
            at--;
        }

        return _configs[at];
    }

    /// <summary>Bytes of the entries behind <paramref name="after"/> up to <paramref name="last"/>.</summary>
    public long BytesBetween(LogIndex after, LogIndex last)
    {
        after = LogIndex.Max(after, Before.Index);
        return last > after ? EndOf(last) - EndOf(after) : 0;
    }

    /// <summary>
    /// The last index such that all from <paramref name="first"/> fit; at least <paramref name="first"/>.
    /// </summary>
    public LogIndex LastWithin(LogIndex first, long bytes, LogIndex last)
    {
        var start = EndOf(first.Previous);
        while (first < last)
        {
            var middle = first + (int)((last - first + 1) / 2);
            if (EndOf(middle) - start <= bytes)
            {
                first = middle;
            }
            else
            {
                last = middle.Previous;
            }
        }

        return first;
    }

    /// <summary>
    /// The highest entry at or below <paramref name="upTo"/> whose term is at most <paramref name="term"/>. Terms
    /// never fall along a log, so a binary search finds it. False when it would stand before the log.
    /// </summary>
    public bool TryLastOfTermAtMost(Term term, LogIndex upTo, out EntryId found)
    {
        found = Before;
        if (upTo < Before.Index || Before.Term > term)
        {
            return false;
        }

        var low = Before.Index;
        var high = LogIndex.Min(upTo, LastIndex);
        while (low < high)
        {
            var middle = low + (int)((high - low + 1) / 2);
            if (SlotOf(middle).Header.Id.Term <= term)
            {
                low = middle;
            }
            else
            {
                high = middle.Previous;
            }
        }

        found = IdAt(low);
        return true;
    }

    public void Append(EntryHeader header)
    {
        var last = Last;
        Invariant.Holds(header.Id.Index == last.Index.Next, "entries stand one behind the other");
        Invariant.Holds(header.Id.Term >= last.Term, "terms never fall along the log");
        var end = EndOf(last.Index) + header.Length;
        if (_count == _slots.Length)
        {
            Resize(_slots.Length * 2);
        }

        At(_count) = new Slot(header, end);
        _count++;
    }

    /// <summary>Puts a configuration in force from its place in the log.</summary>
    public void AddConfig(ConfigEntry config)
    {
        Invariant.Holds(config.Index > _configs[^1].Index, "configurations stand in the order of the log");
        _configs.Add(config);
    }

    /// <summary>Drops the tail from <paramref name="first"/> on, and the configurations in it.</summary>
    public void TruncateFrom(LogIndex first)
    {
        Invariant.Holds(Holds(first), "only what is in the log is truncated");
        _count = (int)(first - First);
        while (_configs.Count > 1 && _configs[^1].Index >= first)
        {
            _configs.RemoveAt(_configs.Count - 1);
        }
    }

    /// <summary>Drops the head up to <paramref name="upTo"/>; what stands below the snapshot is committed.</summary>
    public void TrimPrefix(LogIndex upTo, LogIndex snapshot)
    {
        if (upTo > Before.Index)
        {
            var before = IdAt(upTo);
            _bytesBefore = EndOf(upTo);
            var dropped = (int)(upTo - Before.Index);
            _head = (_head + dropped) & (_slots.Length - 1);
            _count -= dropped;
            Before = before;
            ShrinkIfSparse();
        }

        while (_configs.Count > 1 && _configs[1].Index <= snapshot)
        {
            _configs.RemoveAt(0);
        }
    }

    /// <summary>Starts anew behind a snapshot that the log does not hold.</summary>
    public void RestartBehind(SnapshotMetadata snapshot)
    {
        Before = snapshot.Last;
        _slots = new Slot[CapacityMin];
        _head = 0;
        _count = 0;
        _bytesBefore = 0;
        _configs.Clear();
        _configs.Add(new ConfigEntry(snapshot.ConfigIndex, snapshot.Config));
    }

    private long EndOf(LogIndex index) => index == Before.Index ? _bytesBefore : SlotOf(index).EndBytes;

    private ref Slot SlotOf(LogIndex index) => ref At((int)(index - First));

    private ref Slot At(int offset) => ref _slots[(_head + offset) & (_slots.Length - 1)];

    private void ShrinkIfSparse()
    {
        if (_slots.Length > CapacityMin && _count < _slots.Length / 8)
        {
            Resize(_slots.Length / 2);
        }
    }

    private void Resize(int capacity)
    {
        var slots = new Slot[capacity];
        for (var i = 0; i < _count; i++)
        {
            slots[i] = At(i);
        }

        _slots = slots;
        _head = 0;
    }

    /// <summary>
    /// A header, and the bytes of all entries up to and including it: a range's size is a difference.
    /// </summary>
    private readonly record struct Slot(EntryHeader Header, long EndBytes);
}
