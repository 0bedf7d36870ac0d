namespace Quorate.Mvcc;

/// <summary>
/// The replicated state: every table that all nodes must agree on. One writer applies committed entries; any thread
/// reads immutable views beside it.
/// </summary>
public sealed class StateMachine : IDisposable
{
    /// <summary>An empty state machine.</summary>
    public StateMachine(StateMachineOptions options)
    {
        ArgumentNullException.ThrowIfNull(options);
        options.Validate();
    }

    /// <summary>The last entry taken in. Safe from any thread.</summary>
    public AppliedId Applied => throw new NotSupportedException();

    /// <summary>The store's revision. Safe from any thread.</summary>
    public Revision CurrentRevision => throw new NotSupportedException();

    /// <summary>The least revision that can still be read; 0 before the first compaction. Safe from any thread.</summary>
    public Revision CompactRevision => throw new NotSupportedException();

    /// <summary>The rolling hash: equal on all replicas at an equal index. Safe from any thread.</summary>
    public ulong Hash => throw new NotSupportedException();

    /// <summary>The replicated members. Safe from any thread.</summary>
    public MemberTable Members => throw new NotSupportedException();

    /// <summary>Sizes as of the last published root. Safe from any thread.</summary>
    public StateMachineStats Stats => throw new NotSupportedException();

    /// <summary>Applies committed entries in order and publishes one root for them all. Single writer.</summary>
    /// <exception cref="UnknownCommandException">This node is too old for the log; it must stop.</exception>
    public void ApplyBatch(ReadOnlySpan<CommittedEntry> entries, IApplySink sink) => throw new NotSupportedException();

    /// <summary>Opens an immutable view of the last published root: O(1), any thread, never waits for apply.</summary>
    public ReadView OpenView() => throw new NotSupportedException();

    /// <summary>
    /// Rewrites up to about <paramref name="bytesMax"/> bytes of records that compaction has made sparse. Called by
    /// the writer between batches; no answer, hash or snapshot can see it.
    /// </summary>
    /// <returns>Whether there is more to do now.</returns>
    public bool CompactStep(int bytesMax) => throw new NotSupportedException();

    /// <summary>Begins a snapshot of the last published root: O(1), called by the writer.</summary>
    public StateSnapshot BeginSnapshot() => throw new NotSupportedException();

    /// <summary>Ends the state machine. Its memory goes when the last open view or snapshot is disposed.</summary>
    public void Dispose() => throw new NotSupportedException();
}
