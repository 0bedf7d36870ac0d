namespace Quorate.Simulator;

/// <summary>
/// The steps that the abstract cluster may take. A node acts on what it remembers; votes, vote requests and
/// acknowledgements leave only when the disk holds what they say; a crash may come at any time and forgets the rest.
/// </summary>
internal sealed class AbstractSteps(AbstractBounds bounds)
{
    private readonly List<AbstractState> _next = [];

    /// <summary>Every state that one step leads to. The list is reused.</summary>
    public List<AbstractState> From(in AbstractState state)
    {
        _next.Clear();
        for (var id = 1; id <= AbstractState.Voters; id++)
        {
            Campaign(state, id);
            Propose(state, id);
            Change(state, id);
            Replicate(state, id);
            Commit(state, id);
            Persist(state, id);
            Crash(state, id);
        }

        Deliver(state);
        return _next;
    }

    private void Campaign(AbstractState state, int id)
    {
        ref var node = ref state.Nodes[id - 1];
        // The nodes of the first state are alike: let the first one begin.
        var isSymmetric = state.Leaders == 0 && id > 1 && !AbstractConfig.IsSpecial(bounds, id) && IsUntouched(state);
        if (node.Role == AbstractNode.Leader || node.Term == bounds.TermMax || isSymmetric
            || !node.HasRoom(bounds.WritesMax))
        {
            return;
        }

        node.Term++;
        node.Vote = (byte)id;
        node.Role = AbstractNode.Candidate;
        node.Votes = 0;
        node.Match = 0;
        var (left, right) = OthersOf(id);
        node.Write(
            new AbstractMessage(AbstractMessage.VoteRequest, id, left, node.Term, log: node.Log),
            new AbstractMessage(AbstractMessage.VoteRequest, id, right, node.Term, log: node.Log));
        _next.Add(state);
    }

    private void Propose(AbstractState state, int id)
    {
        ref var node = ref state.Nodes[id - 1];
        if (node.Role == AbstractNode.Leader && node.Log.Last < bounds.EntriesMax && node.HasRoom(bounds.WritesMax))
        {
            node.Log = node.Log.Append(node.Term, isChange: false);
            node.Write();
            _next.Add(state);
        }
    }

    private void Change(AbstractState state, int id)
    {
        ref var node = ref state.Nodes[id - 1];
        if (node.Role == AbstractNode.Leader && node.Log.Last < bounds.EntriesMax && node.HasRoom(bounds.WritesMax)
            && AbstractConfig.MayChange(bounds, node))
        {
            node.Log = node.Log.Append(node.Term, isChange: true);
            node.Write();
            _next.Add(state);
        }
    }

    // Appends leave beside the leader's own write. A heartbeat is an empty append.
    private void Replicate(in AbstractState state, int id)
    {
        ref readonly var node = ref state.Nodes[id - 1];
        if (node.Role != AbstractNode.Leader || state.MessageCount == AbstractState.MessagesMax)
        {
            return;
        }

        for (var to = 1; to <= AbstractState.Voters; to++)
        {
            if (to == id)
            {
                continue;
            }

            // The two ends of what a leader may try: behind what it knows to match, and behind its last but one.
            var match = node.MatchOf(to);
            Send(state, node, id, to, match);
            if (node.Log.Last - 1 > match)
            {
                Send(state, node, id, to, node.Log.Last - 1);
            }
        }
    }

    private void Send(AbstractState state, in AbstractNode node, int id, int to, int previous)
    {
        state.Send(new AbstractMessage(
            AbstractMessage.Append, id, to, node.Term, previous, node.Log, node.Commit));
        _next.Add(state);
    }

    private void Commit(AbstractState state, int id)
    {
        ref var node = ref state.Nodes[id - 1];
        if (node.Role != AbstractNode.Leader)
        {
            return;
        }

        for (var index = node.Log.Last; index > node.Commit; index--)
        {
            var holders = node.StableLog.StartsWith(node.Log.Prefix(index)) ? 1 << id : 0;
            var (left, right) = OthersOf(id);
            holders |= node.MatchOf(left) >= index ? 1 << left : 0;
            holders |= node.MatchOf(right) >= index ? 1 << right : 0;
            if (AbstractConfig.MayCommit(bounds, node, index, holders))
            {
                node.Commit = (byte)index;
                _next.Add(state);
                return;
            }
        }
    }

    private void Persist(AbstractState state, int id)
    {
        ref var node = ref state.Nodes[id - 1];
        var write = node.First;
        if (!write.IsSome)
        {
            return;
        }

        node.First = node.Second;
        node.Second = default;
        (node.StableTerm, node.StableVote, node.StableLog) = (write.Term, write.Vote, write.Log);
        if (node.Role == AbstractNode.Candidate && write.Term == node.Term && write.Vote == id)
        {
            node.Votes |= (byte)(1 << id);
        }

        state.Send(new AbstractMessage(write.Held1));
        state.Send(new AbstractMessage(write.Held2));
        LeadIfElected(ref state, id);
        _next.Add(state);
    }

    private void Crash(AbstractState state, int id)
    {
        ref var node = ref state.Nodes[id - 1];
        if (node.First.IsSome || node.Role != AbstractNode.Follower || node.Commit > 0)
        {
            node.Crash();
            _next.Add(state);
        }
    }

    private void Deliver(in AbstractState state)
    {
        for (var at = 0; at < state.MessageCount; at++)
        {
            var message = state.Messages[at];
            var after = state;
            after.Remove(at);
            if (state.MessageCount == AbstractState.MessagesMax)
            {
                _next.Add(after);
            }

            if (!state.Nodes[message.To - 1].HasRoom(bounds.WritesMax))
            {
                continue;
            }

            Receive(ref after, message);
            _next.Add(after);
            if (bounds.WithDuplicates)
            {
                after.Send(message);
                _next.Add(after);
            }
        }
    }

    private void Receive(ref AbstractState state, AbstractMessage message)
    {
        ref var node = ref state.Nodes[message.To - 1];
        var before = (node.Term, node.Vote, node.Log);
        if (message.Term > node.Term)
        {
            node.Term = (byte)message.Term;
            node.Vote = 0;
            node.Role = AbstractNode.Follower;
            node.Votes = 0;
            node.Match = 0;
        }

        var answer = message.Term < node.Term ? default : Answer(ref state, ref node, message);
        if ((node.Term, node.Vote, node.Log) != before || (answer.Bits != 0 && node.First.IsSome))
        {
            node.Write(answer);
        }
        else
        {
            state.Send(answer);
        }
    }

    private AbstractMessage Answer(ref AbstractState state, ref AbstractNode node, AbstractMessage message)
    {
        switch (message.Kind)
        {
            case AbstractMessage.VoteRequest:
                return AnswerVoteRequest(ref node, message);
            case AbstractMessage.Append when node.Role != AbstractNode.Leader:
                return AnswerAppend(ref node, message);
            case AbstractMessage.Vote when node.Role == AbstractNode.Candidate:
                node.Votes |= (byte)(1 << message.From);
                LeadIfElected(ref state, message.To);
                return default;
            case AbstractMessage.Acknowledgement when node.Role == AbstractNode.Leader:
                node.SetMatch(message.From, Math.Max(node.MatchOf(message.From), message.Index));
                return default;
            default:
                return default;
        }
    }

    private static AbstractMessage AnswerVoteRequest(ref AbstractNode node, AbstractMessage request)
    {
        if (!AbstractRules.IsFreeToVote(node.Vote, (ulong)request.From)
            || !AbstractRules.IsUpToDate(request.Log.LastTerm, request.Log.Last, node.Log.LastTerm, node.Log.Last))
        {
            return default;
        }

        node.Vote = (byte)request.From;
        return new AbstractMessage(AbstractMessage.Vote, request.To, request.From, node.Term);
    }

    private static AbstractMessage AnswerAppend(ref AbstractNode node, AbstractMessage append)
    {
        node.Role = AbstractNode.Follower;
        node.Votes = 0;
        var last = append.Log.Last;
        if (!AbstractRules.Holds(node.Log, append.Index, append.Log.TermAt(append.Index)))
        {
            return default;
        }

        for (var index = append.Index + 1; index <= last; index++)
        {
            if (!AbstractRules.Holds(node.Log, index, append.Log.TermAt(index)))
            {
                node.Log = node.Log.Prefix(index - 1).Append(
                    append.Log.TermAt(index), append.Log.IsChangeAt(index));
            }
        }

        node.Commit = (byte)Math.Max(node.Commit, Math.Min(append.Commit, last));
        return new AbstractMessage(AbstractMessage.Acknowledgement, append.To, append.From, node.Term, last);
    }

    private void LeadIfElected(ref AbstractState state, int id)
    {
        ref var node = ref state.Nodes[id - 1];
        if (node.Role == AbstractNode.Candidate
            && AbstractConfig.IsQuorum(bounds, node.Log, node.Votes))
        {
            node.Role = AbstractNode.Leader;
            node.Votes = 0;
            AbstractLaws.HoldAtElection(state, id);
            state.SetLeader(node.Term, id);
        }
    }

    private static bool IsUntouched(in AbstractState state) =>
        state.MessageCount == 0 && state.Nodes[0].Term == 0 && state.Nodes[1].Term == 0 && state.Nodes[2].Term == 0;

    private static (int Left, int Right) OthersOf(int id) => id switch { 1 => (2, 3), 2 => (1, 3), _ => (1, 2) };
}
