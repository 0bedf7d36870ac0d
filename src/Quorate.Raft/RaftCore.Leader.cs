namespace Quorate.Raft;

/// <summary>What a leader does with answers and time: progress, commit, check-quorum, giving way.</summary>
public sealed partial class RaftCore
{
    private const int GiveWayBeats = 3;

    /// <summary>A range for this peer could not be resolved because the log no longer holds it.</summary>
    public void RangeGone(NodeId to)
    {
        if (_role is RoleState.Leader leader && leader.Peers.Find(to) is { State: not ProgressState.Snapshot } peer)
        {
            StartProbe(peer, peer.Match.Next, "entries are gone from our log");
        }
    }

    /// <summary>The link to this peer broke: what was in flight to it may be lost.</summary>
    public void PeerUnreachable(NodeId peer)
    {
        if (_role is RoleState.Leader leader
            && leader.Peers.Find(peer) is { State: ProgressState.Replicate } progress)
        {
            StartProbe(progress, progress.Match.Next, "its link broke");
        }
    }

    private void BecomeLeader()
    {
        var noop = new EntryId(_hard.Term, _log.LastIndex.Next);
        var peers = new ProgressTracker(_options, _log.Config, _log.LastIndex, _commit, _tick);
        _role = new RoleState.Leader(peers, noop.Index, _options.PendingReadsMax);

        // Section 3.6.2: nothing of an older term commits by counting, so each term begins with an entry of its own.
        AppendToLog(new EntryHeader(noop, EntryKind.Noop, ProposalId.None, _options.NoopBytes));
        _next.Noop = noop;
        Tell(new RaftFact.ElectionWon(_hard.Term, noop));
    }

    private void TickLeader(RoleState.Leader leader)
    {
        leader.TicksSinceBeat++;
        if (leader.TicksSinceBeat >= _options.HeartbeatTicks)
        {
            leader.TicksSinceBeat = 0;
            leader.IsBeatDue = true;
            OfferSnapshotsAgain(leader);
            ForgetRemovedPeers(leader);
        }

        CheckQuorum(leader);
        if (ReferenceEquals(_role, leader))
        {
            TickTransfer(leader);
            CheckOwnDisk(leader);
        }
    }

    // Section 6.2: a leader that hears no quorum for an election timeout cannot lead any more.
    private void CheckQuorum(RoleState.Leader leader)
    {
        var heardAt = leader.Peers.Agreed(Measure.HeardAt, own: _tick);
        if (_tick - heardAt >= (ulong)_options.ElectionTicks)
        {
            BecomeFollower(_hard.Term, NodeId.None, "no quorum was heard for an election timeout");
        }
    }

    // While our oldest write hangs and a quorum of others has made durable what it brings, we hold up the cluster.
    // An echo proves nothing here: when all disks stall (three nodes on one disk) nobody would do better, and we stay.
    private void CheckOwnDisk(RoleState.Leader leader)
    {
        if (!_writes.TryOldestTick(out var since)
            || _tick - since < (ulong)_options.ElectionTicks
            || leader.Peers.Agreed(Measure.Match, own: 0) <= _writes.Stable.Value)
        {
            leader.GaveWayAt = 0;
            return;
        }

        if (leader.GaveWayAt == 0 && leader.Peers.MostAdvancedVoter() is { } voter)
        {
            leader.GaveWayAt = _tick;
            Tell(new RaftFact.GaveWay(voter.Id, _writes.Acknowledged.Next));
            SendNow(new Message.TimeoutNow(_self, voter.Id, _hard.Term));
        }
        else if (_tick - leader.GaveWayAt >= (ulong)(_options.HeartbeatTicks * GiveWayBeats))
        {
            BecomeFollower(_hard.Term, NodeId.None, "our disk hangs and nobody has taken over");
        }
    }

    private void OnAppendResponse(Message.AppendResponse response)
    {
        if (_role is not RoleState.Leader leader || leader.Peers.Find(response.From) is not { } peer)
        {
            return;
        }

        if (response.Index > _log.LastIndex)
        {
            Reject(response, $"index {response.Index} is behind our log, which ends with {_log.Last}");
            return;
        }

        Hear(peer);
        if (response.Accepted)
        {
            OnAccepted(leader, peer, response.Index);
        }
        else
        {
            OnRefused(peer, response);
        }
    }

    private void OnAccepted(RoleState.Leader leader, Progress peer, LogIndex acknowledged)
    {
        if (peer.TryAdvance(acknowledged))
        {
            peer.MovedAt = _tick;
            leader.HasNewAcknowledgements = true;
        }

        peer.JudgeRound(_commit, _tick, (ulong)_options.ElectionTicks);
        var isBack = peer.State switch
        {
            // The probe, even an empty one, found the meeting place.
            ProgressState.Probe => acknowledged >= peer.Match,

            // The snapshot is in, or the follower got there by another way: the next entry is in our log again.
            ProgressState.Snapshot => peer.Match >= _log.Before.Index,
            _ => false,
        };

        if (isBack)
        {
            peer.BecomeReplicate();
            Tell(new RaftFact.ReplicateStarted(peer.Id, peer.Next));
        }
    }

    private void OnRefused(Progress peer, Message.AppendResponse response)
    {
        // What is known equal stays so, and a probe is answered for its own place only: all else is an old answer.
        var isStale = peer.State switch
        {
            ProgressState.Probe => response.Index.Next != peer.Next || response.Index <= peer.Match,
            ProgressState.Replicate => response.Index <= peer.Match,
            _ => true,
        };

        if (!isStale)
        {
            StartProbe(peer, NextAfterRefusal(response), $"{response.Index} differs, it has {response.Conflict}");
        }
    }

    // The logs can meet at the follower's hint, or, where our own term there is higher, further down; see
    // docs/raft/probing.md.
    private LogIndex NextAfterRefusal(Message.AppendResponse response)
    {
        var upTo = LogIndex.Min(response.Conflict.Index, response.Index);
        if (!_log.TryLastOfTermAtMost(response.Conflict.Term, upTo, out var meeting))
        {
            // Below our first entry: only a snapshot can help.
            return LogIndex.Min(upTo.Next, _log.Before.Index);
        }

        return LogIndex.Min(meeting.Index.Next, response.Index);
    }

    private void StartProbe(Progress peer, LogIndex next, string because)
    {
        peer.BecomeProbe(next);
        Tell(new RaftFact.ProbeStarted(peer.Id, peer.Next, because));
    }

    private void OnHeartbeatResponse(Message.HeartbeatResponse response)
    {
        if (_role is not RoleState.Leader leader || leader.Peers.Find(response.From) is not { } peer)
        {
            return;
        }

        if (response.ReadRound > leader.Reads.Round)
        {
            Reject(response, $"read round {response.ReadRound} was never started");
            return;
        }

        Hear(peer);
        peer.BeatEchoed();
        peer.JudgeRound(_commit, _tick, (ulong)_options.ElectionTicks);
        if (response.ReadRound > peer.EchoedRound)
        {
            peer.EchoedRound = response.ReadRound;
            leader.HasNewEchoes = true;
        }

        ReviveIfStalled(peer, response.Received);
    }

    // A window full of lost appends, or an acknowledgement that was lost, would otherwise stand for ever.
    private void ReviveIfStalled(Progress peer, LogIndex received)
    {
        if (_tick - peer.MovedAt < (ulong)_options.HeartbeatTicks)
        {
            return;
        }

        if (peer.State == ProgressState.Probe)
        {
            peer.AllowProbe();
        }
        else if (peer.State == ProgressState.Replicate && peer.Inflights.Count > 0)
        {
            if (received < peer.SentBeforeBeat)
            {
                StartProbe(peer, peer.Match.Next, $"it received {received} of {peer.SentBeforeBeat}");
            }
            else
            {
                peer.IsNudgeDue = true;
                peer.MovedAt = _tick;
            }
        }
    }

    private void Hear(Progress peer)
    {
        peer.HeardAt = _tick;
        peer.WasHeard = true;
    }

    /// <summary>Follows the quorum, also without our own disk: what peers and read rounds are told.</summary>
    private void RecomputeCommit(RoleState.Leader leader)
    {
        if (!leader.HasNewAcknowledgements)
        {
            return;
        }

        leader.HasNewAcknowledgements = false;
        var agreed = new LogIndex(leader.Peers.Agreed(Measure.Match, own: _writes.Stable.Value));

        // Section 3.6.2: only entries of our own term commit by counting; those before it commit with them.
        if (agreed > _commit && _log.TryTermAt(agreed, out var term) && term == _hard.Term)
        {
            AdvanceCommit(agreed);
        }
    }
}
