using Quorate.Raft;

namespace Quorate.Storage;

/// <summary>Where the record of a durable entry stands.</summary>
internal readonly record struct EntryPlace(Term Term, ulong Segment, int Offset, int Length);

/// <summary>
/// The places of all durable entries by index: a ring without references. The places of later entries are never in
/// an earlier segment, since a truncation rewrites everything behind it.
/// </summary>
internal sealed class EntryTable
{
    private EntryPlace[] _ring = new EntryPlace[1024];
    private int _head;

    /// <summary>The entry before the first one.</summary>
    public EntryId Before { get; private set; }

    public int Count { get; private set; }

    public LogIndex LastIndex => Before.Index + Count;

    public EntryId Last => Count == 0 ? Before : new EntryId(At(Count - 1).Term, LastIndex);

    public bool TryGet(LogIndex index, out EntryPlace place)
    {
        var here = index > Before.Index && index <= LastIndex;
        place = here ? At((int)(index - Before.Index) - 1) : default;
        return here;
    }

    public bool TryGetTerm(LogIndex index, out Term term)
    {
        var here = TryGet(index, out var place);
        term = here ? place.Term : Before.Term;
        return here || index == Before.Index;
    }

    /// <summary>
    /// Does what a frame does to the log before its entries are added. Returns what contradicts the log, or null.
    /// </summary>
    /// <param name="marker">Its install marker, or null.</param>
    /// <param name="frameBase">Its base.</param>
    /// <param name="hasEntries">Whether entries follow.</param>
    public string? Begin(InstallMarker? marker, EntryId frameBase, bool hasEntries)
    {
        if (marker is not null)
        {
            Install(marker);
        }

        if (!hasEntries)
        {
            return frameBase == Last ? null : $"the frame says that the log ends with {frameBase}, it ends with {Last}";
        }

        if (frameBase.Index < Before.Index)
        {
            // The truncated entries stood in a segment that was trimmed.
            Restart(frameBase);
            return null;
        }

        if (!TryGetTerm(frameBase.Index, out var term) || term != frameBase.Term)
        {
            return $"the frame goes behind {frameBase}, which is not in the log; it ends with {Last}";
        }

        Count = (int)(frameBase.Index - Before.Index);
        return null;
    }

    public void Add(EntryPlace place)
    {
        if (Count == _ring.Length)
        {
            Grow();
        }

        _ring[(_head + Count) & (_ring.Length - 1)] = place;
        Count++;
    }

    /// <summary>Empties it; the next entry follows this one.</summary>
    public void Restart(EntryId before)
    {
        Before = before;
        Count = 0;
        _head = 0;
    }

    /// <summary>Forgets the entries of a segment that goes; it is the oldest one.</summary>
    public void DropSegment(ulong segment)
    {
        while (Count > 0 && At(0).Segment == segment)
        {
            DropFirst();
        }
    }

    private void Install(InstallMarker marker)
    {
        var last = marker.Metadata.Last;
        if (!marker.KeepSuffix || !TryGetTerm(last.Index, out var term) || term != last.Term)
        {
            Restart(last);
            return;
        }

        while (Before.Index < last.Index)
        {
            DropFirst();
        }
    }

    private void DropFirst()
    {
        Before = new EntryId(At(0).Term, Before.Index.Next);
        _head = (_head + 1) & (_ring.Length - 1);
        Count--;
    }

    private EntryPlace At(int position) => _ring[(_head + position) & (_ring.Length - 1)];

    private void Grow()
    {
        var larger = new EntryPlace[_ring.Length * 2];
        for (var i = 0; i < Count; i++)
        {
            larger[i] = At(i);
        }

        _ring = larger;
        _head = 0;
    }
}
