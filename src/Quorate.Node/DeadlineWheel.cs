using Quorate.Raft;

namespace Quorate.Node;

/// <summary>Something that stands in a <see cref="DeadlineWheel{T}"/>: linked in place, no allocation.</summary>
internal abstract class Timed<T>
    where T : Timed<T>
{
    internal T? Earlier { get; set; }

    internal T? Later { get; set; }

    internal int Slot { get; set; } = -1;

    /// <summary>The tick at which it is due.</summary>
    public long DeadlineTick { get; set; }
}

/// <summary>
/// Deadlines by tick: adding and removing cost the same however many wait. Walked in slot order, within a slot in
/// the order of adding, so that equal runs do equal things.
/// </summary>
internal sealed class DeadlineWheel<T>
    where T : Timed<T>
{
    private const int Slots = 1024;
    private readonly T?[] _first = new T?[Slots];
    private readonly T?[] _last = new T?[Slots];
    private long _now;

    public int Count { get; private set; }

    public void Add(T item)
    {
        Invariant.Holds(item.Slot < 0, "an item stands in the wheel once");
        var slot = (int)(Math.Max(item.DeadlineTick, _now + 1) % Slots);
        item.Slot = slot;
        item.Earlier = _last[slot];
        item.Later = null;
        if (_last[slot] is { } last)
        {
            last.Later = item;
        }
        else
        {
            _first[slot] = item;
        }

        _last[slot] = item;
        Count++;
    }

    public void Remove(T item)
    {
        Invariant.Holds(item.Slot >= 0, "only an item that stands in the wheel is removed");
        if (item.Earlier is { } earlier)
        {
            earlier.Later = item.Later;
        }
        else
        {
            _first[item.Slot] = item.Later;
        }

        if (item.Later is { } later)
        {
            later.Earlier = item.Earlier;
        }
        else
        {
            _last[item.Slot] = item.Earlier;
        }

        item.Earlier = item.Later = null;
        item.Slot = -1;
        Count--;
    }

    /// <summary>Removes what is due at or before <paramref name="now"/> into <paramref name="due"/>.</summary>
    public void Advance(long now, List<T> due)
    {
        // A pause longer than one turn of the wheel still visits each slot only once.
        var from = Math.Max(_now + 1, now - Slots + 1);
        _now = Math.Max(_now, now);
        for (var tick = from; tick <= now; tick++)
        {
            for (var item = _first[tick % Slots]; item is not null;)
            {
                var next = item.Later;
                if (item.DeadlineTick <= now)
                {
                    Remove(item);
                    due.Add(item);
                }

                item = next;
            }
        }
    }

    /// <summary>Removes everything that <paramref name="chosen"/> names into <paramref name="removed"/>.</summary>
    public void RemoveWhere(Func<T, bool> chosen, List<T> removed)
    {
        for (var slot = 0; slot < Slots && Count > 0; slot++)
        {
            for (var item = _first[slot]; item is not null;)
            {
                var next = item.Later;
                if (chosen(item))
                {
                    Remove(item);
                    removed.Add(item);
                }

                item = next;
            }
        }
    }
}
