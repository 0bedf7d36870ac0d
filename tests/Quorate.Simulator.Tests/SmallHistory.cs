namespace Quorate.Simulator.Tests;

/// <summary>
/// A history of one key, right or with one wrong read, told to both checkers: the search, which knows no log, and
/// the linear one, which has it.
/// </summary>
internal static class SmallHistory
{
    /// <summary>The history for the search, and what the linear checker says of it.</summary>
    public static (IReadOnlyList<RegisterOperation> Register, bool IsAccepted) Draw(SimRandom random)
    {
        var register = new List<RegisterOperation>();
        var checker = new HistoryChecker();
        var revision = 1L;
        var value = (string?)null;
        var accepted = true;
        for (var step = 1; step <= 12 && accepted; step++)
        {
            var (from, to) = (step * 10L, (step * 10L) + 5);
            if (random.Chance(0.5))
            {
                value = $"v{step}";
                revision++;
                register.Add(new RegisterOperation(from, to, IsWrite: true, value));
                accepted = Tell(() => PutIsDone(checker, step, from, to, value, revision));
            }
            else
            {
                // Sometimes a read of what was there before the last write.
                var isStale = revision > 1 && random.Chance(0.1);
                var seenAt = isStale ? revision - 1 : revision;
                var seen = checker.Model.Range("k", "l", seenAt);
                var seenValue = seen.Count > 0 ? seen[0].Value : null;
                register.Add(new RegisterOperation(from, to, IsWrite: false, seenValue));
                accepted = Tell(() => ReadIsDone(checker, step, from, to, seen, seenAt));
            }
        }

        return (register, accepted);
    }

    private static bool Tell(Action action)
    {
        try
        {
            action();
            return true;
        }
        catch (CheckerException)
        {
            return false;
        }
    }

    private static void PutIsDone(HistoryChecker checker, int id, long from, long to, string value, long revision)
    {
        var put = new Operation
        {
            Id = id, Client = 0, Node = 0, Kind = OperationKind.Put, InvokedUs = from, Writes = [new Pair("k", value)],
        };
        checker.Invoked(put);
        var index = checker.Model.AppliedIndex + 1;
        checker.Committed(index, put);
        put.Outcome = OperationOutcome.Done;
        put.ReturnedUs = to;
        put.Index = index;
        put.Revision = revision;
        checker.Returned(put);
        checker.Judge();
    }

    private static void ReadIsDone(
        HistoryChecker checker, int id, long from, long to, IReadOnlyList<Pair> seen, long revision)
    {
        var read = new Operation
        {
            Id = id, Client = 1, Node = 0, Kind = OperationKind.Read, InvokedUs = from, Low = "k", High = "l",
        };
        checker.Invoked(read);
        read.Outcome = OperationOutcome.Done;
        read.ReturnedUs = to;
        read.Revision = revision;
        read.Seen = seen;
        checker.Returned(read);
        checker.Judge();
    }
}
