namespace Quorate.Raft;

/// <summary>Pre-vote, campaign, casting and counting votes (thesis 3.4, 9.6).</summary>
public sealed partial class RaftCore
{
    /// <summary>
    /// The process of the leader of this term is gone: the host answers, the process does not. A hint to liveness
    /// only, like every timeout; a late, false or doubled one costs at most an election.
    /// </summary>
    public void LeaderGone(Term term)
    {
        if (term != _hard.Term || _role is not RoleState.Follower { Following: var leader } || _leaderHeardAt == 0)
        {
            return;
        }

        _leaderHeardAt = 0;
        _isLeaderGone = true;
        _timer.Hasten();
        Tell(new RaftFact.LeaderReportedGone(leader, term));
    }

    private void TickElection()
    {
        if (!_timer.Tick())
        {
            return;
        }

        // A learner, and a node that belongs to no cluster, waits to be told.
        if (!IsVoter)
        {
            _timer.Restart();
            return;
        }

        // Each campaign is one durable decision: none starts before the last one is on the disk.
        if (_writes.DurableHardState == _hard)
        {
            StartPreVote();
        }
        else if (!_isTimeoutTold)
        {
            _isTimeoutTold = true;
            Tell(new RaftFact.CampaignPostponed(_hard));
        }
    }

    private void StartPreVote()
    {
        EndReads(RefusalReason.NoLeader);
        _isTimeoutTold = false;
        _leaderHeardAt = 0;
        var asked = _hard.Term.Next;
        var candidate = new RoleState.PreCandidate();
        _role = candidate;
        Tell(new RaftFact.ElectionTimeout(asked));
        RestartPreVoteTimer();
        candidate.Votes.TryRecord(_self, granted: true);
        foreach (var voter in _log.Config.AllVoters())
        {
            if (voter != _self)
            {
                SendNow(new Message.PreVoteRequest(_self, voter, asked, _log.Last));
            }
        }

        JudgePreVote(candidate);
    }

    // Peers that have not been told yet that the leader's process is gone ignore us. Asking again changes nothing on
    // them, so it need not wait for a whole timeout.
    private void RestartPreVoteTimer()
    {
        if (_isLeaderGone)
        {
            _timer.Hasten();
        }
        else
        {
            _timer.Restart();
        }
    }

    private void JudgePreVote(RoleState.PreCandidate candidate)
    {
        switch (candidate.Votes.Judge(_log.Config))
        {
            case VoteResult.Won:
                Tell(new RaftFact.PreVoteWon(_hard.Term.Next));
                Campaign(transfer: false);
                break;
            case VoteResult.Lost:
                Tell(new RaftFact.ElectionLost(_hard.Term.Next, RaftRole.PreCandidate));
                BecomeFollower(_hard.Term, NodeId.None, "a quorum would not elect it");
                break;
        }
    }

    // The requests are held like votes: with the term not durable, a candidate could win on others' votes, append,
    // crash, forget the term and win it again with other entries.
    private void Campaign(bool transfer)
    {
        EndReads(RefusalReason.NoLeader);
        var from = _hard.Term;
        _hard = new HardState(from.Next, _self);
        _termSince = _tick;
        _leaderHeardAt = 0;
        var candidate = new RoleState.Candidate();
        _role = candidate;
        Tell(new RaftFact.TermChanged(from, _hard.Term));
        Tell(new RaftFact.Campaigned(_hard.Term, transfer));
        foreach (var voter in _log.Config.AllVoters())
        {
            if (voter != _self)
            {
                SendHeld(new Message.VoteRequest(_self, voter, _hard.Term, _log.Last, transfer));
            }
        }
    }

    /// <summary>Term and vote are durable: our own vote counts, the requests are out, the timer starts.</summary>
    private void Release(RoleState.Candidate candidate)
    {
        candidate.IsReleased = true;
        _timer.Restart();
        candidate.Votes.TryRecord(_self, granted: true);
        JudgeElection(candidate);
    }

    private void JudgeElection(RoleState.Candidate candidate)
    {
        if (!candidate.IsReleased)
        {
            return;
        }

        switch (candidate.Votes.Judge(_log.Config))
        {
            case VoteResult.Won:
                BecomeLeader();
                break;
            case VoteResult.Lost:
                Tell(new RaftFact.ElectionLost(_hard.Term, RaftRole.Candidate));
                BecomeFollower(_hard.Term, NodeId.None, "a quorum refused its vote");
                break;
        }
    }

    private void OnPreVoteRequest(Message.PreVoteRequest request)
    {
        var (granted, because) = JudgeVote(request.From, request.Term, request.Last);
        Tell(new RaftFact.PreVoteCast(request.From, request.Term, granted, because));
        SendHeld(new Message.PreVoteResponse(
            _self, request.From, granted ? request.Term : _hard.Term, granted));
    }

    private void OnVoteRequest(Message.VoteRequest request)
    {
        var (granted, because) = JudgeVote(request.From, request.Term, request.Last);
        Tell(new RaftFact.VoteCast(request.From, request.Term, granted, because));
        if (granted)
        {
            if (_role is RoleState.PreCandidate)
            {
                BecomeFollower(_hard.Term, NodeId.None, $"votes for {request.From}");
            }

            _hard = _hard with { Vote = request.From };
            _timer.Restart();
        }

        SendHeld(new Message.VoteResponse(_self, request.From, _hard.Term, granted));
    }

    // Section 3.6.1: a vote goes only to a log at least as up to date as ours; section 3.4: one vote in each term.
    private (bool Granted, string Because) JudgeVote(NodeId candidate, Term term, EntryId last)
    {
        if (term == _hard.Term && _hard.Vote != candidate)
        {
            if (_hard.Vote != NodeId.None)
            {
                return (false, $"already voted for {_hard.Vote}");
            }

            if (LeaderId != NodeId.None)
            {
                return (false, $"{LeaderId} leads this term");
            }
        }

        return last >= _log.Last
            ? (true, $"log {last} is up to date")
            : (false, $"log {last} is behind {_log.Last}");
    }

    private void OnPreVoteResponse(Message.PreVoteResponse response)
    {
        if (_role is RoleState.PreCandidate candidate
            && candidate.Votes.TryRecord(response.From, response.Granted))
        {
            JudgePreVote(candidate);
        }
    }

    private void OnVoteResponse(Message.VoteResponse response)
    {
        if (_role is RoleState.Candidate candidate
            && candidate.Votes.TryRecord(response.From, response.Granted))
        {
            JudgeElection(candidate);
        }
    }

    // Section 3.10. The gate has checked that it comes from our leader, in our term.
    private void OnTimeoutNow(Message.TimeoutNow order)
    {
        if (!IsVoter || _writes.DurableHardState != _hard)
        {
            Reject(order, IsVoter ? "our term is not durable yet" : "we are no voter");
            return;
        }

        Campaign(transfer: true);
    }
}
