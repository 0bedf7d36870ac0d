namespace Quorate.Mvcc;

/// <summary>
/// Which batches' roots are being read. A slot is one number on a cache line of its own: 0 is free, else the batch
/// whose root its owner uses. Slots never go away; there are as many as there ever were readers at once.
/// </summary>
internal sealed class PinTable
{
    private const int SlotsPerSegment = 64;
    private const int NumbersPerLine = 8;

    private readonly Segment _first = new();
    private int _hint;

    /// <summary>Takes a free slot and pins a batch in it, with a full fence.</summary>
    public Slot Take(long batch)
    {
        var start = Interlocked.Increment(ref _hint);
        for (var segment = _first; ; segment = segment.NextOrNew())
        {
            for (var i = 0; i < SlotsPerSegment; i++)
            {
                var at = ((start + i) & (SlotsPerSegment - 1)) * NumbersPerLine;
                if (Volatile.Read(ref segment.Pins[at]) == 0
                    && Interlocked.CompareExchange(ref segment.Pins[at], batch, 0) == 0)
                {
                    return new Slot(segment.Pins, at);
                }
            }
        }
    }

    /// <summary>Fills <paramref name="pins"/> with the pinned batches, ascending.</summary>
    public void Collect(List<long> pins)
    {
        pins.Clear();
        for (var segment = _first; segment is not null; segment = segment.Next)
        {
            for (var at = 0; at < segment.Pins.Length; at += NumbersPerLine)
            {
                var pin = Volatile.Read(ref segment.Pins[at]);
                if (pin != 0)
                {
                    pins.Add(pin);
                }
            }
        }

        pins.Sort();
    }

    /// <summary>A slot that somebody has taken.</summary>
    internal readonly struct Slot(long[] pins, int at)
    {
        /// <summary>Pins another batch instead, with a full fence.</summary>
        public void Move(long batch) => Interlocked.Exchange(ref pins[at], batch);

        /// <summary>Gives the slot back, with a full fence.</summary>
        public void Release() => Interlocked.Exchange(ref pins[at], 0);
    }

    private sealed class Segment
    {
        private Segment? _next;

        public long[] Pins { get; } = new long[SlotsPerSegment * NumbersPerLine];

        public Segment? Next => Volatile.Read(ref _next);

        public Segment NextOrNew() =>
            Next ?? Interlocked.CompareExchange(ref _next, new Segment(), null) ?? _next!;
    }
}
