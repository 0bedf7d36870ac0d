using Quorate.Mvcc;
using Quorate.Raft;

namespace Quorate.Node;

/// <summary>The three things that can be said of a proposal. They are never mixed up.</summary>
public enum OutcomeKind : byte
{
    /// <summary>Committed and applied.</summary>
    Done = 1,

    /// <summary>Not applied, and never will be.</summary>
    NotDone = 2,

    /// <summary>It may be applied, now or later, or never. Repeat only what is harmless twice.</summary>
    Unknown = 3,
}

/// <summary>What became of a proposal.</summary>
public readonly struct ProposeOutcome
{
    private ProposeOutcome(OutcomeKind kind, ApplyResult result, RefusalReason? refused, EntryId at)
    {
        Kind = kind;
        Result = result;
        Refused = refused;
        At = at;
    }

    /// <summary>Done, not done or unknown.</summary>
    public OutcomeKind Kind { get; }

    /// <summary>What applying gave; meaningful when done.</summary>
    public ApplyResult Result { get; }

    /// <summary>Why it was not taken; null when it was done, unknown, or replaced by another leader's entry.</summary>
    public RefusalReason? Refused { get; }

    /// <summary>Where in the log it stands; meaningful when done.</summary>
    public EntryId At { get; }

    /// <summary>Whether it was committed and applied.</summary>
    public bool IsDone => Kind == OutcomeKind.Done;

    /// <summary>Committed and applied.</summary>
    public static ProposeOutcome Done(ApplyResult result, EntryId at) => new(OutcomeKind.Done, result, null, at);

    /// <summary>Not applied, and never will be.</summary>
    public static ProposeOutcome NotDone(RefusalReason? refused) =>
        new(OutcomeKind.NotDone, default, refused, default);

    /// <summary>It may be applied, or not.</summary>
    public static ProposeOutcome Unknown() => new(OutcomeKind.Unknown, default, null, default);

    /// <summary>As in <c>done 7@2</c>, <c>not done: NoLeader</c>, <c>unknown</c>.</summary>
    public override string ToString() => Kind switch
    {
        OutcomeKind.Done => $"done {At}",
        OutcomeKind.NotDone => $"not done: {Refused?.ToString() ?? "replaced"}",
        _ => "unknown",
    };
}

/// <summary>What became of a linearizable read's question for an index.</summary>
/// <param name="Confirmed">A view opened now shows at least everything acknowledged before the question.</param>
/// <param name="Refused">Why not; null when it was confirmed or no answer came in time.</param>
/// <param name="Index">The confirmed index, applied here.</param>
public readonly record struct ReadOutcome(bool Confirmed, RefusalReason? Refused, LogIndex Index);

/// <summary>Waits for a proposal. Called exactly once, from a pump or from the call that was refused.</summary>
public interface IProposalWaiter
{
    /// <summary>It is decided.</summary>
    void Completed(in ProposeOutcome outcome);
}

/// <summary>Waits for a confirmed index. Called exactly once, from a pump or from the call that was refused.</summary>
public interface IReadWaiter
{
    /// <summary>It is decided.</summary>
    void Completed(in ReadOutcome outcome);
}
