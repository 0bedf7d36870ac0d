namespace Quorate.Simulator;

/// <summary>
/// Searches for an order of a whole history of one key in which each operation takes effect between its call and
/// its answer (Wing and Gong, with Lowe's memory of what was tried). An outcome that is unknown is left open: the
/// operation may take effect at any time behind its call, or never.
/// </summary>
/// <remarks>
/// Exponential in the worst case: for small histories. <see cref="HistoryChecker"/> judges long ones.
/// </remarks>
public static class LinearizabilityChecker
{
    /// <summary>Whether there is such an order.</summary>
    public static bool Check(IReadOnlyList<RegisterOperation> history, string? initial = null)
    {
        if (history.Count > 63)
        {
            throw new ArgumentException("At most 63 operations.", nameof(history));
        }

        var taken = history.Where(operation => operation.Outcome != OperationOutcome.NotDone).ToArray();
        return Search(taken, done: 0, initial, []);
    }

    private static bool Search(
        RegisterOperation[] history, ulong done, string? value, HashSet<(ulong Done, string? Value)> tried)
    {
        if (!tried.Add((done, value)))
        {
            return false;
        }

        if (IsComplete(history, done))
        {
            return true;
        }

        var firstReturn = FirstReturn(history, done);
        for (var i = 0; i < history.Length; i++)
        {
            var operation = history[i];
            var isOpen = (done & (1UL << i)) == 0 && operation.Invoked <= firstReturn;
            if (isOpen && (operation.IsWrite || operation.Value == value)
                && Search(history, done | (1UL << i), operation.IsWrite ? operation.Value : value, tried))
            {
                return true;
            }
        }

        return false;
    }

    private static bool IsComplete(RegisterOperation[] history, ulong done)
    {
        for (var i = 0; i < history.Length; i++)
        {
            if (history[i].Outcome == OperationOutcome.Done && (done & (1UL << i)) == 0)
            {
                return false;
            }
        }

        return true;
    }

    // Nothing that is called after this answer can take effect before it.
    private static long FirstReturn(RegisterOperation[] history, ulong done)
    {
        var first = long.MaxValue;
        for (var i = 0; i < history.Length; i++)
        {
            if (history[i].Outcome == OperationOutcome.Done && (done & (1UL << i)) == 0)
            {
                first = Math.Min(first, history[i].Returned);
            }
        }

        return first;
    }
}

/// <summary>One operation on one key. <see cref="Value"/> null: the key is deleted, or was seen to be absent.</summary>
public sealed record RegisterOperation(
    long Invoked, long Returned, bool IsWrite, string? Value, OperationOutcome Outcome = OperationOutcome.Done);
