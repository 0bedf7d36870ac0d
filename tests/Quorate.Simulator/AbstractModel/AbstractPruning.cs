namespace Quorate.Simulator;

/// <summary>
/// Takes messages out of flight that can change nothing any more, whatever happens: states that differ only by them
/// are one.
/// </summary>
internal static class AbstractPruning
{
    public static void Prune(ref AbstractState state)
    {
        for (var at = state.MessageCount - 1; at >= 0; at--)
        {
            if (IsSpent(state, state.Messages[at]))
            {
                state.Remove(at);
            }
        }
    }

    private static bool IsSpent(in AbstractState state, AbstractMessage message)
    {
        ref readonly var receiver = ref state.Nodes[message.To - 1];
        ref readonly var sender = ref state.Nodes[message.From - 1];
        if (message.Term < receiver.StableTerm)
        {
            return true;
        }

        // A node that candidates or leads has its term on disk, so it never does so again in the same term.
        return message.Kind switch
        {
            AbstractMessage.Vote => receiver.Role != AbstractNode.Candidate || receiver.Term != message.Term
                || (receiver.Votes & (1 << message.From)) != 0,
            AbstractMessage.Acknowledgement => receiver.Role != AbstractNode.Leader || receiver.Term != message.Term
                || receiver.MatchOf(message.From) >= message.Index,
            AbstractMessage.VoteRequest => receiver.StableTerm == message.Term && receiver.StableVote != 0
                && (receiver.StableVote != message.From || !IsStill(sender, AbstractNode.Candidate, message.Term)),
            _ => receiver.StableTerm == message.Term
                && receiver.Log.StartsWith(message.Log) && receiver.StableLog.StartsWith(message.Log)
                && (receiver.Commit >= message.Commit || receiver.Commit >= message.Log.Last)
                && (!IsStill(sender, AbstractNode.Leader, message.Term)
                    || sender.MatchOf(message.To) >= message.Log.Last),
        };
    }

    private static bool IsStill(in AbstractNode node, int role, ulong term) => node.Role == role && node.Term == term;
}
