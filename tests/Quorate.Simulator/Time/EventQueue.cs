namespace Quorate.Simulator;

/// <summary>
/// Virtual time and what is to happen in it. Times are microseconds from the start of the run; events of the same
/// time run in the order in which they were posted.
/// </summary>
internal sealed class EventQueue
{
    private Entry[] _heap = new Entry[256];
    private int _count;
    private ulong _posted;

    /// <summary>The virtual time, in microseconds.</summary>
    public long Now { get; private set; }

    public int Count => _count;

    public void After(long delayUs, Action action) => At(Now + delayUs, action);

    public void At(long timeUs, Action action)
    {
        if (_count == _heap.Length)
        {
            Array.Resize(ref _heap, _count * 2);
        }

        var entry = new Entry(Math.Max(timeUs, Now), _posted++, action);
        var at = _count++;
        while (at > 0)
        {
            var parent = (at - 1) / 2;
            if (!entry.IsBefore(_heap[parent]))
            {
                break;
            }

            _heap[at] = _heap[parent];
            at = parent;
        }

        _heap[at] = entry;
    }

    /// <summary>Runs the next event unless it lies behind <paramref name="untilUs"/>.</summary>
    public bool RunNext(long untilUs)
    {
        if (_count == 0 || _heap[0].At > untilUs)
        {
            Now = Math.Max(Now, untilUs);
            return false;
        }

        var first = RemoveFirst();
        Now = first.At;
        first.Action();
        return true;
    }

    private Entry RemoveFirst()
    {
        var first = _heap[0];
        var last = _heap[--_count];
        _heap[_count] = default;
        var at = 0;
        while (true)
        {
            var child = (2 * at) + 1;
            if (child >= _count)
            {
                break;
            }

            if (child + 1 < _count && _heap[child + 1].IsBefore(_heap[child]))
            {
                child++;
            }

            if (!_heap[child].IsBefore(last))
            {
                break;
            }

            _heap[at] = _heap[child];
            at = child;
        }

        if (_count > 0)
        {
            _heap[at] = last;
        }

        return first;
    }

    private readonly struct Entry(long at, ulong order, Action action)
    {
        public readonly long At = at;
        public readonly Action Action = action;
        private readonly ulong _order = order;

        public bool IsBefore(in Entry other) => At != other.At ? At < other.At : _order < other._order;
    }
}
