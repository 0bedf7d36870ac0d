namespace Quorate.Raft;

/// <summary>
/// Which entries of an input entered the log. The shell then makes (proposals) or keeps (appends) their records.
/// </summary>
/// <param name="Skipped">How many entries of the input stand before the first one taken.</param>
/// <param name="First">Index given to the first one taken.</param>
/// <param name="Count">How many were taken, consecutive; 0 for none.</param>
/// <param name="Term">Their term where the core gave it (proposals).</param>
/// <param name="Refused">For <see cref="RaftCore.Propose"/>: why none was taken; null if taken or to be
/// forwarded.</param>
/// <param name="ForwardTo">For <see cref="RaftCore.Propose"/> on a follower: send them to this leader.</param>
public readonly record struct StepOutcome(
    int Skipped, LogIndex First, int Count, Term Term, RefusalReason? Refused, NodeId ForwardTo)
{
    /// <summary>Nothing entered the log.</summary>
    public static readonly StepOutcome None;
}
