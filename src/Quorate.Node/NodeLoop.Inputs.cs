using System.Buffers;
using Quorate.Raft;
using Quorate.Storage;

namespace Quorate.Node;

/// <summary>What arrives: each lane of the inbox, in the order in which a turn serves them.</summary>
internal sealed partial class NodeLoop
{
    private const int ProposalBytesPerCall = 1024 * 1024;
    private readonly List<ProposalHeader> _headers = [];
    private readonly List<ReadOnlyMemory<byte>> _payloads = [];
    private readonly List<ReadRequest> _readsToAsk = [];
    private readonly Queue<ArrivedFrame> _lateAppends = new();
    private long _lateAppendBytes;
    private long _forwardsCheckTick = long.MaxValue;
    private Term _termSeen;

    private void TakeAcknowledgements()
    {
        if (_turn.Persisted > _persisted)
        {
            _persisted = _turn.Persisted;
            _arena.Persisted(_persisted);
            _core.Persisted(_persisted);
            StartInstallIfDurable();
        }

        _arena.AppliedBatch(_turn.AppliedBatch);
        if (_turn.Applied > _applied)
        {
            _applied = _turn.Applied;
            _core.Applied(_applied);
        }
    }

    private void TakeInputs()
    {
        while (_turn.Inputs.TryDequeue(out var input))
        {
            switch (input)
            {
                case NodeInput.SnapshotTaken taken:
                    OnSnapshotTaken(taken.Metadata);
                    break;
                case NodeInput.SnapshotReceived received:
                    _core.SnapshotReceived(received.Metadata);
                    AlignArena();
                    break;
                case NodeInput.SnapshotSent sent:
                    _core.SnapshotSent(sent.To, sent.Last, sent.Succeeded);
                    break;
                case NodeInput.RangeGone gone:
                    _core.RangeGone(gone.To);
                    break;
                case NodeInput.RangeRead read:
                    SendRange(read.Append, read.Records);
                    break;
                case NodeInput.LinkDown down:
                    OnLinkDown(down);
                    break;
                case NodeInput.PeerNoted noted:
                    _meeting.Met(noted.Peer);
                    break;
                case NodeInput.LinkUp up:
                    _facts.Met(up.Peer, up.Name);
                    break;
                case NodeInput.ChangeAsked asked:
                    Ask(asked);
                    break;
                case NodeInput.ChangeRequested requested:
                    _desk.Requested(requested.From, requested.Request, _tick, _completions);
                    break;
                case NodeInput.ChangeAnswered answered:
                    _desk.Answered(answered.Answer, _completions);
                    break;
                case NodeInput.Probed probed:
                    OnProbed(probed);
                    break;
                case NodeInput.Invited invited:
                    OnInvited(invited.Invitation);
                    break;
                case NodeInput.LeaveAsked asked:
                    Leave(() => asked.Told(true), () => asked.Told(false));
                    break;
                case NodeInput.ToldRemoved:
                    TellRemoved();
                    break;
                case NodeInput.TransferAsked asked:
                    OnTransferAsked(asked);
                    break;
                case NodeInput.ElectionAsked asked:
                    asked.Told(_core.ForceElection());
                    break;
                case NodeInput.Fatal fatal:
                    throw new NodeFailedException(fatal.Cause);
                default:
                    throw new InvariantViolationException($"every input is handled, {input} too");
            }
        }
    }

    private void OnSnapshotTaken(SnapshotMetadata snapshot)
    {
        var kept = (ulong)_options.KeepEntries;
        var last = snapshot.Last.Index;
        var upTo = last.Value > kept ? new LogIndex(last.Value - kept) : LogIndex.Zero;
        _core.TrimPrefix(upTo, snapshot);
        _logWriter.TrimPrefix(upTo);
    }

    private void OnLinkDown(NodeInput.LinkDown down)
    {
        _facts.Parted(down.Peer);
        _core.PeerUnreachable(down.Peer);
        if (down.Refused && _core.Leader == down.Peer)
        {
            _core.LeaderGone(_core.Term);
        }
    }

    private void TakeTicks()
    {
        for (var i = 0; i < _turn.Ticks; i++)
        {
            Volatile.Write(ref _tick, _tick + 1);
            _logWriter.Tick(_core.Commit);
            _background.Tick();
            if (_meeting.IsOver)
            {
                _core.Tick();
            }
        }

        if (_turn.Ticks == 0)
        {
            return;
        }

        // Once a turn: after a pause no link is called silent for what already lies in the inbox.
        _peers.Tick();
        _proposals.Advance(_tick, _completions);
        _reads.Advance(_tick, _completions);
        WatchForLostForwards();
        _keeper.Tick(_tick, _standing.Roster, _completions);
        PublishAttributes();
        PublishStatus();
    }

    private void PublishAttributes()
    {
        if (_publisher.Next(_apply.Members, _core.Leader != NodeId.None, _tick) is { } command)
        {
            _turn.Proposals.Enqueue(new ProposalRequest(command, _tick + _options.ElectionTicks, _publisher));
        }
    }

    // Forwarded, not in our log, and that leader is gone: one election timeout into the new term it is unknown.
    private void WatchForLostForwards()
    {
        if (_core.Term > _termSeen)
        {
            _termSeen = _core.Term;
            _forwardsCheckTick = _tick + _options.ElectionTicks;
        }

        if (_tick >= _forwardsCheckTick)
        {
            _forwardsCheckTick = long.MaxValue;
            _proposals.ForwardsLost(_termSeen, _completions);
        }
    }

    private void TakeFrames()
    {
        while (_lateAppends.Count > 0 && !_apply.IsBehind)
        {
            var late = _lateAppends.Dequeue();
            _lateAppendBytes -= late.Length;
            TakeFrame(late);
        }

        foreach (var frame in _turn.Frames)
        {
            TakeFrame(frame);
        }
    }

    private void TakeFrame(ArrivedFrame frame)
    {
        var body = frame.Rented.AsMemory(0, frame.Length);
        if (!_meeting.IsOver || !PeerCodec.TryDecode(body, out var message))
        {
            _metrics.FrameDropped();
            ArrayPool<byte>.Shared.Return(frame.Rented);
            return;
        }

        if (message.Message is Message.AppendRequest && _apply.IsBehind)
        {
            // Apply is far behind: the answer comes late, which slows the leader down, and memory stays bounded.
            PutOff(frame);
            return;
        }

        Take(message);
        ArrayPool<byte>.Shared.Return(frame.Rented);
    }

    private void PutOff(ArrivedFrame frame)
    {
        if (_lateAppendBytes + frame.Length > _options.PeerBytesMax)
        {
            _metrics.FrameDropped();
            ArrayPool<byte>.Shared.Return(frame.Rented);
            return;
        }

        _lateAppendBytes += frame.Length;
        _lateAppends.Enqueue(frame);
    }

    private void Take(in PeerMessage arrived)
    {
        var outcome = _core.Step(arrived.Message);
        switch (arrived.Message)
        {
            case Message.AppendRequest append when outcome.Count > 0:
                KeepRecords(append, arrived.Slices, outcome);
                break;
            case Message.ForwardedProposals forward when outcome.Count > 0:
                MakeRecords(forward.Proposals, arrived.Slices, outcome);
                break;
        }
    }

    // The leader's records, byte for byte; only their place in memory is ours.
    private void KeepRecords(
        Message.AppendRequest append, IReadOnlyList<ReadOnlyMemory<byte>> records, in StepOutcome outcome)
    {
        StartAt(outcome.First);
        for (var i = outcome.Skipped; i < outcome.Skipped + outcome.Count; i++)
        {
            var header = append.Entries[i];
            records[i].Span.CopyTo(_arena.Reserve(header.Id, records[i].Length));
            _arenaLast = header.Id.Index;
            if (_proposals.IsOurs(header.Proposal))
            {
                _desk.Placed(header);
                _proposals.Placed(header.Proposal, header.Id);
            }
        }
    }

    private void MakeRecords(
        IReadOnlyList<ProposalHeader> proposals, IReadOnlyList<ReadOnlyMemory<byte>> payloads, in StepOutcome outcome)
    {
        StartAt(outcome.First);
        for (var i = 0; i < outcome.Count; i++)
        {
            var proposal = proposals[outcome.Skipped + i];
            var id = new EntryId(outcome.Term, outcome.First + i);
            var header = new EntryHeader(id, proposal.Kind, proposal.Id, proposal.Length);
            MakeRecord(header, payloads[outcome.Skipped + i].Span);
            if (_proposals.IsOurs(proposal.Id))
            {
                _proposals.Placed(proposal.Id, id);
            }
        }
    }

    private void MakeRecord(in EntryHeader header, ReadOnlySpan<byte> payload)
    {
        EntryRecord.Write(_arena.Reserve(header.Id, header.Length), LogGroup.Only, header, payload);
        _arenaLast = header.Id.Index;
    }

    // The next record goes to this index: what stands there or behind it is replaced, and entries that the core
    // made by itself (the first of a term) get their records.
    private void StartAt(LogIndex first)
    {
        if (first <= _arenaLast)
        {
            _arena.TruncateFrom(first);
            _arenaLast = first.Previous;
        }

        MakeCoreEntries(first.Previous);
    }

    // A received snapshot may have taken the place of the log, or of its head.
    private void AlignArena()
    {
        if (_core.First > _arenaLast.Next)
        {
            _arena.TruncateFrom(LogIndex.Zero.Next);
            _arenaLast = _core.First.Previous;
        }
        else if (_core.Last.Index < _arenaLast)
        {
            _arena.TruncateFrom(_core.Last.Index.Next);
            _arenaLast = _core.Last.Index;
        }
    }

    private void MakeCoreEntries(LogIndex upTo)
    {
        while (_arenaLast < upTo)
        {
            var header = _core.HeaderAt(_arenaLast.Next);
            Invariant.Holds(
                header.Kind is EntryKind.Noop or EntryKind.ConfigChange,
                "the core makes no entries by itself but no-ops and configurations");
            MakeRecord(header, header.Kind == EntryKind.Noop ? [] : _core.ConfigAt(header.Id.Index).Config.ToBytes());
        }
    }

    private void TakeProposals()
    {
        var bytes = 0;
        while (_turn.Proposals.TryDequeue(out var proposal))
        {
            if (JudgeBeforeProposing(proposal) is { } refusal)
            {
                _completions.Add(proposal.Waiter, ProposeOutcome.NotDone(refusal));
                continue;
            }

            if (_headers.Count > 0 && bytes + proposal.Command.Length > ProposalBytesPerCall)
            {
                Propose();
                bytes = 0;
            }

            var id = _proposals.Add(proposal.Waiter, proposal.DeadlineTick);
            _headers.Add(new ProposalHeader(id, EntryKind.Command, EntryRecord.SizeOf(proposal.Command.Length)));
            _payloads.Add(proposal.Command);
            bytes += proposal.Command.Length;
        }

        if (_headers.Count > 0)
        {
            Propose();
        }
    }

    private RefusalReason? JudgeBeforeProposing(in ProposalRequest proposal)
    {
        if (!_meeting.IsOver)
        {
            return RefusalReason.NoLeader;
        }

        if (_departure is not null)
        {
            return RefusalReason.Joining;
        }

        if (_isSilent)
        {
            return RefusalReason.Removed;
        }

        if (_logWriter.NoSpace)
        {
            return RefusalReason.NoSpace;
        }

        return proposal.DeadlineTick <= _tick ? RefusalReason.Overloaded : null;
    }

    private void Propose()
    {
        var outcome = _core.Propose(_headers);
        if (outcome.Refused is { } reason)
        {
            RefuseHeaders(Explain(reason));
        }
        else if (outcome.ForwardTo != NodeId.None)
        {
            Forward(outcome.ForwardTo);
        }
        else
        {
            MakeRecords(_headers, _payloads, outcome);
        }

        _headers.Clear();
        _payloads.Clear();
    }

    private void Forward(NodeId leader)
    {
        var forward = new Message.ForwardedProposals(_identity.Self, leader, _core.Term, _headers.ToArray());
        if (!_peers.SendForward(forward, _payloads))
        {
            // No byte of it was given to a socket.
            RefuseHeaders(Explain(RefusalReason.NoLeader));
            return;
        }

        foreach (var header in _headers)
        {
            _proposals.Forwarded(header.Id, _core.Term);
        }
    }

    private void RefuseHeaders(RefusalReason reason)
    {
        foreach (var header in _headers)
        {
            _proposals.Refuse(header.Id, reason, _completions);
        }
    }

    private void TakeReads()
    {
        while (_turn.Reads.TryDequeue(out var read))
        {
            _readsToAsk.Add(read);
        }

        if (_readsToAsk.Count == 0)
        {
            return;
        }

        if (_meeting.IsOver && !_isSilent)
        {
            _core.ReadIndex(_reads.Begin(_readsToAsk));
        }
        else
        {
            var why = _isSilent ? RefusalReason.Removed : RefusalReason.NoLeader;
            foreach (var asked in _readsToAsk)
            {
                _completions.Add(asked.Waiter, new ReadOutcome(false, why, LogIndex.Zero));
            }
        }

        _readsToAsk.Clear();
    }
}
