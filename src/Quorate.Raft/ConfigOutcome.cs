namespace Quorate.Raft;

/// <summary>What became of a proposed configuration.</summary>
/// <param name="Refused">Why it was not taken; null if it was.</param>
/// <param name="Entry">Its entry in the log, when it was taken: in force from here, committed later.</param>
public readonly record struct ConfigOutcome(ConfigRefusal? Refused, EntryId Entry);
