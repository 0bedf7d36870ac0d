using Quorate.Node;
using Quorate.Raft;

namespace Quorate.Cli.Offline;

/// <summary>Prints what a recovery goes on from, what may be lost, and what came of it, for people.</summary>
internal static class RecoverReport
{
    public static void PrintPlan(TextWriter output, RecoveryPlan plan)
    {
        Print(output, plan.Own);
        foreach (var other in plan.Others)
        {
            Print(output, other);
        }

        var own = plan.Own;
        var members = string.Join(", ", own.Roster.Members.Select(member => $"\"{member.Name}\""));
        output.WriteLine(
            $"The last known members, by entry {own.Config.Index}: {TablePrinter.Printable(members)}; "
            + $"{plan.NotSurveyed.Count} not surveyed.");
        output.WriteLine(plan.KnownCommitted == EntryId.Zero
            ? "No entry is known to be committed; all are kept."
            : $"Entries up to {plan.KnownCommitted.Index} are known to be committed; all are kept.");
        PrintDoubts(output, plan);
        var name = TablePrinter.Printable(plan.Name);
        output.WriteLine($"\"{name}\" will be a cluster of its own, under a new cluster id, with all entries up to "
            + $"{own.Last.Index}. No other member of the old cluster must ever run again.");
    }

    public static void PrintDone(TextWriter output, RecoveryPlan plan, RecoveredCluster cluster)
    {
        var who = TablePrinter.Printable($"{cluster.Identity}");
        output.WriteLine($"done: {who}, {cluster.Keys} keys, revision {cluster.Revision}.");
        output.WriteLine(
            "Start it as before. Others come back as new members: \"quorate reset\" for their directories, then add "
            + "them.");
        output.WriteLine(
            $"What {plan.Own.Path} held before is kept in it. When all is well, remove its identity-before-recovery "
            + "file; the next start frees the room.");
    }

    private static void Print(TextWriter output, DirectorySurvey survey)
    {
        output.WriteLine($"{survey.Path}: {TablePrinter.Printable($"{survey}")}");
        foreach (var warning in survey.Warnings)
        {
            output.WriteLine($"  {TablePrinter.Printable(warning)}");
        }
    }

    private static void PrintDoubts(TextWriter output, RecoveryPlan plan)
    {
        if (plan.HasMajority)
        {
            output.WriteLine(
                "A majority of the voters was surveyed: nothing that was acknowledged is lost. Their nodes, started "
                + "where they reach each other, would go on without a recovery.");
        }

        if (plan.Doubts.Count > 0)
        {
            output.WriteLine("What may be lost, and what could not be known:");
        }

        foreach (var doubt in plan.Doubts)
        {
            output.WriteLine($"  - {TablePrinter.Printable(doubt)}");
        }
    }
}
