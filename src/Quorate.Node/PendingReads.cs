using Quorate.Raft;

namespace Quorate.Node;

/// <summary>
/// Linearizable reads between their question and the moment their index is applied. The reads of one turn share one
/// question to the core. The node loop begins, confirms and refuses; the apply loop tells what has been applied.
/// </summary>
internal sealed class PendingReads
{
    private readonly Lock _gate = new();
    private readonly List<Batch> _batches = [];
    private readonly Stack<Batch> _pool = new();
    private LogIndex _applied;
    private ulong _lastId;

    /// <summary>How many reads have not been told.</summary>
    public int Count
    {
        get
        {
            lock (_gate)
            {
                var count = 0;
                foreach (var batch in _batches)
                {
                    count += batch.Reads.Count;
                }

                return count;
            }
        }
    }

    /// <summary>Keeps the reads of one turn and names their question.</summary>
    public ReadId Begin(List<ReadRequest> reads)
    {
        lock (_gate)
        {
            var batch = _pool.TryPop(out var pooled) ? pooled : new Batch();
            batch.Id = new ReadId(++_lastId);
            batch.Index = null;
            batch.Reads.AddRange(reads);
            batch.EarliestDeadline = long.MaxValue;
            foreach (var read in reads)
            {
                batch.EarliestDeadline = Math.Min(batch.EarliestDeadline, read.DeadlineTick);
            }

            _batches.Add(batch);
            return batch.Id;
        }
    }

    /// <summary>The index is known: told at once, or when it is applied.</summary>
    public void Confirmed(ReadId id, LogIndex index, Completions completions)
    {
        lock (_gate)
        {
            if (Find(id) is not { } batch)
            {
                return;
            }

            batch.Index = index;
            if (_applied >= index)
            {
                TellAll(batch, new ReadOutcome(true, null, index), completions);
            }
        }
    }

    /// <summary>There is no index. The reads go to <paramref name="retry"/> where another question may help.</summary>
    public void Refused(ReadId id, RefusalReason reason, List<ReadRequest> retry, Completions completions)
    {
        lock (_gate)
        {
            if (Find(id) is not { } batch)
            {
                return;
            }

            if (reason != RefusalReason.NotReady)
            {
                TellAll(batch, new ReadOutcome(false, reason, LogIndex.Zero), completions);
                return;
            }

            // A new leader is about to commit its first entry: asking again is the answer.
            retry.AddRange(batch.Reads);
            Recycle(batch);
        }
    }

    /// <summary>Everything up to this index is applied and can be seen.</summary>
    public void Applied(LogIndex upTo, Completions completions)
    {
        lock (_gate)
        {
            _applied = LogIndex.Max(_applied, upTo);
            for (var i = _batches.Count - 1; i >= 0; i--)
            {
                if (_batches[i].Index is { } index && index <= _applied)
                {
                    TellAll(_batches[i], new ReadOutcome(true, null, index), completions);
                }
            }
        }
    }

    /// <summary>Tells what is due that no answer came in time.</summary>
    public void Advance(long tick, Completions completions)
    {
        lock (_gate)
        {
            for (var i = _batches.Count - 1; i >= 0; i--)
            {
                var batch = _batches[i];
                if (batch.EarliestDeadline <= tick)
                {
                    TellDue(batch, tick, completions);
                }
            }
        }
    }

    /// <summary>The node stops.</summary>
    public void Stopped(Completions completions)
    {
        lock (_gate)
        {
            while (_batches.Count > 0)
            {
                var outcome = new ReadOutcome(false, RefusalReason.ShuttingDown, LogIndex.Zero);
                TellAll(_batches[^1], outcome, completions);
            }
        }
    }

    private Batch? Find(ReadId id)
    {
        foreach (var batch in _batches)
        {
            if (batch.Id == id)
            {
                return batch;
            }
        }

        return null;
    }

    private void TellDue(Batch batch, long tick, Completions completions)
    {
        var kept = 0;
        batch.EarliestDeadline = long.MaxValue;
        for (var i = 0; i < batch.Reads.Count; i++)
        {
            var read = batch.Reads[i];
            if (read.DeadlineTick <= tick)
            {
                completions.Add(read.Waiter, new ReadOutcome(false, null, LogIndex.Zero));
                continue;
            }

            batch.Reads[kept++] = read;
            batch.EarliestDeadline = Math.Min(batch.EarliestDeadline, read.DeadlineTick);
        }

        batch.Reads.RemoveRange(kept, batch.Reads.Count - kept);
        if (kept == 0)
        {
            Recycle(batch);
        }
    }

    private void TellAll(Batch batch, in ReadOutcome outcome, Completions completions)
    {
        foreach (var read in batch.Reads)
        {
            completions.Add(read.Waiter, outcome);
        }

        Recycle(batch);
    }

    private void Recycle(Batch batch)
    {
        _batches.Remove(batch);
        batch.Reads.Clear();
        _pool.Push(batch);
    }

    private sealed class Batch
    {
        public ReadId Id { get; set; }

        public LogIndex? Index { get; set; }

        public long EarliestDeadline { get; set; }

        public List<ReadRequest> Reads { get; } = [];
    }
}
