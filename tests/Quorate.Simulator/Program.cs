using System.Diagnostics;
using Quorate.Simulator;

return Entry.Run(args, Console.Out, Console.Error);

/// <summary>The command line of the simulator.</summary>
internal static class Entry
{
    private const int Clean = 0;
    private const int Objected = 1;
    private const int WrongUse = 2;

    public static int Run(string[] arguments, TextWriter output, TextWriter errors)
    {
        if (!CommandLine.TryParse(arguments, out var line, out var error)
            || !TryLoadWorkload(line, out var workload, out error))
        {
            errors.WriteLine(error);
            errors.WriteLine(CommandLine.Usage);
            return WrongUse;
        }

        if (line.ListsFaults)
        {
            ListFaults(output);
            return Clean;
        }

        return line.ModelSeconds is { } seconds ? RunModel(seconds, output) : RunSeeds(line, workload, output);
    }

    private static bool TryLoadWorkload(CommandLine line, out Workload workload, out string error)
    {
        workload = Workload.Swarm;
        error = "";
        return line.WorkloadName.Length == 0 || Workload.TryLoad(line.WorkloadName, out workload, out error);
    }

    private static void ListFaults(TextWriter output)
    {
        foreach (var kind in Enum.GetValues<FaultKind>())
        {
            output.WriteLine(FaultTable.NameOf(kind));
        }
    }

    private static int RunModel(int seconds, TextWriter output)
    {
        var watch = Stopwatch.StartNew();
        try
        {
            foreach (var bounds in (AbstractBounds[])[AbstractBounds.Full, AbstractBounds.Changing])
            {
                var explored = AbstractExplorer.Explore(bounds, TimeSpan.FromSeconds(seconds / 2.0));
                output.WriteLine($"{explored}, clean in {watch.Elapsed.TotalSeconds:F1} s, change: {bounds.Change}");
                watch.Restart();
            }

            return Clean;
        }
        catch (CheckerException objection)
        {
            output.WriteLine(objection.Message);
            return Objected;
        }
    }

    private static int RunSeeds(CommandLine line, Workload workload, TextWriter output)
    {
        var watch = Stopwatch.StartNew();
        var options = new RunOptions
        {
            Workload = workload, Trace = line.WithTrace ? output.WriteLine : null,
        };
        if (line.WithHash)
        {
            return PrintHash(SeedResult.Of(line.From, options), line, output);
        }

        var runner = new SeedRunner(options, line.From, line.Seeds);
        var worst = runner.Run();
        foreach (var row in runner.Faults.Lines())
        {
            output.WriteLine(row);
        }

        if (worst is not null)
        {
            return PrintObjection(worst, line, output);
        }

        output.WriteLine($"{runner.VirtualUs / 1e6:N0} virtual seconds");
        output.WriteLine(
            $"{line.Seeds} seeds, {runner.Operations} operations, {runner.Faults.Total} faults, "
            + $"clean in {watch.Elapsed.TotalSeconds:F0} s");
        return Clean;
    }

    private static int PrintHash(SeedResult result, CommandLine line, TextWriter output)
    {
        if (!result.IsClean)
        {
            return PrintObjection(result, line, output);
        }

        output.WriteLine($"{result.Hash:x16}");
        return Clean;
    }

    private static int PrintObjection(SeedResult result, CommandLine line, TextWriter output)
    {
        output.WriteLine(result.Objection);
        var workload = line.WorkloadName.Length > 0 ? $" --workload {line.WorkloadName}" : "";
        output.WriteLine(result.Checker == "Coverage"
            ? $"{line.Seeds} seeds from {line.From} do not cover the fault model"
            : $"seed {result.Seed} failed ({result.Checker}); replay: dotnet run --project tests/Quorate.Simulator "
                + $"-c Release -- --seed {result.Seed}{workload} --trace");
        return Objected;
    }
}
