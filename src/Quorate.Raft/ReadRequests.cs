namespace Quorate.Raft;

/// <summary>
/// A follower's reads: one question to the leader for all that wait, one out at a time. An answer is good only for
/// the number asked; a retry takes a new one.
/// </summary>
internal sealed class ReadRequests(int readsMax)
{
    private readonly List<ReadId> _waiting = [];
    private readonly List<ReadId> _asked = [];
    private ulong _number;
    private ulong _askedAt;

    public bool CanAsk => _asked.Count == 0 && _waiting.Count > 0;

    public bool TryAdd(ReadId read)
    {
        if (_waiting.Count + _asked.Count >= readsMax)
        {
            return false;
        }

        _waiting.Add(read);
        return true;
    }

    public void Ask(ulong number, ulong tick)
    {
        Invariant.Holds(CanAsk, "one question is out at a time");
        (_number, _askedAt) = (number, tick);
        _asked.AddRange(_waiting);
        _waiting.Clear();
    }

    /// <summary>A question without an answer for so long is asked again, under a new number.</summary>
    public void GiveUpAfter(int ticks, ulong tick)
    {
        if (_asked.Count > 0 && tick - _askedAt >= (ulong)ticks)
        {
            _waiting.InsertRange(0, _asked);
            _asked.Clear();
        }
    }

    /// <summary>
    /// Moves the reads of this question to <paramref name="target"/>. False when it is not the one asked.
    /// </summary>
    public bool TryAnswer(ulong number, LogIndex index, RefusalReason? refused, List<ReadAnswer> target)
    {
        if (_asked.Count == 0 || number != _number)
        {
            return false;
        }

        Drain(_asked, index, refused, target);
        return true;
    }

    public void RefuseAll(RefusalReason why, List<ReadAnswer> target)
    {
        Drain(_asked, LogIndex.Zero, why, target);
        Drain(_waiting, LogIndex.Zero, why, target);
    }

    private static void Drain(List<ReadId> reads, LogIndex index, RefusalReason? refused, List<ReadAnswer> target)
    {
        foreach (var read in reads)
        {
            target.Add(new ReadAnswer(read, index, refused));
        }

        reads.Clear();
    }
}
