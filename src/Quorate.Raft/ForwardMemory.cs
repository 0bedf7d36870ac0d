namespace Quorate.Raft;

/// <summary>
/// The highest forwarded sequence judged, per (member, boot nonce), for the life of this process: each forward is
/// judged exactly once, whatever the network doubles.
/// </summary>
/// <remarks>
/// Bounded: beyond <see cref="BootsMax"/> boots the one unheard for longest is forgotten. Frames die with their
/// connection, so a forward would have to outlive a thousand restarts of members to be judged again.
/// </remarks>
internal sealed class ForwardMemory
{
    public const int BootsMax = 1024;

    private readonly List<Boot> _boots = [];
    private ulong _uses;

    /// <summary>
    /// How many at the head of a batch of growing sequences were judged before; notes the rest as judged now.
    /// </summary>
    public int CountJudgedAndNote(IReadOnlyList<ProposalHeader> batch)
    {
        var at = FindOrAdd(batch[0].Id);
        var boot = _boots[at];
        var judged = 0;
        while (judged < batch.Count && batch[judged].Id.Sequence <= boot.Highest)
        {
            judged++;
        }

        var highest = Math.Max(boot.Highest, batch[batch.Count - 1].Id.Sequence);
        _boots[at] = boot with { Highest = highest, UsedAt = ++_uses };
        return judged;
    }

    private int FindOrAdd(ProposalId id)
    {
        var wanted = new Boot(id.Member, id.BootNonce, 0, 0);
        var at = _boots.BinarySearch(wanted, Boot.ByIdentity);
        if (at >= 0)
        {
            return at;
        }

        if (_boots.Count == BootsMax)
        {
            ForgetOldest();
            at = _boots.BinarySearch(wanted, Boot.ByIdentity);
        }

        _boots.Insert(~at, wanted);
        return ~at;
    }

    private void ForgetOldest()
    {
        var oldest = 0;
        for (var i = 1; i < _boots.Count; i++)
        {
            oldest = _boots[i].UsedAt < _boots[oldest].UsedAt ? i : oldest;
        }

        _boots.RemoveAt(oldest);
    }

    private readonly record struct Boot(NodeId Member, ulong Nonce, ulong Highest, ulong UsedAt)
    {
        public static readonly IComparer<Boot> ByIdentity = Comparer<Boot>.Create((left, right) =>
            left.Member != right.Member ? left.Member.CompareTo(right.Member) : left.Nonce.CompareTo(right.Nonce));
    }
}
