namespace Quorate.Raft;

/// <summary>
/// Everything that is to be done after a turn, named by when it may be done. Taken once with
/// <see cref="RaftCore.TakeReady"/>; the lists belong to the taker until it takes the next.
/// </summary>
/// <remarks>
/// <list type="bullet">
/// <item><see cref="Messages"/> and <see cref="Appends"/> may leave at once: the term they carry is durable.</item>
/// <item><see cref="Write"/> goes to the log; its completion comes back as <see cref="RaftCore.Persisted"/>.</item>
/// <item><see cref="HeldMessages"/> leave when every write up to <see cref="HeldUntil"/> is durable.</item>
/// <item><see cref="Committed"/> is durable here and committed: apply it, and answer from there.</item>
/// </list>
/// </remarks>
public sealed class Ready
{
    /// <summary>
    /// The no-op that begins a term just won, or null. It stands in <see cref="Write"/> and in <see cref="Appends"/>
    /// like any entry; the shell makes its record (kind Noop, no proposal, no payload) before it looks at them.
    /// </summary>
    public EntryId? Noop { get; internal set; }

    /// <summary>What to make durable, or null.</summary>
    public LogWrite? Write { get; internal set; }

    /// <summary>Messages that may leave at once.</summary>
    public IReadOnlyList<Message> Messages => MessageList;

    /// <summary>Appends that may leave at once, beside our own write. Their entries are ranges of our log.</summary>
    public IReadOnlyList<AppendToSend> Appends => AppendList;

    /// <summary>Votes, vote requests and answers to appends: they leave after <see cref="HeldUntil"/>.</summary>
    public IReadOnlyList<Message> HeldMessages => HeldList;

    /// <summary>The write that must be durable, with all before it, before <see cref="HeldMessages"/> leave.</summary>
    public WriteId HeldUntil { get; internal set; }

    /// <summary>
    /// A received snapshot to install before any later entry is applied; its marker is part of <see cref="Write"/>,
    /// and the tables are swapped only when that write is durable.
    /// </summary>
    public SnapshotMetadata? Install { get; internal set; }

    /// <summary>Entries to apply, in order: committed and durable here.</summary>
    public EntryRange Committed { get; internal set; } = EntryRange.Empty;

    /// <summary>Reads whose index is confirmed: answer each once that index is applied.</summary>
    public IReadOnlyList<ReadAnswer> Reads => ReadList;

    /// <summary>Peers that need a snapshot and want it: start to stream the newest one.</summary>
    public IReadOnlyList<SnapshotToSend> Snapshots => SnapshotList;

    /// <summary>Forwarded proposals of ours that the leader refused: not done.</summary>
    public IReadOnlyList<Message.ProposalsRefused> Refused => RefusedList;

    /// <summary>Everything that happened, in order. The shell logs, counts and shows it; the core does not.</summary>
    public IReadOnlyList<RaftFact> Facts => FactList;

    /// <summary>Whether there is nothing to do.</summary>
    public bool IsEmpty =>
        Noop is null && Write is null && Install is null && Committed.IsEmpty
        && MessageList.Count == 0 && AppendList.Count == 0
        && HeldList.Count == 0 && ReadList.Count == 0 && SnapshotList.Count == 0 && RefusedList.Count == 0
        && FactList.Count == 0;

    internal void Clear()
    {
        Noop = null;
        Write = null;
        HeldUntil = WriteId.None;
        Install = null;
        Committed = EntryRange.Empty;
        MessageList.Clear();
        AppendList.Clear();
        HeldList.Clear();
        ReadList.Clear();
        SnapshotList.Clear();
        RefusedList.Clear();
        FactList.Clear();
    }

    internal List<Message> MessageList { get; } = [];

    internal List<AppendToSend> AppendList { get; } = [];

    internal List<Message> HeldList { get; } = [];

    internal List<ReadAnswer> ReadList { get; } = [];

    internal List<SnapshotToSend> SnapshotList { get; } = [];

    internal List<Message.ProposalsRefused> RefusedList { get; } = [];

    internal List<RaftFact> FactList { get; } = [];
}

/// <summary>One hand-over to the disk.</summary>
/// <param name="Id">Its number.</param>
/// <param name="HardState">Term and vote as they stand; written with every frame.</param>
/// <param name="HardStateChanged">Whether term or vote differ from the write before.</param>
/// <param name="Entries">New entries. Where the first stands at or below an index written before, it replaces that
/// entry and everything behind it.</param>
/// <param name="Install">The marker of an installed snapshot, or null. The log before it is void; entries behind
/// it stay only if <paramref name="KeepSuffix"/>.</param>
/// <param name="KeepSuffix">The log holds the snapshot's last entry, so what stands behind it stays.</param>
public sealed record LogWrite(
    WriteId Id, HardState HardState, bool HardStateChanged, EntryRange Entries, SnapshotMetadata? Install,
    bool KeepSuffix);

/// <summary>An append on its way out: a range of our log, resolved to bytes by the sender.</summary>
/// <param name="To">The receiver.</param>
/// <param name="Term">Our term.</param>
/// <param name="Previous">The entry before the first.</param>
/// <param name="Last">The last entry; equal to <paramref name="Previous"/> for an empty append. If our log no
/// longer holds exactly this entry when the range is resolved, the append is dropped.</param>
/// <param name="Commit">min(commit index, <paramref name="Last"/>).</param>
public readonly record struct AppendToSend(NodeId To, Term Term, EntryId Previous, EntryId Last, LogIndex Commit)
{
    /// <summary>The entries to send.</summary>
    public EntryRange Range => new(Previous.Index.Next, Last.Index);
}

/// <summary>A read, named by the shell.</summary>
public readonly record struct ReadId(ulong Value);

/// <summary>What became of a read: a confirmed index, or a reason why there is none.</summary>
/// <param name="Id">The read.</param>
/// <param name="Index">Answer when this index is applied; meaningless if refused.</param>
/// <param name="Refused">Null when confirmed.</param>
public readonly record struct ReadAnswer(ReadId Id, LogIndex Index, RefusalReason? Refused);

/// <summary>A peer that needs a snapshot and said that it wants it.</summary>
/// <param name="To">The peer.</param>
/// <param name="Term">Our term.</param>
/// <param name="Last">The snapshot that was offered: the last entry it includes.</param>
public readonly record struct SnapshotToSend(NodeId To, Term Term, EntryId Last);
