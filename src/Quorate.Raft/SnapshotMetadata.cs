namespace Quorate.Raft;

/// <summary>What a snapshot stands for: everything up to and including <paramref name="Last"/>.</summary>
/// <param name="Last">Term and index of the last entry it includes.</param>
/// <param name="ConfigIndex">Where the configuration in force at <paramref name="Last"/> stood in the log.</param>
/// <param name="Config">That configuration.</param>
public sealed record SnapshotMetadata(EntryId Last, LogIndex ConfigIndex, ClusterConfig Config)
{
    /// <summary>As in <c>snapshot 40@3 voters={n1,n2,n3}</c>.</summary>
    public override string ToString() => $"snapshot {Last} {Config}";
}
