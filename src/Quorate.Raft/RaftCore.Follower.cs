namespace Quorate.Raft;

/// <summary>What a follower does with its leader's appends, heartbeats and commit news.</summary>
public sealed partial class RaftCore
{
    private StepOutcome OnAppendRequest(Message.AppendRequest request)
    {
        if (FindFault(request) is { } fault)
        {
            Reject(request, fault);
            return StepOutcome.None;
        }

        var follower = (RoleState.Follower)_role;
        if (!IsPreviousHeld(request.Previous))
        {
            RefuseAppend(request);
            return StepOutcome.None;
        }

        var held = CountHeld(request);
        var taken = request.Entries.Count - held;
        if (taken > 0)
        {
            TakeEntries(request, held);
        }

        // What is committed is in every later leader's log (thesis 3.6.3), so it is matched, however old the append.
        var end = request.Previous.Index + request.Entries.Count;
        follower.Matched = LogIndex.Max(follower.Matched, LogIndex.Max(end, _commit));
        follower.IsAnswerDue = true;
        AdvanceCommit(LogIndex.Min(request.Commit, end));
        return taken > 0
            ? new StepOutcome(held, request.Entries[held].Id.Index, taken, Term.Zero, null, NodeId.None)
            : StepOutcome.None;
    }

    private static string? FindFault(Message.AppendRequest request)
    {
        if (request.Previous.Index.Value > NumberMax)
        {
            return "an index that cannot be";
        }

        var before = request.Previous;
        var configs = 0;
        for (var i = 0; i < request.Entries.Count; i++)
        {
            var header = request.Entries[i];
            if (header.Id.Index != before.Index.Next || header.Id.Term < before.Term || header.Id.Term > request.Term
                || header.Length < 0)
            {
                return $"entry {header.Id} cannot stand behind {before}";
            }

            if (header.Kind == EntryKind.ConfigChange)
            {
                if (configs >= request.Configs.Count || request.Configs[configs].Index != header.Id.Index)
                {
                    return $"the configuration of entry {header.Id} is missing";
                }

                configs++;
            }

            before = header.Id;
        }

        return configs == request.Configs.Count ? null : "a configuration without its entry";
    }

    // Up to the commit index every later leader's log equals ours, also where we have trimmed it.
    private bool IsPreviousHeld(EntryId previous)
    {
        if (previous.Index > _commit)
        {
            return _log.Matches(previous);
        }

        RequireCommittedEqual(previous);
        return true;
    }

    /// <summary>How many entries at the head are in our log already. Those are never written again.</summary>
    private int CountHeld(Message.AppendRequest request)
    {
        var held = 0;
        while (held < request.Entries.Count)
        {
            var id = request.Entries[held].Id;
            if (id.Index <= _commit)
            {
                RequireCommittedEqual(id);
            }
            else if (!_log.Matches(id))
            {
                break;
            }

            held++;
        }

        return held;
    }

    private void RequireCommittedEqual(EntryId id) =>
        Invariant.Holds(
            !_log.TryTermAt(id.Index, out var term) || term == id.Term,
            $"a committed entry is never replaced (leader sent {id})");

    // A conflict, and only a conflict, truncates: an old append that arrives late is a prefix of what we hold.
    private void TakeEntries(Message.AppendRequest request, int from)
    {
        var first = request.Entries[from].Id.Index;
        if (first <= _log.LastIndex)
        {
            TruncateFrom(first);
        }

        for (var i = from; i < request.Entries.Count; i++)
        {
            AppendToLog(request.Entries[i]);
        }

        foreach (var config in request.Configs)
        {
            if (config.Index >= first)
            {
                PutInForce(config);
            }
        }
    }

    private void TruncateFrom(LogIndex first)
    {
        Invariant.Holds(first > _commit, "only what is not committed is truncated");
        Invariant.Holds(_role is RoleState.Follower, "a leader never truncates its log (thesis 3.6.1)");
        Tell(new RaftFact.LogTruncated(first, _log.LastIndex));
        var config = _log.Config;
        _next.Noop = _next.Noop?.Index >= first ? null : _next.Noop;
        _log.TruncateFrom(first);
        _writes.TruncateFrom(first);
        _appendedFrom = _appendedFrom >= first ? LogIndex.Zero : _appendedFrom;
        if (!ReferenceEquals(config, _log.Config))
        {
            Tell(new RaftFact.ConfigInForce(_log.Configs[^1].Index, _log.Config));
        }
    }

    private void AppendToLog(EntryHeader header)
    {
        _log.Append(header);
        _appendedFrom = _appendedFrom == LogIndex.Zero ? header.Id.Index : _appendedFrom;
    }

    private void PutInForce(ConfigEntry config)
    {
        _log.AddConfig(config);
        Tell(new RaftFact.ConfigInForce(config.Index, config.Config));
    }

    private void RefuseAppend(Message.AppendRequest request)
    {
        // Thesis 3.5, back-off by term: nothing above it can be equal, since terms never fall along a log.
        _log.TryLastOfTermAtMost(request.Previous.Term, request.Previous.Index, out var conflict);
        Tell(new RaftFact.AppendRefused(request.From, request.Previous, conflict));
        SendHeld(new Message.AppendResponse(
            _self, request.From, _hard.Term, Accepted: false, request.Previous.Index, conflict));
    }

    // The echo waits for no disk, although our term may not be durable yet; docs/raft/durability.md says why it may.
    private void OnHeartbeatRequest(Message.HeartbeatRequest request)
    {
        TakeCommitNews(request, request.Commit);
        SendNow(new Message.HeartbeatResponse(
            _self, request.From, _hard.Term, request.ReadRound, ((RoleState.Follower)_role).Matched));
    }

    private void OnCommitNews(Message.CommitNews news)
    {
        if (_role is RoleState.Follower)
        {
            TakeCommitNews(news, news.Commit);
        }
    }

    // The leader tells nobody a commit index above what it knows that member to hold.
    private void TakeCommitNews(Message message, LogIndex commit)
    {
        if (commit > _log.LastIndex)
        {
            Reject(message, $"commit {commit} is behind our log, which ends with {_log.Last}");
            return;
        }

        AdvanceCommit(commit);
    }

    private void AdvanceCommit(LogIndex commit)
    {
        if (commit > _commit)
        {
            Invariant.Holds(commit <= _log.LastIndex, "only what is in the log commits");
            _commit = commit;
        }
    }
}
