using Quorate.Raft;

namespace Quorate.Storage;

/// <summary>What recovery found in the log: all of it durable.</summary>
public sealed class WalRecovered
{
    /// <summary>
    /// Whether there is any frame. A log is made with its first one: without it the log is gone, not empty.
    /// </summary>
    public bool HasFrames { get; init; }

    /// <summary>Term and vote.</summary>
    public HardState HardState { get; init; }

    /// <summary>The newest install marker still in the log, or null: a snapshot that was installed.</summary>
    public SnapshotMetadata? Install { get; init; }

    /// <summary>The entry before the first one in <see cref="Entries"/>.</summary>
    public EntryId Before { get; init; }

    /// <summary>The headers of all entries in the log, consecutive.</summary>
    public IReadOnlyList<EntryHeader> Entries { get; init; } = [];

    /// <summary>The configurations carried by those entries.</summary>
    public IReadOnlyList<ConfigEntry> Configs { get; init; } = [];

    /// <summary>The last entry that is durable; <see cref="Before"/> in an empty log.</summary>
    public EntryId Mark { get; init; }

    /// <summary>An index known to be committed; at most that of <see cref="Mark"/>.</summary>
    public LogIndex CommitHint { get; init; }

    /// <summary>What recovery has to tell.</summary>
    public IReadOnlyList<StorageFact> Facts { get; init; } = [];

    /// <summary>As in <c>t3 vote=n1 log=(4@1)..9@3</c>.</summary>
    public override string ToString() => $"{HardState} log=({Before})..{Mark}";
}
