namespace Quorate.Raft;

/// <summary>Appends sent to one follower and not acknowledged: a ring of (last index, bytes), oldest first.</summary>
/// <remarks>Laws: last indexes grow; at most <c>messagesMax</c> are out.</remarks>
internal sealed class Inflights(int messagesMax)
{
    private (LogIndex Last, long Bytes)[] _ring = new (LogIndex, long)[Math.Min(8, messagesMax)];
    private int _head;

    public int Count { get; private set; }

    public long Bytes { get; private set; }

    public bool IsFull => Count == messagesMax;

    public void Add(LogIndex last, long bytes)
    {
        Invariant.Holds(!IsFull, "an append is sent only while the window has room");
        if (Count == _ring.Length)
        {
            Grow();
        }

        _ring[(_head + Count) % _ring.Length] = (last, bytes);
        Count++;
        Bytes += bytes;
    }

    /// <summary>Everything up to <paramref name="acknowledged"/> has arrived.</summary>
    public void FreeTo(LogIndex acknowledged)
    {
        while (Count > 0 && _ring[_head].Last <= acknowledged)
        {
            Bytes -= _ring[_head].Bytes;
            _head = (_head + 1) % _ring.Length;
            Count--;
        }
    }

    public void Clear()
    {
        _head = 0;
        Count = 0;
        Bytes = 0;
    }

    private void Grow()
    {
        var ring = new (LogIndex, long)[Math.Min(_ring.Length * 2, messagesMax)];
        for (var i = 0; i < Count; i++)
        {
            ring[i] = _ring[(_head + i) % _ring.Length];
        }

        _ring = ring;
        _head = 0;
    }
}
