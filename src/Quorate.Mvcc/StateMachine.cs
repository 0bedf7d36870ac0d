namespace Quorate.Mvcc;

/// <summary>
/// The replicated state: every table that all nodes must agree on (meta, kv, members). One writer applies committed
/// entries; any thread reads immutable views beside it. It knows no Raft, disk, socket, clock or chance: equal entries
/// make equal states, results, hashes and snapshots on every node.
/// </summary>
/// <remarks>
/// <see cref="ApplyBatch"/>, <see cref="CompactStep"/>, <see cref="BeginSnapshot"/> and <see cref="Dispose"/> belong to
/// the writer, one at a time; everything else is safe from any thread.
/// </remarks>
public sealed class StateMachine : IDisposable
{
    private readonly KvTable _table;
    private readonly RootBoard _board;
    private readonly WriteBatch _batch;
    private readonly CommandApplier _applier;
    private readonly Compactor _compactor;
    private readonly List<long> _pins = [];
    private long _lastBatch;
    private bool _isBroken;

    /// <summary>An empty state machine.</summary>
    public StateMachine(StateMachineOptions options)
        : this(Checked(options), new KvTable(options))
    {
    }

    private StateMachine(StateMachineOptions options, KvTable table)
    {
        _table = table;
        _batch = new WriteBatch(table);
        _applier = new CommandApplier(_batch);
        _compactor = new Compactor(table);
        _board = new RootBoard(table);
        Options = options;
        _table.Index.BeginBatch(NextBatch);
        Publish();
    }

    /// <summary>The last entry taken in.</summary>
    public AppliedId Applied => _board.Current.Applied;

    /// <summary>The store's revision.</summary>
    public Revision CurrentRevision => _board.Current.Revision;

    /// <summary>The least revision that can still be read; 0 before the first compaction.</summary>
    public Revision CompactRevision => _board.Current.CompactRevision;

    /// <summary>
    /// The rolling hash, chained per entry over what it changed: equal on all replicas at an equal index.
    /// </summary>
    public ulong Hash => _board.Current.Hash;

    /// <summary>The replicated members.</summary>
    public MemberTable Members => _board.Current.Members;

    /// <summary>Sizes as of the last published root.</summary>
    public StateMachineStats Stats => _board.Current.Stats;

    internal StateMachineOptions Options { get; }

    internal KvTable Table => _table;

    internal RootBoard Board => _board;

    private long NextBatch => _lastBatch + 1;

    /// <summary>Applies committed entries, each the next of the log, and publishes one root for them all.</summary>
    /// <exception cref="UnknownCommandException">This node is too old for the log; it must stop.</exception>
    public void ApplyBatch(ReadOnlySpan<CommittedEntry> entries, IApplySink sink)
    {
        ArgumentNullException.ThrowIfNull(sink);
        _board.ThrowIfClosed();
        StoreInvariant.Holds(!_isBroken, "nothing is applied behind an entry that could not be");

        // A throw leaves half a batch behind, which is never published.
        _isBroken = true;
        _table.Index.BeginBatch(NextBatch);
        for (var i = 0; i < entries.Length; i++)
        {
            ref readonly var entry = ref entries[i];
            StoreInvariant.Holds(
                entry.Id.Index == _batch.Applied.Index + 1 && entry.Id.Term >= _batch.Applied.Term,
                "entries are applied in the order of the log, none twice and none left out");
            var result = _applier.Apply(entry);
            if (_applier.Compacted != Revision.None)
            {
                _compactor.Note(_applier.Compacted, NextBatch);
            }

            if (entry.WantsResult)
            {
                sink.Completed(i, result);
            }
        }

        _isBroken = false;
        Publish();
    }

    /// <summary>Opens an immutable view of the last published root: O(1), any thread, never waits for apply.</summary>
    public ReadView OpenView() => new(_board);

    /// <summary>
    /// Rewrites up to about <paramref name="bytesMax"/> bytes of records, at least one chunk, that compaction has made
    /// sparse. Called by the writer between batches; no answer, hash or snapshot can see it. A view from before a
    /// compaction holds its rewriting up, so call this again after later batches even if it was false.
    /// </summary>
    /// <returns>Whether there is more to do now.</returns>
    public bool CompactStep(int bytesMax)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(bytesMax, 1);
        _board.ThrowIfClosed();
        if (_compactor.IsIdle)
        {
            return false;
        }

        if (_compactor.Step(bytesMax, NextBatch, OldestPin()))
        {
            Publish();
        }

        return _compactor.HasWork(OldestPin());
    }

    /// <summary>Begins a snapshot of the last published root: O(1).</summary>
    public StateSnapshot BeginSnapshot() => new(OpenView());

    /// <summary>Ends the state machine. Its memory goes when the last open view or snapshot is disposed.</summary>
    public void Dispose() => _board.Close();

    /// <inheritdoc/>
    public override string ToString() =>
        $"applied={Applied} revision={CurrentRevision} compact={CompactRevision} hash={Hash:x16}";

    /// <summary>
    /// Fills an empty state machine from a snapshot; one batch, published by <see cref="EndRestore"/>.
    /// </summary>
    internal WriteBatch BeginRestore()
    {
        _table.Index.BeginBatch(NextBatch);
        return _batch;
    }

    internal void EndRestore() => Publish();

    private static StateMachineOptions Checked(StateMachineOptions options)
    {
        ArgumentNullException.ThrowIfNull(options);
        options.Validate();
        return options;
    }

    private long OldestPin()
    {
        _board.Pins.Collect(_pins);
        return _pins.Count > 0 ? _pins[0] : long.MaxValue;
    }

    private void Publish()
    {
        _lastBatch++;
        _board.Publish(new StoreRoot
        {
            Batch = _lastBatch,
            IndexRoot = _table.Index.Root,
            Records = _table.Log.Sequence,
            Applied = _batch.Applied,
            Revision = _batch.Revision,
            CompactRevision = _batch.CompactRevision,
            Hash = _batch.Hash,
            Members = _batch.Members,
            Stats = _table.Stats,
        });
        if (_table.IsSweepDue)
        {
            _table.Sweep(_board.Pins, OldestPin());
        }
    }
}
