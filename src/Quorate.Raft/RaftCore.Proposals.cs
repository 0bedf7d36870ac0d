namespace Quorate.Raft;

/// <summary>Proposals, our own and forwarded ones: appended by a leader, each judged exactly once.</summary>
public sealed partial class RaftCore
{
    /// <summary>
    /// Local proposals: appended by a leader, to be forwarded by a follower, or refused, all together.
    /// </summary>
    public StepOutcome Propose(IReadOnlyList<ProposalHeader> proposals)
    {
        ArgumentNullException.ThrowIfNull(proposals);
        foreach (var proposal in proposals)
        {
            Invariant.Holds(proposal.Kind == EntryKind.Command, "a shell proposes commands");
        }

        if (_role is RoleState.Leader leader)
        {
            return WhyNotNow(leader) is { } why
                ? StepOutcome.None with { Refused = why }
                : AppendProposals(proposals, skipped: 0);
        }

        return LeaderId != NodeId.None
            ? StepOutcome.None with { ForwardTo = LeaderId }
            : StepOutcome.None with { Refused = WhyNoLeader };
    }

    private RefusalReason WhyNoLeader =>
        _log.Config.Voters.IsEmpty ? RefusalReason.Unconfigured : RefusalReason.NoLeader;

    private RefusalReason? WhyNotNow(RoleState.Leader leader)
    {
        if (leader.GaveWayAt != 0 || leader.Transfer is not null)
        {
            return RefusalReason.Transferring;
        }

        var unstable = _log.BytesBetween(_writes.Stable, _log.LastIndex);
        var unapplied = _log.BytesBetween(_applied, _log.LastIndex);
        return unstable >= _options.UnstableBytesMax || unapplied >= _options.UnappliedBytesMax
            ? RefusalReason.Overloaded
            : null;
    }

    private StepOutcome AppendProposals(IReadOnlyList<ProposalHeader> proposals, int skipped)
    {
        var first = _log.LastIndex.Next;
        var term = _hard.Term;
        for (var i = skipped; i < proposals.Count; i++)
        {
            var proposal = proposals[i];
            var id = new EntryId(term, _log.LastIndex.Next);
            AppendToLog(new EntryHeader(id, proposal.Kind, proposal.Id, proposal.Length));
        }

        return new StepOutcome(skipped, first, proposals.Count - skipped, term, null, NodeId.None);
    }

    private StepOutcome OnForwardedProposals(Message.ForwardedProposals request)
    {
        var proposals = request.Proposals;
        if (FindFault(request) is { } fault)
        {
            Reject(request, fault);
            return StepOutcome.None;
        }

        var judged = proposals.Count == 0 ? 0 : _forwards.CountJudgedAndNote(proposals);
        if (judged > 0)
        {
            Tell(new RaftFact.ProposalsDropped(request.From, judged));
        }

        if (judged == proposals.Count)
        {
            return StepOutcome.None;
        }

        var why = _role is RoleState.Leader leader ? WhyNotNow(leader) : RefusalReason.NotLeader;
        if (why is null)
        {
            return AppendProposals(proposals, skipped: judged);
        }

        RefuseForwards(request, judged, why.Value);
        return StepOutcome.None;
    }

    private void RefuseForwards(Message.ForwardedProposals request, int skipped, RefusalReason why)
    {
        var refused = new ProposalId[request.Proposals.Count - skipped];
        for (var i = 0; i < refused.Length; i++)
        {
            refused[i] = request.Proposals[skipped + i].Id;
        }

        SendNow(new Message.ProposalsRefused(_self, request.From, _hard.Term, refused, why));
    }

    private static string? FindFault(Message.ForwardedProposals request)
    {
        for (var i = 0; i < request.Proposals.Count; i++)
        {
            var proposal = request.Proposals[i];
            var first = request.Proposals[0].Id;
            if (proposal.Kind != EntryKind.Command || proposal.Length < 0)
            {
                return $"proposal {proposal.Id} is no command";
            }

            if (proposal.Id.Member != request.From || proposal.Id.BootNonce != first.BootNonce)
            {
                return $"proposal {proposal.Id} is another member's";
            }

            if (proposal.Id.Sequence == 0 || (i > 0 && proposal.Id.Sequence <= request.Proposals[i - 1].Id.Sequence))
            {
                return $"proposal {proposal.Id} is out of order";
            }
        }

        return null;
    }
}
