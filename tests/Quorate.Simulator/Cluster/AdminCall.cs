using Quorate.Node;
using Quorate.Raft;

namespace Quorate.Simulator;

/// <summary>A change that the administrator has asked for: what it is told must be so.</summary>
internal sealed class AdminCall(SimCluster cluster, MemberChange change) : IChangeWaiter
{
    private readonly AskedChange _asked = cluster.Checker.Changes.Asked(change);
    private bool _isGivenUp;

    public MemberChange Change => change;

    public bool IsTold { get; private set; }

    public bool IsDone => _asked.Outcome is { IsDone: true };

    public void Completed(in ChangeOutcome outcome)
    {
        cluster.Trace($"{change}: {outcome}");
        if (IsTold && !_isGivenUp)
        {
            throw new CheckerException("Outcomes", $"a waiter was told twice: {change}");
        }

        IsTold = true;
        _asked.Outcome = outcome;
        if (outcome.Kind == OutcomeKind.NotDone)
        {
            cluster.Checker.Changes.Judge();
        }
        else if (outcome.IsDone)
        {
            JudgeDone(outcome.Member);
        }
    }

    /// <summary>The process that was asked may have ended without a word.</summary>
    public void GiveUp()
    {
        _isGivenUp = !IsTold;
        IsTold = true;
    }

    private void JudgeDone(NodeId member)
    {
        var committed = cluster.Checker.CommittedConfig;
        var isSo = change switch
        {
            MemberChange.Remove remove =>
                committed.IsJoint || Roster.Of(committed).Find(remove.Member) is null,
            _ => cluster.Checker.WasMember(member),
        };
        if (!isSo)
        {
            throw new CheckerException("Membership", $"{change} was told done for {member}; committed is {committed}");
        }
    }
}

/// <summary>Somebody who asked that leadership be handed over.</summary>
internal sealed class TransferCall(SimNode asked)
{
    private readonly SimProcess _life = asked.Process!;
    private bool _isTold;

    public void Told(TransferRefusal? refused)
    {
        if (_isTold)
        {
            throw new CheckerException("Outcomes", $"node {asked.Number} told twice what became of a transfer");
        }

        _isTold = true;
        if (refused is null && _life.IsAlive && asked.Member!.Core.Role.Role == RaftRole.Leader)
        {
            throw new CheckerException("Outcomes", $"node {asked.Number} leads, and said that it had handed over");
        }
    }
}
