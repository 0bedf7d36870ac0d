namespace Quorate.Raft;

/// <summary>Handing leadership over (thesis 3.10), and elections on demand.</summary>
public sealed partial class RaftCore
{
    /// <summary>
    /// Hands leadership to a voter: waits until it holds our whole log, then tells it to run. Proposals are refused
    /// meanwhile. Given up after an election timeout, and then everything is as before.
    /// </summary>
    /// <param name="target">The voter, or none for the most advanced one that is connected.</param>
    /// <returns>Null when it has begun, else why not.</returns>
    public TransferRefusal? TransferLeadership(NodeId target)
    {
        if (_role is not RoleState.Leader leader)
        {
            return TransferRefusal.NotLeader;
        }

        if (target == _self)
        {
            return TransferRefusal.LeadsAlready;
        }

        if (leader.Transfer is not null || leader.GaveWayAt != 0)
        {
            return TransferRefusal.UnderWay;
        }

        var peer = target == NodeId.None ? MostAdvancedConnected(leader) : leader.Peers.Find(target);
        if (peer is null || !_log.Config.IsVoter(peer.Id))
        {
            return TransferRefusal.NoSuchVoter;
        }

        leader.Transfer = new LeadershipTransfer(peer.Id, _tick);
        Tell(new RaftFact.TransferStarted(peer.Id, peer.Match, _log.LastIndex));
        return null;
    }

    /// <summary>
    /// Begins an election now. A leader that is known is asked to hand over to us; without one it is an ordinary
    /// campaign, pre-vote included.
    /// </summary>
    /// <returns>Null when it has begun, else why not.</returns>
    public TransferRefusal? ForceElection()
    {
        if (_role is RoleState.Leader)
        {
            return TransferRefusal.LeadsAlready;
        }

        if (!IsVoter)
        {
            return TransferRefusal.NotAVoter;
        }

        if (LeaderId != NodeId.None)
        {
            SendNow(new Message.TransferRequest(_self, LeaderId, _hard.Term));
            return null;
        }

        if (_writes.DurableHardState != _hard)
        {
            return TransferRefusal.NotDurable;
        }

        StartPreVote();
        return null;
    }

    // Judged by role, whatever the term: it only asks. A doubled or late one costs an election at most.
    private void OnTransferRequest(Message.TransferRequest request) => TransferLeadership(request.From);

    private Progress? MostAdvancedConnected(RoleState.Leader leader)
    {
        Progress? best = null;
        foreach (var peer in leader.Peers.Peers)
        {
            if (_log.Config.Voters.BinarySearch(peer.Id) >= 0 && IsConnected(peer)
                && (best is null || peer.Match > best.Match))
            {
                best = peer;
            }
        }

        return best;
    }

    /// <summary>Tells the target to run once it holds everything, and again with each heartbeat.</summary>
    private void AdvanceTransfer(RoleState.Leader leader)
    {
        if (leader.Transfer is not { } transfer
            || (transfer.IsTold && !leader.IsBeatDue)
            || leader.Peers.Find(transfer.Target) is not { } peer
            || peer.Match < _log.LastIndex)
        {
            return;
        }

        transfer.IsTold = true;
        SendNow(new Message.TimeoutNow(_self, transfer.Target, _hard.Term));
    }

    private void TickTransfer(RoleState.Leader leader)
    {
        if (leader.Transfer is { } transfer && _tick - transfer.StartedAt >= (ulong)_options.ElectionTicks)
        {
            EndTransfer(leader, "it did not take over within an election timeout");
        }
    }

    private void EndTransfer(RoleState.Leader leader, string because)
    {
        Tell(new RaftFact.TransferAbandoned(leader.Transfer!.Target, because));
        leader.Transfer = null;
    }
}
