using Quorate.Raft;

namespace Quorate.Node;

/// <summary>What became of a change of the members.</summary>
/// <param name="Kind">Done: it is committed, and applied here. A joint step may still be left by itself.</param>
/// <param name="Refused">Why not, when it was not done; null also when another leader's entry took its place.</param>
/// <param name="Words">What is wrong and what to do, when it was refused.</param>
/// <param name="Member">The member it was about; for an addition the new member's id.</param>
public readonly record struct ChangeOutcome(OutcomeKind Kind, ChangeRefusal? Refused, string Words, NodeId Member)
{
    /// <summary>Whether it is committed and applied.</summary>
    public bool IsDone => Kind == OutcomeKind.Done;

    /// <summary>It is committed and applied, or there was nothing to change.</summary>
    public static ChangeOutcome Done(NodeId member) => new(OutcomeKind.Done, null, "", member);

    /// <summary>It was refused.</summary>
    public static ChangeOutcome NotDone(ChangeRefusal why, string words) =>
        new(OutcomeKind.NotDone, why, words, NodeId.None);

    /// <summary>It may have been done, or not.</summary>
    public static ChangeOutcome Unknown(NodeId member) => new(OutcomeKind.Unknown, null, "", member);
}

/// <summary>Waits for a change. Called exactly once, from a pump or from the call that was refused.</summary>
public interface IChangeWaiter
{
    /// <summary>It is decided.</summary>
    void Completed(in ChangeOutcome outcome);
}
