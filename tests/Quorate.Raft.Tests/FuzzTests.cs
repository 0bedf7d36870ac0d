using Quorate.Raft.Tests.Cluster;

namespace Quorate.Raft.Tests;

/// <summary>
/// Random inputs against the safety laws of Raft, then a calm end in which the cluster must be live.
/// <c>QUORATE_FUZZ_SEEDS=1000</c> runs more seeds.
/// </summary>
public class FuzzTests
{
    [Theory]
    [InlineData(3, 1, 40)]
    [InlineData(5, 100_001, 20)]
    [InlineData(1, 200_001, 5)]
    [InlineData(4, 300_001, 20)]
    public void Safety_holds_under_every_seed(int members, ulong firstSeed, int seeds) =>
        RunAll(members, spares: 0, firstSeed, seeds);

    [Theory]
    [InlineData(3, 3, 400_001, 40)]
    [InlineData(1, 2, 500_001, 20)]
    public void Safety_holds_while_members_change(int members, int spares, ulong firstSeed, int seeds) =>
        RunAll(members, spares, firstSeed, seeds);

    private static void RunAll(int members, int spares, ulong firstSeed, int seeds)
    {
        seeds = int.TryParse(Environment.GetEnvironmentVariable("QUORATE_FUZZ_SEEDS"), out var more) ? more : seeds;
        for (var seed = firstSeed; seed < firstSeed + (ulong)seeds; seed++)
        {
            if (Run(seed, members, spares, isTraced: false) is not null)
            {
                // The same seed again, this time writing down what happens.
                Assert.Fail(Run(seed, members, spares, isTraced: true) ?? $"seed {seed} failed once and not again");
            }
        }
    }

    private static string? Run(ulong seed, int members, int spares, bool isTraced)
    {
        var run = new FuzzRun(seed, members, spares, isTraced);
        try
        {
            run.Storm(steps: 3000);
            run.Calm();
            return null;
        }
        catch (Exception fault) when (fault is InvariantViolationException or Xunit.Sdk.XunitException)
        {
            return $"seed {seed}, {members} members, {spares} spares, step {run.StepCount}: {fault}\n{run.Tail()}";
        }
    }
}
