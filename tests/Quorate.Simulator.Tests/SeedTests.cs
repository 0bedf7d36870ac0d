namespace Quorate.Simulator.Tests;

/// <summary>The simulator itself, as a part of every test run.</summary>
public sealed class SeedTests
{
    [Fact]
    public void Seeds_that_once_failed_stay_clean()
    {
        foreach (var (seed, workload) in KnownSeeds.All)
        {
            Assert.True(Workload.TryLoad(workload, out var scenario, out var error), error);

            var result = SeedResult.Of(seed, new RunOptions { Workload = scenario });

            Assert.True(result.IsClean, $"seed {seed}: {result.Objection}");
        }
    }

    [Fact]
    public void A_hundred_seeds_with_changing_members_are_clean()
    {
        using var output = new StringWriter();

        var exit = Entry.Run(["--from", "1", "--seeds", "100", "--workload", "membership"], output, TextWriter.Null);

        Assert.True(exit == 0, output.ToString());
    }

    [Fact]
    public void Two_hundred_seeds_are_clean_and_cover_the_fault_model()
    {
        using var output = new StringWriter();

        var exit = Entry.Run(["--from", "1", "--seeds", "200"], output, TextWriter.Null);

        Assert.True(exit == 0, output.ToString());
        Assert.Matches(@"200 seeds, \d+ operations, \d+ faults, clean in \d+ s", output.ToString());
    }
}
