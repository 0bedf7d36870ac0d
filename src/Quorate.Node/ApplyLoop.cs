using Quorate.Mvcc;
using Quorate.Raft;
using Quorate.Storage;

namespace Quorate.Node;

/// <summary>
/// Applies what is committed, answers the waiters, and lets reads go. The only writer of the state machine.
/// </summary>
/// <remarks>
/// Laws: entries are applied in the order of their indexes without a gap; a caller is answered by apply, never by
/// the proposer; compaction and snapshots go in bounded steps between batches.
/// </remarks>
internal sealed class ApplyLoop : IApplySink, IDisposable
{
    private readonly Lock _gate = new();
    private readonly Queue<ApplyWork> _queue = new();
    private readonly Stack<ApplyBatch> _pool = new();
    private readonly ApplyLoopParts _parts;
    private readonly Completions _completions;
    private readonly List<EntryHeader> _headers = [];
    private readonly List<ReadOnlyMemory<byte>> _read = [];
    private CommittedEntry[] _entries = new CommittedEntry[64];
    private ApplyResult[] _results = new ApplyResult[64];
    private StateMachine _machine;
    private ClusterConfig _config;
    private LogIndex _configIndex;
    private SnapshotInstaller? _installer;
    private LogIndex _lastSnapshot;
    private LogIndex _passedOver;
    private long _queuedBytes;
    private bool _compacting;

    public ApplyLoop(ApplyLoopParts parts, StateMachine machine, SnapshotMetadata? snapshot)
    {
        _parts = parts;
        _completions = new Completions(parts.Dispatcher);
        _machine = machine;
        _config = snapshot?.Config ?? ClusterConfig.Empty;
        _configIndex = snapshot?.ConfigIndex ?? LogIndex.Zero;
        _lastSnapshot = new LogIndex(machine.Applied.Index);
    }

    /// <summary>Called when work has come to an idle loop.</summary>
    public Action? Signal { get; set; }

    /// <summary>The replicated state. Views of it may be opened on any thread.</summary>
    public StateMachine Machine => Volatile.Read(ref _machine);

    /// <summary>The replicated members, as of now. Any thread, also while a snapshot takes the state's place.</summary>
    public MemberTable Members
    {
        get
        {
            while (true)
            {
                var machine = Machine;
                try
                {
                    return machine.Members;
                }
                catch (ObjectDisposedException) when (!ReferenceEquals(machine, Machine))
                {
                    // It was replaced between the two reads.
                }
            }
        }
    }

    /// <summary>Bytes of committed entries that wait to be applied.</summary>
    public long QueuedBytes => Interlocked.Read(ref _queuedBytes);

    /// <summary>Whether so much waits that appends are to be answered late.</summary>
    public bool IsBehind => QueuedBytes > _parts.BehindBytes;

    /// <summary>Whether a pump would find anything to do.</summary>
    public bool HasWork
    {
        get
        {
            lock (_gate)
            {
                return _queue.Count > 0 || _installer is not null || _compacting;
            }
        }
    }

    /// <summary>A batch to fill; the node loop gives it back to the queue.</summary>
    public ApplyBatch Rent(EntryRange range, ulong number)
    {
        lock (_gate)
        {
            var batch = _pool.TryPop(out var pooled) ? pooled : new ApplyBatch();
            batch.Range = range;
            batch.Number = number;
            return batch;
        }
    }

    /// <summary>Committed entries, behind all queued before. Without records they are read from the log.</summary>
    public void Enqueue(ApplyBatch batch)
    {
        batch.Bytes = 0;
        foreach (var record in batch.Records)
        {
            batch.Bytes += record.Length;
        }

        Interlocked.Add(ref _queuedBytes, batch.Bytes);
        Enqueue(new ApplyWork(batch, null));
    }

    /// <summary>A durable snapshot, to replace the state before any later entry.</summary>
    public void Install(SnapshotMetadata snapshot) => Enqueue(new ApplyWork(null, snapshot));

    /// <summary>Does up to <paramref name="max"/> units of work and returns how many it did.</summary>
    public int Pump(int max)
    {
        var done = 0;
        while (done < max && PumpOne())
        {
            done++;
        }

        return done;
    }

    /// <inheritdoc/>
    void IApplySink.Completed(int ordinal, ApplyResult result) => _results[ordinal] = result;

    /// <inheritdoc/>
    public void Dispose()
    {
        _installer?.Dispose();
        _machine.Dispose();
    }

    private bool PumpOne()
    {
        if (_installer is { } installer)
        {
            StepInstall(installer);
            return true;
        }

        ApplyWork work;
        lock (_gate)
        {
            if (!_queue.TryDequeue(out work))
            {
                return StepCompaction();
            }
        }

        if (work.Snapshot is { } snapshot)
        {
            Invariant.Holds(snapshot.Last.Index >= _passedOver, "what was passed over is in the snapshot that comes");
            _passedOver = LogIndex.Zero;
            _installer = _parts.Snapshots.BeginInstall(snapshot);
        }
        else
        {
            Apply(work.Batch!);
        }

        return true;
    }

    private bool StepCompaction()
    {
        var worked = _compacting;
        if (_compacting)
        {
            _compacting = _machine.CompactStep(_parts.CompactStepBytes);
        }

        return worked;
    }

    private void Apply(ApplyBatch batch)
    {
        if (FindRecords(batch) is not { } records)
        {
            PassOver(batch);
            return;
        }

        Resize(records.Count);
        Decode(batch.Range, records);
        _machine.ApplyBatch(_entries.AsSpan(0, records.Count), this);
        _compacting = true;

        var applied = batch.Range.Last;
        var headers = System.Runtime.InteropServices.CollectionsMarshal.AsSpan(_headers);
        _parts.Proposals.CompleteBatch(headers, _results.AsSpan(0, headers.Length), _completions);
        _parts.Reads.Applied(applied, _completions);
        _completions.Tell();
        _parts.Metrics.Applied(headers.Length);
        Array.Clear(_results, 0, headers.Length);
        Array.Clear(_entries, 0, headers.Length);

        var number = batch.Number;
        Recycle(batch);

        // Told first: a small snapshot may be complete before this thread runs on.
        _parts.Inbox.PostApplied(applied, number);
        MaybeSnapshot(applied);
    }

    // Null when they are gone, or stand behind such: a snapshot that holds what they do is on its way to this loop.
    private List<ReadOnlyMemory<byte>>? FindRecords(ApplyBatch batch)
    {
        if (_passedOver != LogIndex.Zero)
        {
            return null;
        }

        if (batch.Records.Count > 0)
        {
            return batch.Records;
        }

        _read.Clear();
        return _parts.Log.TryReadAll(batch.Range, _read) ? _read : null;
    }

    private void PassOver(ApplyBatch batch)
    {
        _passedOver = batch.Range.Last;
        var number = batch.Number;
        Recycle(batch);
        _parts.Inbox.PostApplied(LogIndex.Zero, number);
    }

    private void Decode(EntryRange range, List<ReadOnlyMemory<byte>> records)
    {
        _headers.Clear();
        for (var i = 0; i < records.Count; i++)
        {
            var whole = EntryRecord.TryRead(records[i].Span, out var header, out _);
            Invariant.Holds(whole, "a committed record is whole and its checksum right");
            Invariant.Holds(header.Id.Index == range.First + i, "entries are applied in order, without a gap");
            var payload = records[i][EntryRecord.PayloadOffset..^(EntryRecord.Overhead - EntryRecord.PayloadOffset)];
            if (header.Kind == EntryKind.ConfigChange)
            {
                TakeConfig(header.Id.Index, payload.Span);
            }

            _headers.Add(header);
            _entries[i] = new CommittedEntry(
                new AppliedId(header.Id.Term.Value, header.Id.Index.Value),
                (CommittedKind)header.Kind,
                payload,
                WantsResult: _parts.Proposals.IsOurs(header.Proposal));
        }
    }

    private void TakeConfig(LogIndex index, ReadOnlySpan<byte> payload)
    {
        var good = ClusterConfig.TryRead(payload, out var config);
        Invariant.Holds(good, "a committed configuration can be read");
        _config = config!;
        _configIndex = index;
    }

    private void MaybeSnapshot(LogIndex applied)
    {
        if (applied - _lastSnapshot < _parts.SnapshotCount || !_parts.Snapshots.MayTake)
        {
            return;
        }

        _lastSnapshot = applied;
        var state = _machine.BeginSnapshot();
        var last = new EntryId(new Term(state.Applied.Term), new LogIndex(state.Applied.Index));
        _parts.Snapshots.Take(state, new SnapshotMetadata(last, _configIndex, _config));
    }

    private void StepInstall(SnapshotInstaller installer)
    {
        if (!installer.Step())
        {
            return;
        }

        var metadata = installer.Metadata;
        var old = _machine;
        Volatile.Write(ref _machine, installer.Complete());
        old.Dispose();
        _installer = null;
        _config = metadata.Config;
        _configIndex = metadata.ConfigIndex;
        _lastSnapshot = metadata.Last.Index;
        _parts.Reads.Applied(metadata.Last.Index, _completions);
        _completions.Tell();
        _parts.Inbox.PostApplied(metadata.Last.Index, 0);
    }

    private void Enqueue(in ApplyWork work)
    {
        lock (_gate)
        {
            _queue.Enqueue(work);
        }

        Signal?.Invoke();
    }

    private void Recycle(ApplyBatch batch)
    {
        Interlocked.Add(ref _queuedBytes, -batch.Bytes);
        batch.Records.Clear();
        lock (_gate)
        {
            _pool.Push(batch);
        }
    }

    private void Resize(int count)
    {
        if (_entries.Length < count)
        {
            Array.Resize(ref _entries, Math.Max(count, _entries.Length * 2));
            Array.Resize(ref _results, _entries.Length);
        }
    }

    private readonly record struct ApplyWork(ApplyBatch? Batch, SnapshotMetadata? Snapshot);
}

/// <summary>Committed entries on their way to apply.</summary>
internal sealed class ApplyBatch
{
    /// <summary>Which entries.</summary>
    public EntryRange Range { get; set; }

    /// <summary>Counts hand-overs to apply; the arena's chunks wait for it.</summary>
    public ulong Number { get; set; }

    /// <summary>Bytes of its records.</summary>
    public long Bytes { get; set; }

    /// <summary>Their records; empty when they are to be read from the log.</summary>
    public List<ReadOnlyMemory<byte>> Records { get; } = [];
}

/// <summary>What an apply loop is made of.</summary>
internal sealed class ApplyLoopParts
{
    public required ProposalTable Proposals { get; init; }

    public required PendingReads Reads { get; init; }

    public required SnapshotKeeper Snapshots { get; init; }

    public required LogRanges Log { get; init; }

    public required Inbox Inbox { get; init; }

    public required NodeMetrics Metrics { get; init; }

    public required ICompletionDispatcher Dispatcher { get; init; }

    public required long SnapshotCount { get; init; }

    public required long BehindBytes { get; init; }

    public required int CompactStepBytes { get; init; }
}
