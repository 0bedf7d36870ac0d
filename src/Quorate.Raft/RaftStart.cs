namespace Quorate.Raft;

/// <summary>What a core starts from: what recovery found durable on this disk.</summary>
public sealed class RaftStart
{
    /// <summary>Term and vote.</summary>
    public HardState HardState { get; init; }

    /// <summary>The newest snapshot, or null. The log holds what stands behind it.</summary>
    public SnapshotMetadata? Snapshot { get; init; }

    /// <summary>
    /// The entry before the first one in <see cref="Entries"/>: at or below the snapshot, since some entries are
    /// kept for slow followers. <see cref="EntryId.Zero"/> for a log that starts at 1.
    /// </summary>
    public EntryId Before { get; init; }

    /// <summary>The headers of all entries in the log, consecutive; all durable.</summary>
    public IReadOnlyList<EntryHeader> Entries { get; init; } = [];

    /// <summary>The configurations carried by those entries.</summary>
    public IReadOnlyList<ConfigEntry> Configs { get; init; } = [];

    /// <summary>The last entry applied to the state machine: that of its newest snapshot.</summary>
    public LogIndex Applied { get; init; }
}
