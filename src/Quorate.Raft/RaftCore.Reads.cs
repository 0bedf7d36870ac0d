namespace Quorate.Raft;

/// <summary>Linearizable reads without a log entry (thesis 6.4); see docs/raft/read-index.md.</summary>
public sealed partial class RaftCore
{
    private const int ReadRetryBeats = 3;

    /// <summary>Asks for a confirmed commit index; the answer comes in <see cref="Ready.Reads"/>.</summary>
    public void ReadIndex(ReadId id)
    {
        var refused = _role switch
        {
            RoleState.Leader leader => AddRead(leader, new WaitingRead(id, NodeId.None, 0)),
            RoleState.Follower follower when follower.Following != NodeId.None =>
                follower.Reads.TryAdd(id) ? null : RefusalReason.Overloaded,
            _ => WhyNoLeader,
        };

        if (refused is { } why)
        {
            _next.ReadList.Add(new ReadAnswer(id, LogIndex.Zero, why));
        }
    }

    private RefusalReason? AddRead(RoleState.Leader leader, WaitingRead read)
    {
        RecomputeCommit(leader);

        // Before an entry of our own term is committed we do not know what our predecessors have committed.
        if (_commit < leader.Noop)
        {
            return RefusalReason.NotReady;
        }

        return leader.Reads.TryAdd(read) ? null : RefusalReason.Overloaded;
    }

    private void OnReadIndexRequest(Message.ReadIndexRequest request)
    {
        var refused = _role is RoleState.Leader leader
            ? AddRead(leader, new WaitingRead(default, request.From, request.Number))
            : RefusalReason.NotLeader;
        if (refused is not null)
        {
            AnswerRead(new WaitingRead(default, request.From, request.Number), LogIndex.Zero, refused);
        }
    }

    private void OnReadIndexResponse(Message.ReadIndexResponse response)
    {
        // Good only for the leader, term and number that were asked: the requests live as long as our following does.
        if (_role is RoleState.Follower follower
            && follower.Following == response.From
            && response.Term == _hard.Term)
        {
            follower.Reads.TryAnswer(response.Number, response.Index, response.Refused, _next.ReadList);
        }
    }

    /// <summary>Answers a round that a quorum has echoed, then starts the next at once.</summary>
    private void TurnReadRounds(RoleState.Leader leader)
    {
        leader.HasNewEchoes = false;
        var reads = leader.Reads;
        ConfirmRound(leader);
        if (reads.CanStart)
        {
            reads.Start(_commit);
            leader.IsBeatDue = true;
            ConfirmRound(leader);
        }
    }

    private void ConfirmRound(RoleState.Leader leader)
    {
        var reads = leader.Reads;
        if (!reads.IsRoundOut || leader.Peers.Agreed(Measure.EchoedRound, own: reads.Round) < reads.Round)
        {
            return;
        }

        Tell(new RaftFact.ReadRoundConfirmed(reads.Round, reads.Index, reads.Out.Count));
        foreach (var read in reads.Out)
        {
            AnswerRead(read, reads.Index, refused: null);
        }

        reads.EndRound();
    }

    private void AnswerRead(WaitingRead read, LogIndex index, RefusalReason? refused)
    {
        if (read.Asker == NodeId.None)
        {
            _next.ReadList.Add(new ReadAnswer(read.Local, index, refused));
        }
        else
        {
            SendNow(new Message.ReadIndexResponse(_self, read.Asker, _hard.Term, read.Number, index, refused));
        }
    }

    private void AskLeader(RoleState.Follower follower)
    {
        if (follower.Following != NodeId.None && follower.Reads.CanAsk)
        {
            _readNumber++;
            follower.Reads.Ask(_readNumber, _tick);
            SendNow(new Message.ReadIndexRequest(_self, follower.Following, _hard.Term, _readNumber));
        }
    }

    /// <summary>Reads end with the role in which they were asked.</summary>
    private void EndReads(RefusalReason why)
    {
        switch (_role)
        {
            case RoleState.Leader leader:
                foreach (var read in leader.Reads.Abandon())
                {
                    AnswerRead(read, LogIndex.Zero, read.Asker == NodeId.None ? why : RefusalReason.NotLeader);
                }

                break;
            case RoleState.Follower follower:
                follower.Reads.RefuseAll(why, _next.ReadList);
                break;
        }
    }
}
