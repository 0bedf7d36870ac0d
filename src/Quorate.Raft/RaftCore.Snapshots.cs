namespace Quorate.Raft;

/// <summary>Snapshots: offered by a leader whose log no longer holds what a follower needs, installed by the follower;
/// see docs/raft/snapshots.md.</summary>
public sealed partial class RaftCore
{
    /// <summary>
    /// A snapshot has arrived whole and is durable beside the one in use. It is committed state: it is installed,
    /// whatever the term, if and only if it ends above our commit index.
    /// </summary>
    public void SnapshotReceived(SnapshotMetadata metadata)
    {
        ArgumentNullException.ThrowIfNull(metadata);
        if (metadata.Last.Index <= _commit)
        {
            Tell(new RaftFact.SnapshotIgnored(metadata.Last, _commit));
            return;
        }

        if (metadata.Last.Term > _hard.Term)
        {
            BecomeFollower(metadata.Last.Term, NodeId.None, $"a snapshot ends in t{metadata.Last.Term}");
        }

        Install(metadata);
    }

    /// <summary>A snapshot transfer to a peer has ended, well or not.</summary>
    /// <param name="to">The peer.</param>
    /// <param name="last">What was sent: the snapshot that was offered, or a newer one.</param>
    /// <param name="succeeded">Whether the peer has it durable.</param>
    public void SnapshotSent(NodeId to, EntryId last, bool succeeded)
    {
        if (_role is RoleState.Leader leader
            && leader.Peers.Find(to) is { State: ProgressState.Snapshot, IsStreaming: true } peer
            && last.Index >= peer.PendingSnapshot.Index)
        {
            // Well: its acknowledgement ends the state. Not, or that is lost: the next beat offers again.
            peer.IsStreaming = false;
            Tell(new RaftFact.SnapshotTransferEnded(to, last, succeeded));
        }
    }

    /// <summary>Entries up to this one are in a durable snapshot and may go from the log.</summary>
    /// <param name="upTo">At or below the snapshot's end: some entries are kept for slow followers.</param>
    /// <param name="snapshot">The newest durable snapshot, the one to offer from now on.</param>
    public void TrimPrefix(LogIndex upTo, SnapshotMetadata snapshot)
    {
        ArgumentNullException.ThrowIfNull(snapshot);
        Invariant.Holds(upTo <= snapshot.Last.Index, "only what a snapshot holds is trimmed");
        Invariant.Holds(snapshot.Last.Index <= _applied, "a snapshot holds what is applied");
        if (_snapshot is null || snapshot.Last.Index > _snapshot.Last.Index)
        {
            _snapshot = snapshot;
        }

        _log.TrimPrefix(upTo, _snapshot.Last.Index);
    }

    private void Install(SnapshotMetadata snapshot)
    {
        var last = snapshot.Last;
        if (_log.Matches(last))
        {
            // What the disk holds behind it stays only if the entry itself was handed to the disk: an old tail may
            // stand there otherwise.
            Tell(new RaftFact.SnapshotInstalled(last, KeptSuffix: true));
            _log.TrimPrefix(last.Index, last.Index);
        }
        else
        {
            RestartLogBehind(snapshot);
        }

        _appendedFrom = _appendedFrom > last.Index ? _appendedFrom : LogIndex.Zero;
        _install = new PendingInstall(snapshot, HasTables: false);
        _snapshot = snapshot;
        _commit = last.Index;
        _handedToApply = last.Index;
        if (_role is RoleState.Follower follower)
        {
            // Its offer was taken in our term or before, so it is part of this leader's log (thesis 3.6.3).
            follower.Matched = LogIndex.Max(follower.Matched, last.Index);
            follower.IsAnswerDue = true;
        }
    }

    private void RestartLogBehind(SnapshotMetadata snapshot)
    {
        if (_role is not RoleState.Follower)
        {
            // Our log lacks a committed entry, so a later leader must exist.
            BecomeFollower(_hard.Term, NodeId.None, $"our log lacks {snapshot.Last}");
        }

        Tell(new RaftFact.SnapshotInstalled(snapshot.Last, KeptSuffix: false));
        _next.Noop = null;
        _writes.TruncateFrom(snapshot.Last.Index);
        var config = _log.Config;
        _log.RestartBehind(snapshot);
        if (!config.Equals(snapshot.Config))
        {
            Tell(new RaftFact.ConfigInForce(snapshot.ConfigIndex, snapshot.Config));
        }
    }

    private void OnSnapshotRequest(Message.SnapshotRequest request)
    {
        var last = request.Metadata.Last;
        var isWanted = last.Index > _commit && !_log.Matches(last) && last.Term <= request.Term;
        if (!isWanted)
        {
            Tell(new RaftFact.SnapshotRefused(request.From, last, _commit));
        }

        SendHeld(new Message.SnapshotResponse(_self, request.From, _hard.Term, last, isWanted));
    }

    private void OnSnapshotResponse(Message.SnapshotResponse response)
    {
        if (_role is not RoleState.Leader leader
            || leader.Peers.Find(response.From) is not { } peer)
        {
            return;
        }

        Hear(peer);
        if (peer.State != ProgressState.Snapshot || peer.IsStreaming || response.Last != peer.PendingSnapshot)
        {
            return;
        }

        if (response.Wanted)
        {
            peer.IsStreaming = true;
            peer.IsOfferDue = false;
            _next.SnapshotList.Add(new SnapshotToSend(peer.Id, _hard.Term, peer.PendingSnapshot));
        }
        else
        {
            // It holds the snapshot's last entry, or has committed beyond: the logs meet there.
            StartProbe(peer, peer.PendingSnapshot.Index.Next, "it needs no snapshot");
        }
    }

    private void OfferSnapshot(Progress peer)
    {
        Invariant.Holds(_snapshot is not null, "a log that was trimmed has a snapshot");
        peer.BecomeSnapshot(_snapshot.Last);
        Tell(new RaftFact.SnapshotOffered(peer.Id, _snapshot.Last));
    }

    private void SendOffer(Progress peer)
    {
        peer.IsOfferDue = false;
        SendNow(new Message.SnapshotRequest(_self, peer.Id, _hard.Term, _snapshot!));
    }

    private void OfferSnapshotsAgain(RoleState.Leader leader)
    {
        foreach (var peer in leader.Peers.Peers)
        {
            if (peer is { State: ProgressState.Snapshot, IsStreaming: false })
            {
                peer.BecomeSnapshot(_snapshot!.Last);
            }
        }
    }
}
