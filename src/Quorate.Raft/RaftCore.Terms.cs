namespace Quorate.Raft;

/// <summary>The term gate: what a higher or lower term does, for every message, once.</summary>
public sealed partial class RaftCore
{
    // Far above what any cluster reaches, and far below where the next number would wrap.
    private const ulong NumberMax = 1UL << 62;

    /// <summary>A message has arrived. The outcome says which entries it carried entered the log.</summary>
    public StepOutcome Step(Message message)
    {
        ArgumentNullException.ThrowIfNull(message);
        if (message.To != _self || message.From == _self || message.From == NodeId.None
            || message.Term.Value > NumberMax)
        {
            Reject(message, "its sender, receiver or term cannot be");
            return StepOutcome.None;
        }

        return PassesGate(message) ? Dispatch(message) : StepOutcome.None;
    }

    private StepOutcome Dispatch(Message message)
    {
        switch (message)
        {
            case Message.AppendRequest request:
                return OnAppendRequest(request);
            case Message.ForwardedProposals request:
                return OnForwardedProposals(request);
            case Message.AppendResponse response:
                OnAppendResponse(response);
                break;
            case Message.HeartbeatRequest request:
                OnHeartbeatRequest(request);
                break;
            case Message.HeartbeatResponse response:
                OnHeartbeatResponse(response);
                break;
            case Message.CommitNews news:
                OnCommitNews(news);
                break;
            case Message.ReadIndexRequest request:
                OnReadIndexRequest(request);
                break;
            case Message.ReadIndexResponse response:
                OnReadIndexResponse(response);
                break;
            case Message.ProposalsRefused refused:
                _next.RefusedList.Add(refused);
                break;
            case Message.PreVoteRequest request:
                OnPreVoteRequest(request);
                break;
            case Message.PreVoteResponse response:
                OnPreVoteResponse(response);
                break;
            case Message.VoteRequest request:
                OnVoteRequest(request);
                break;
            case Message.VoteResponse response:
                OnVoteResponse(response);
                break;
            case Message.SnapshotRequest request:
                OnSnapshotRequest(request);
                break;
            case Message.SnapshotResponse response:
                OnSnapshotResponse(response);
                break;
            case Message.TimeoutNow order:
                OnTimeoutNow(order);
                break;
            case Message.TransferRequest request:
                OnTransferRequest(request);
                break;
        }

        return StepOutcome.None;
    }

    private bool PassesGate(Message message) => message switch
    {
        Message.VoteRequest request => PassesVoteGate(request, request.Transfer),
        Message.PreVoteRequest request => PassesPreVoteGate(request),
        Message.AppendRequest or Message.HeartbeatRequest or Message.SnapshotRequest => PassesLeaderGate(message),

        // One way, and meaningless in any other term than ours.
        Message.CommitNews or Message.TimeoutNow => message.Term == _hard.Term && LeaderId == message.From,

        // A granted pre-vote carries the term that was asked for; nobody is there yet.
        Message.PreVoteResponse { Granted: true } => message.Term == _hard.Term.Next,
        Message.PreVoteResponse or Message.VoteResponse or Message.AppendResponse or Message.HeartbeatResponse
            or Message.SnapshotResponse => PassesResponseGate(message),

        // Forwards and reads are judged by role, whatever the term.
        _ => true,
    };

    private bool PassesVoteGate(Message.VoteRequest request, bool transfer)
    {
        if (request.Term < _hard.Term)
        {
            SendHeld(new Message.VoteResponse(_self, request.From, _hard.Term, Granted: false));
            return false;
        }

        if (request.Term > _hard.Term)
        {
            if (!transfer && IsLeaderHeard)
            {
                Tell(new RaftFact.VoteRequestIgnored(request.From, request.Term, LeaderId));
                return false;
            }

            BecomeFollower(request.Term, NodeId.None, $"{request.From} asks for a vote in t{request.Term}");
        }

        return true;
    }

    private bool PassesPreVoteGate(Message.PreVoteRequest request)
    {
        if (request.Term < _hard.Term)
        {
            SendHeld(new Message.PreVoteResponse(_self, request.From, _hard.Term, Granted: false));
            return false;
        }

        if (request.Term > _hard.Term && IsLeaderHeard)
        {
            Tell(new RaftFact.VoteRequestIgnored(request.From, request.Term, LeaderId));
            return false;
        }

        return true;
    }

    private bool PassesLeaderGate(Message message)
    {
        if (message.Term < _hard.Term)
        {
            AnswerLowerTerm(message);
            return false;
        }

        if (message.Term > _hard.Term || _role is RoleState.PreCandidate or RoleState.Candidate)
        {
            BecomeFollower(message.Term, message.From, $"{message.From} leads t{message.Term}");
        }
        else if (_role is RoleState.Follower follower && follower.Following == NodeId.None)
        {
            follower.Following = message.From;
            Tell(new RaftFact.LeaderFollowed(message.From, _hard.Term));
        }

        if (LeaderId != message.From)
        {
            Reject(message, $"{LeaderId} leads this term");
            return false;
        }

        HearLeader();
        return true;
    }

    // A leader of an older term learns from any of its peers that it is none, and steps down.
    private void AnswerLowerTerm(Message message)
    {
        switch (message)
        {
            case Message.AppendRequest request:
                SendHeld(new Message.AppendResponse(
                    _self, request.From, _hard.Term, Accepted: false, request.Previous.Index, EntryId.Zero));
                break;
            case Message.HeartbeatRequest request:
                SendNow(new Message.HeartbeatResponse(_self, request.From, _hard.Term, ReadRound: 0, LogIndex.Zero));
                break;
            case Message.SnapshotRequest request:
                SendHeld(new Message.SnapshotResponse(
                    _self, request.From, _hard.Term, request.Metadata.Last, Wanted: false));
                break;
        }
    }

    private bool PassesResponseGate(Message message)
    {
        if (message.Term > _hard.Term)
        {
            BecomeFollower(message.Term, NodeId.None, $"{message.From} is in t{message.Term}");
            return false;
        }

        return message.Term == _hard.Term;
    }

    // Thesis 4.2.3: a member that hears a leader, or is it, lets nobody disturb it.
    private bool IsLeaderHeard =>
        _role is RoleState.Leader
        || (_leaderHeardAt != 0 && _tick - _leaderHeardAt < (ulong)_options.ElectionTicks);

    private void HearLeader()
    {
        _leaderHeardAt = _tick;
        _contactAt = _tick;
        _isTimeoutTold = false;
        _isLeaderGone = false;
        _timer.Restart();
    }

    /// <summary>Follows <paramref name="leader"/>, or nobody yet, in a term that is ours or higher.</summary>
    private void BecomeFollower(Term term, NodeId leader, string because)
    {
        Invariant.Holds(term >= _hard.Term, "the term never goes back");
        EndReads(RefusalReason.NoLeader);
        if (_role is RoleState.Leader led)
        {
            _contactAt = led.Peers.Agreed(Measure.HeardAt, own: _tick);
        }

        if (_role is not RoleState.Follower)
        {
            Tell(new RaftFact.SteppedDown(_role.Role, term, because));
            _timer.Restart();
        }

        AdoptAtLeast(term);
        _leaderHeardAt = 0;
        _role = new RoleState.Follower(leader, _options.PendingReadsMax);
        if (leader != NodeId.None)
        {
            Tell(new RaftFact.LeaderFollowed(leader, term));
        }
    }

    private void AdoptAtLeast(Term term)
    {
        if (term > _hard.Term)
        {
            Tell(new RaftFact.TermChanged(_hard.Term, term));
            _hard = new HardState(term, NodeId.None);
            _termSince = _tick;
        }
    }

    private void Reject(Message message, string because) =>
        Tell(new RaftFact.MessageRejected(message.From, message.GetType().Name, because));
}
