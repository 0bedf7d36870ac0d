namespace Quorate.Simulator;

/// <summary>What must hold in every state of the abstract model (thesis, figure 3.2).</summary>
internal static class AbstractLaws
{
    /// <summary>Election safety and leader completeness, at the moment a node starts to lead.</summary>
    public static void HoldAtElection(in AbstractState state, int id)
    {
        ref readonly var node = ref state.Nodes[id - 1];
        var earlier = state.LeaderOf(node.Term);
        Demand(earlier == 0 || earlier == id, state, $"two leaders of term {node.Term}");
        // A late winner of an old term may lack what newer terms committed; it can commit nothing any more.
        var earlierTerms = state.Committed;
        while (earlierTerms.LastTerm >= node.Term)
        {
            earlierTerms = earlierTerms.Prefix(earlierTerms.Last - 1);
        }

        Demand(node.Log.StartsWith(earlierTerms), state, $"the leader n{id} lacks a committed entry");
    }

    /// <summary>
    /// Log matching, state machine safety, and durability of what is committed. Notes what is committed.
    /// </summary>
    public static void Hold(ref AbstractState state, AbstractBounds bounds)
    {
        for (var i = 0; i < AbstractState.Voters; i++)
        {
            ref readonly var node = ref state.Nodes[i];
            var committed = node.Log.Prefix(node.Commit);
            var longer = committed.Last > state.Committed.Last ? committed : state.Committed;
            Demand(longer.StartsWith(state.Committed) && longer.StartsWith(committed), state,
                "two different logs are committed");
            state.Committed = longer;
            for (var j = 0; j < i; j++)
            {
                Demand(Match(node.Log, state.Nodes[j].Log), state, "two logs do not match");
                Demand(Match(node.StableLog, state.Nodes[j].StableLog), state, "two logs on disk do not match");
            }
        }

        var holders = 0;
        for (var i = 0; i < AbstractState.Voters; i++)
        {
            holders |= state.Nodes[i].StableLog.StartsWith(state.Committed) ? 1 << (i + 1) : 0;
        }

        Demand(AbstractConfig.IsKept(bounds, state.Committed, holders), state,
            "a committed entry is not on the disks of a quorum");
    }

    // Two entries of the same index and term have the same entries before them.
    private static bool Match(AbstractLog left, AbstractLog right)
    {
        for (var index = Math.Min(left.Last, right.Last); index > 0; index--)
        {
            if (left.TermAt(index) == right.TermAt(index))
            {
                return left.Prefix(index) == right.Prefix(index);
            }
        }

        return true;
    }

    private static void Demand(bool condition, in AbstractState state, string because)
    {
        if (!condition)
        {
            throw new CheckerException("AbstractModel", $"{because}: {state}");
        }
    }
}
