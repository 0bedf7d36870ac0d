using Quorate.Raft;

namespace Quorate.Node;

/// <summary>
/// Who waits for a change, as the table of proposals knows it: the outcomes of a proposal in the words of a change.
/// </summary>
internal sealed class ChangeTicket(MemberChange change, IChangeWaiter waiter) : IProposalWaiter
{
    private volatile bool _isTold;

    /// <summary>What was asked for.</summary>
    public MemberChange Change { get; } = change;

    /// <summary>Its proposal.</summary>
    public ProposalId Proposal { get; set; }

    /// <summary>Whom the change is about, once the leader has said so, or our log.</summary>
    public NodeId Member { get; set; }

    /// <summary>Why it was refused, said before the refusal reaches the table.</summary>
    public (ChangeRefusal Why, string Words)? Refusal { get; set; }

    /// <summary>The waiter has been told.</summary>
    public bool IsTold => _isTold;

    /// <inheritdoc/>
    public void Completed(in ProposeOutcome outcome)
    {
        _isTold = true;
        waiter.Completed(outcome.Kind switch
        {
            OutcomeKind.Done => ChangeOutcome.Done(Member),
            OutcomeKind.Unknown => ChangeOutcome.Unknown(Member),
            _ when Refusal is { } refusal => ChangeOutcome.NotDone(refusal.Why, refusal.Words),
            _ when outcome.Refused == RefusalReason.ShuttingDown =>
                ChangeOutcome.NotDone(ChangeRefusal.ShuttingDown, "this node is stopping"),
            _ => ChangeOutcome.NotDone(
                ChangeRefusal.NoLeader, "the leader changed before the change was committed, and dropped it"),
        });
    }
}
