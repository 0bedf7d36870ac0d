namespace Quorate.Raft;

/// <summary>A configuration and its place in the log.</summary>
public sealed record ConfigEntry(LogIndex Index, ClusterConfig Config);
