namespace Quorate.Simulator;

/// <summary>A log as the abstract model sees it: a term at each index from 1 on.</summary>
internal interface ITermLog
{
    int Last { get; }

    /// <summary>The term of an entry; 0 at index 0.</summary>
    ulong TermAt(int index);
}

/// <summary>
/// The rules of Raft (thesis, figure 3.1 and section 3.6), said once: the abstract model explores what they allow,
/// and the trace check holds every step of a simulated node against them.
/// </summary>
internal static class AbstractRules
{
    public static bool IsQuorum(int count, int voters) => count > voters / 2;

    /// <summary>Section 3.6.1: a vote goes only to a log at least as up to date as ours.</summary>
    public static bool IsUpToDate(ulong lastTerm, int lastIndex, ulong ourLastTerm, int ourLastIndex) =>
        lastTerm > ourLastTerm || (lastTerm == ourLastTerm && lastIndex >= ourLastIndex);

    /// <summary>One vote a term.</summary>
    public static bool IsFreeToVote(ulong vote, ulong candidate) => vote == 0 || vote == candidate;

    /// <summary>Section 3.5: entries follow only behind the entry that they followed at the leader.</summary>
    public static bool Holds<TLog>(TLog log, int index, ulong term)
        where TLog : struct, ITermLog => index <= log.Last && log.TermAt(index) == term;

    /// <summary>Section 3.6.2: only entries of the leader's own term commit by counting.</summary>
    public static bool MayCommit(ulong leaderTerm, ulong entryTerm, int holders, int voters) =>
        entryTerm == leaderTerm && IsQuorum(holders, voters);

    /// <summary>
    /// Whether a log may become this other one at a follower: each index either kept, or taken from the leader's;
    /// nothing is cut unless it conflicts with what the leader has there.
    /// </summary>
    public static bool MayFollow<TLog>(TLog before, TLog after, TLog leader, int from)
        where TLog : struct, ITermLog
    {
        var shared = Math.Min(before.Last, after.Last);
        var same = from;
        while (same < shared && before.TermAt(same + 1) == after.TermAt(same + 1))
        {
            same++;
        }

        var isCut = same < before.Last;
        if (isCut && (same + 1 > leader.Last || before.TermAt(same + 1) == leader.TermAt(same + 1)))
        {
            return false;
        }

        for (var index = same + 1; index <= after.Last; index++)
        {
            if (index > leader.Last || after.TermAt(index) != leader.TermAt(index))
            {
                return false;
            }
        }

        return after.Last == same || Holds(leader, same, after.TermAt(same));
    }
}
