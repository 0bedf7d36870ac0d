namespace Quorate.Raft;

/// <summary>What a leader sends at the end of a turn: heartbeats, appends, commit news, offers of a snapshot.</summary>
public sealed partial class RaftCore
{
    private void SendAsLeader(RoleState.Leader leader)
    {
        RecomputeCommit(leader);
        AdvanceConfig(leader);
        TurnReadRounds(leader);
        foreach (var peer in leader.Peers.Peers)
        {
            if (leader.IsBeatDue)
            {
                SendHeartbeat(leader, peer);
            }

            SendAppends(peer);
            SendCommitNews(peer);
        }

        AdvanceTransfer(leader);
        leader.IsBeatDue = false;
        if (leader.IsRemoved)
        {
            LeaveAsRemoved(leader);
        }
    }

    private bool HasLeaderWork(RoleState.Leader leader)
    {
        if (leader.IsBeatDue || leader.HasNewAcknowledgements || leader.HasNewEchoes || leader.Reads.CanStart)
        {
            return true;
        }

        if (leader.Transfer is { IsTold: false } transfer && leader.Peers.Find(transfer.Target) is { } target
            && target.Match >= _log.LastIndex)
        {
            return true;
        }

        foreach (var peer in leader.Peers.Peers)
        {
            if (CanSend(peer) || peer.IsOfferDue || peer.IsNudgeDue || CommitToTell(peer) > peer.CommitTold)
            {
                return true;
            }
        }

        return false;
    }

    private void SendHeartbeat(RoleState.Leader leader, Progress peer)
    {
        peer.CommitTold = CommitToTell(peer);
        peer.BeatSent();
        SendNow(new Message.HeartbeatRequest(_self, peer.Id, _hard.Term, peer.CommitTold, leader.Reads.Round));
    }

    private void SendAppends(Progress peer)
    {
        while (CanSend(peer))
        {
            if (!_log.TryTermAt(peer.Next.Previous, out var term))
            {
                OfferSnapshot(peer);
                break;
            }

            SendAppend(peer, new EntryId(term, peer.Next.Previous));
        }

        if (peer.IsNudgeDue)
        {
            SendEmptyAppend(peer);
        }

        if (peer.IsOfferDue)
        {
            SendOffer(peer);
        }
    }

    /// <summary>
    /// Batching clocks itself on the round trip: while small appends are out, later entries gather until one is
    /// acknowledged or there are enough bytes for a full append.
    /// </summary>
    private bool CanSend(Progress peer)
    {
        switch (peer.State)
        {
            case ProgressState.Probe:
                return !peer.IsProbeOut;
            case ProgressState.Snapshot:
                return false;
        }

        var inflights = peer.Inflights;
        if (peer.Next > _log.LastIndex || inflights.IsFull)
        {
            return false;
        }

        var waiting = Math.Min(_log.BytesBetween(peer.Next.Previous, _log.LastIndex), _options.AppendBytes);
        return inflights.Count == 0
            || ((inflights.Count < _options.AppendsInFlight || waiting == _options.AppendBytes)
                && inflights.Bytes + waiting <= _options.InflightBytesMax);
    }

    private void SendAppend(Progress peer, EntryId previous)
    {
        var last = peer.Next > _log.LastIndex
            ? previous.Index
            : _log.LastWithin(peer.Next, _options.AppendBytes, _log.LastIndex);
        Send(peer, previous, last);
        if (peer.State == ProgressState.Probe)
        {
            peer.ProbeSent(_tick);
        }
        else
        {
            peer.AppendSent(last, _log.BytesBetween(previous.Index, last), _tick);
        }
    }

    /// <summary>Asks for the acknowledgement of all that was sent: the last one seems to be lost.</summary>
    private void SendEmptyAppend(Progress peer)
    {
        peer.IsNudgeDue = false;
        if (_log.TryTermAt(peer.Next.Previous, out var term))
        {
            Send(peer, new EntryId(term, peer.Next.Previous), peer.Next.Previous);
        }
        else
        {
            // Trimmed meanwhile: what was sent can be named no more, and only a snapshot gets it moving again.
            OfferSnapshot(peer);
        }
    }

    private void Send(Progress peer, EntryId previous, LogIndex last)
    {
        var commit = LogIndex.Min(_commit, last);
        peer.CommitTold = LogIndex.Max(peer.CommitTold, commit);
        _next.AppendList.Add(new AppendToSend(peer.Id, _hard.Term, previous, _log.IdAt(last), commit));
    }

    // What a follower is told is bounded by what it is known to hold: its tail may be another leader's.
    private LogIndex CommitToTell(Progress peer) => LogIndex.Min(_commit, peer.Match);

    private void SendCommitNews(Progress peer)
    {
        var commit = CommitToTell(peer);
        if (commit > peer.CommitTold)
        {
            peer.CommitTold = commit;
            SendNow(new Message.CommitNews(_self, peer.Id, _hard.Term, commit));
        }
    }
}
