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
    public void Safety_holds_under_every_seed(int members, ulong firstSeed, int seeds)
    {
        seeds = int.TryParse(Environment.GetEnvironmentVariable("QUORATE_FUZZ_SEEDS"), out var more) ? more : seeds;
        for (var seed = firstSeed; seed < firstSeed + (ulong)seeds; seed++)
        {
            if (Run(seed, members, isTraced: false) is not null)
            {
                // The same seed again, this time writing down what happens.
                Assert.Fail(Run(seed, members, isTraced: true) ?? $"seed {seed} failed once and not again");
            }
        }
    }

    private static string? Run(ulong seed, int members, bool isTraced)
    {
        var run = new FuzzRun(seed, members, isTraced);
        try
        {
            run.Storm(steps: 3000);
            run.Calm();
            return null;
        }
        catch (Exception fault) when (fault is InvariantViolationException or Xunit.Sdk.XunitException)
        {
            return $"seed {seed}, {members} members, step {run.StepCount}: {fault}\n{run.Tail()}";
        }
    }
}
