namespace Quorate.Raft;

/// <summary>Gathering and handing out what is to be done.</summary>
public sealed partial class RaftCore
{
    /// <summary>Whether <see cref="TakeReady"/> would return anything.</summary>
    public bool HasReady =>
        !_next.IsEmpty || _commitTold != _commit || _appendedFrom != LogIndex.Zero
        || _install is not null || _hard != _writes.HandedHardState
        || !EntriesToWrite().IsEmpty || !EntriesToApply().IsEmpty
        || (_held.Count > 0 && EntriesToWrite().Last >= _log.LastIndex)
        || (_held.Count > 0 && _writes.Handed >= _log.LastIndex)
        || HasRoleWork;

    /// <summary>Takes everything that is to be done. The object is reused: it holds until the next call.</summary>
    public Ready TakeReady()
    {
        switch (_role)
        {
            case RoleState.Leader leader:
                SendAsLeader(leader);
                break;
            case RoleState.Follower follower:
                AskLeader(follower);
                break;
        }

        HandOutWrite();
        AnswerAppends();
        ReleaseHeld();
        HandOutCommitted();
        TellWhatMoved();
        (_taken, _next) = (_next, _taken);
        _next.Clear();
        return _taken;
    }

    private bool HasRoleWork => _role switch
    {
        RoleState.Leader leader => HasLeaderWork(leader),
        RoleState.Follower follower =>
            follower.Following != NodeId.None
            && (follower.Reads.CanAsk || follower.IsAnswerDue || AnswerableIndex(follower) > follower.Answered),
        _ => false,
    };

    private LogIndex FirstToWrite => LogIndex.Max(_writes.Handed.Next, _log.First);

    private EntryRange EntriesToWrite()
    {
        var first = FirstToWrite;
        var room = _options.UnstableBytesMax - _writes.Bytes;
        return first > _log.LastIndex || room <= 0
            ? EntryRange.Empty
            : new EntryRange(first, _log.LastWithin(first, room, _log.LastIndex));
    }

    private void HandOutWrite()
    {
        var entries = EntriesToWrite();
        var isHardStateNew = _hard != _writes.HandedHardState;
        if (entries.IsEmpty && !isHardStateNew && _install is null)
        {
            return;
        }

        var install = _install?.Snapshot;
        var keepsSuffix = install is not null && _writes.Handed >= install.Last.Index;
        var before = install is null ? FirstToWrite.Previous : LogIndex.Max(_writes.Handed, install.Last.Index);
        var last = entries.IsEmpty ? LogIndex.Min(before, _log.LastIndex) : entries.Last;
        var bytes = entries.IsEmpty ? 0 : _log.BytesBetween(entries.First.Previous, entries.Last);
        var id = _writes.HandOut(_hard, last, bytes, _tick, install is not null);
        _next.Write = new LogWrite(id, _hard, isHardStateNew, entries, install, keepsSuffix);
        _next.Install = _install is { HasTables: false } ? install : null;
        _install = null;
    }

    /// <summary>Of what is matched, what the disk has been given: the answer may leave when that is durable.</summary>
    private LogIndex AnswerableIndex(RoleState.Follower follower) => LogIndex.Min(follower.Matched, _writes.Handed);

    // One answer for all appends of a turn, and again when the disk takes more of what was accepted.
    private void AnswerAppends()
    {
        if (_role is not RoleState.Follower follower || follower.Following == NodeId.None)
        {
            return;
        }

        var index = AnswerableIndex(follower);
        var isNew = index > follower.Answered;
        if (!isNew && !follower.IsAnswerDue)
        {
            return;
        }

        // The same answer is still waiting for the disk: asking again, as a leader does, makes it no earlier.
        follower.IsAnswerDue = false;
        if (isNew || follower.AnsweredWith <= _writes.Acknowledged)
        {
            follower.Answered = index;
            follower.AnsweredWith = _writes.IsIdle ? WriteId.None : _writes.Newest;
            AddHeld(new Message.AppendResponse(
                _self, follower.Following, _hard.Term, Accepted: true, index, EntryId.Zero));
        }
    }

    // Votes and refusals were judged on the whole log: they wait until all of it is on its way to the disk.
    private void ReleaseHeld()
    {
        if (_writes.Handed < _log.LastIndex)
        {
            return;
        }

        foreach (var message in _held)
        {
            AddHeld(message);
        }

        _held.Clear();
    }

    private void AddHeld(Message message)
    {
        if (_writes.IsIdle)
        {
            _next.MessageList.Add(message);
        }
        else
        {
            _next.HeldUntil = _writes.Newest;
            _next.HeldList.Add(message);
        }
    }

    // What is applied is committed and durable here; nothing passes a snapshot that is not durable yet.
    private EntryRange EntriesToApply()
    {
        var first = _handedToApply.Next;
        var last = LogIndex.Min(_commit, _writes.Stable);
        return last < first || _install is not null || _writes.IsInstalling
            ? EntryRange.Empty
            : new EntryRange(first, _log.LastWithin(first, _options.CommittedBytesMax, last));
    }

    private void HandOutCommitted()
    {
        var entries = EntriesToApply();
        if (!entries.IsEmpty)
        {
            _next.Committed = entries;
            _handedToApply = entries.Last;
        }
    }

    private void TellWhatMoved()
    {
        if (_appendedFrom != LogIndex.Zero)
        {
            Tell(new RaftFact.EntriesAppended(new EntryRange(_appendedFrom, _log.LastIndex), _log.Last.Term));
            _appendedFrom = LogIndex.Zero;
        }

        if (_commitTold != _commit)
        {
            Tell(new RaftFact.CommitAdvanced(_commitTold, _commit));
            _commitTold = _commit;
        }
    }
}
