using Quorate.Mvcc;
using Quorate.Raft;

namespace Quorate.Node;

/// <summary>
/// Who waits for which proposal of this process, and what may be told. The node loop adds, places and refuses;
/// the apply loop completes; a lock taken once per batch keeps them apart.
/// </summary>
/// <remarks>
/// Laws: a waiter is told exactly once. "Not done" is told only of what was refused or never sent, or when an
/// entry of another term was applied at its place; "done" only from apply; whatever else ends is "unknown".
/// </remarks>
internal sealed class ProposalTable(NodeId self, ulong bootNonce)
{
    private const int PooledMax = 4096;
    private readonly Lock _gate = new();
    private readonly Dictionary<ulong, Pending> _bySequence = [];
    private readonly Dictionary<ulong, Pending> _byIndex = [];
    private readonly DeadlineWheel<Pending> _deadlines = new();
    private readonly Stack<Pending> _pool = new();
    private readonly List<Pending> _scratch = [];
    private ulong _lastSequence;

    /// <summary>How many waiters have not been told.</summary>
    public int Count
    {
        get
        {
            lock (_gate)
            {
                return _bySequence.Count;
            }
        }
    }

    /// <summary>Whether this process holds the waiter, if there is one.</summary>
    public bool IsOurs(in ProposalId id) => id.Member == self && id.BootNonce == bootNonce;

    /// <summary>Keeps a waiter and gives its proposal a name.</summary>
    public ProposalId Add(IProposalWaiter waiter, long deadlineTick)
    {
        lock (_gate)
        {
            var pending = _pool.TryPop(out var pooled) ? pooled : new Pending();
            pending.Sequence = ++_lastSequence;
            pending.Waiter = waiter;
            pending.DeadlineTick = deadlineTick;
            _bySequence.Add(pending.Sequence, pending);
            _deadlines.Add(pending);
            return new ProposalId(self, bootNonce, pending.Sequence);
        }
    }

    /// <summary>Our entry stands here in our log: apply decides.</summary>
    public void Placed(in ProposalId id, EntryId at)
    {
        lock (_gate)
        {
            if (_bySequence.TryGetValue(id.Sequence, out var pending))
            {
                Unplace(pending);
                pending.At = at;
                pending.SamePlace = _byIndex.GetValueOrDefault(at.Index.Value);
                _byIndex[at.Index.Value] = pending;
            }
        }
    }

    /// <summary>Sent to a leader of this term, and not in our log yet.</summary>
    public void Forwarded(in ProposalId id, Term term)
    {
        lock (_gate)
        {
            if (_bySequence.TryGetValue(id.Sequence, out var pending))
            {
                pending.ForwardTerm = term;
            }
        }
    }

    /// <summary>It was refused, or never sent: not done.</summary>
    public void Refuse(in ProposalId id, RefusalReason reason, Completions completions)
    {
        lock (_gate)
        {
            if (_bySequence.TryGetValue(id.Sequence, out var pending))
            {
                Tell(pending, ProposeOutcome.NotDone(reason), completions);
            }
        }
    }

    /// <summary>There was nothing to do: everything is already as it was to be made.</summary>
    public void Settle(in ProposalId id, Completions completions)
    {
        lock (_gate)
        {
            if (_bySequence.TryGetValue(id.Sequence, out var pending))
            {
                Tell(pending, ProposeOutcome.Done(default, EntryId.Zero), completions);
            }
        }
    }

    /// <summary>Whatever is due is unknown.</summary>
    public void Advance(long tick, Completions completions)
    {
        lock (_gate)
        {
            _deadlines.Advance(tick, _scratch);
            TellScratch(completions);
        }
    }

    /// <summary>Forwarded before this term and still not in our log: that leader is gone, so unknown.</summary>
    public void ForwardsLost(Term current, Completions completions)
    {
        lock (_gate)
        {
            _deadlines.RemoveWhere(
                pending => pending.At == EntryId.Zero
                    && pending.ForwardTerm != Term.Zero
                    && pending.ForwardTerm < current,
                _scratch);
            TellScratch(completions);
        }
    }

    /// <summary>A snapshot passed over these places: whether our entries are in it cannot be told.</summary>
    public void SnapshotPassed(LogIndex upTo, Completions completions)
    {
        lock (_gate)
        {
            _deadlines.RemoveWhere(
                pending => pending.At != EntryId.Zero && pending.At.Index <= upTo, _scratch);
            TellScratch(completions);
        }
    }

    /// <summary>The node stops: whatever is still waiting is unknown.</summary>
    public void Stopped(Completions completions)
    {
        lock (_gate)
        {
            _deadlines.RemoveWhere(_ => true, _scratch);
            TellScratch(completions);
        }
    }

    /// <summary>A batch was applied: ours are done, and those whose place another term took are not done.</summary>
    public void CompleteBatch(
        ReadOnlySpan<EntryHeader> headers, ReadOnlySpan<ApplyResult> results, Completions completions)
    {
        lock (_gate)
        {
            for (var i = 0; i < headers.Length && _bySequence.Count > 0; i++)
            {
                ref readonly var header = ref headers[i];
                if (IsOurs(header.Proposal) && _bySequence.TryGetValue(header.Proposal.Sequence, out var ours))
                {
                    Tell(ours, ProposeOutcome.Done(results[i], header.Id), completions);
                }

                TellReplaced(header.Id, completions);
            }
        }
    }

    private void TellReplaced(EntryId applied, Completions completions)
    {
        var placed = _byIndex.GetValueOrDefault(applied.Index.Value);
        while (placed is not null)
        {
            var next = placed.SamePlace;
            if (placed.At.Term != applied.Term)
            {
                Tell(placed, ProposeOutcome.NotDone(refused: null), completions);
            }

            placed = next;
        }
    }

    private void TellScratch(Completions completions)
    {
        foreach (var pending in _scratch)
        {
            Tell(pending, ProposeOutcome.Unknown(), completions);
        }

        _scratch.Clear();
    }

    private void Tell(Pending pending, in ProposeOutcome outcome, Completions completions)
    {
        completions.Add(pending.Waiter!, outcome);
        Unplace(pending);
        _bySequence.Remove(pending.Sequence);
        if (pending.Slot >= 0)
        {
            _deadlines.Remove(pending);
        }

        pending.Waiter = null;
        pending.ForwardTerm = Term.Zero;
        if (_pool.Count < PooledMax)
        {
            _pool.Push(pending);
        }
    }

    private void Unplace(Pending pending)
    {
        if (pending.At == EntryId.Zero)
        {
            return;
        }

        var index = pending.At.Index.Value;
        var head = _byIndex.GetValueOrDefault(index);
        if (!ReferenceEquals(head, pending))
        {
            for (var other = head; other is not null; other = other.SamePlace)
            {
                other.SamePlace = ReferenceEquals(other.SamePlace, pending) ? pending.SamePlace : other.SamePlace;
            }
        }
        else if (pending.SamePlace is { } next)
        {
            _byIndex[index] = next;
        }
        else
        {
            _byIndex.Remove(index);
        }

        pending.At = EntryId.Zero;
        pending.SamePlace = null;
    }

    private sealed class Pending : Timed<Pending>
    {
        public ulong Sequence { get; set; }

        public IProposalWaiter? Waiter { get; set; }

        public EntryId At { get; set; }

        /// <summary>Another waiter of ours whose entry stood at this index in another term.</summary>
        public Pending? SamePlace { get; set; }

        public Term ForwardTerm { get; set; }
    }
}
