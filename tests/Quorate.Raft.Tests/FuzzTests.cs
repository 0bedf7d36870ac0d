using Quorate.Raft.Tests.Cluster;

namespace Quorate.Raft.Tests;

/// <summary>Random inputs against the safety laws of Raft, then a calm end in which the cluster must be live.</summary>
public class FuzzTests
{
    [Theory]
    [InlineData(3, 1, 20)]
    [InlineData(5, 1001, 20)]
    [InlineData(1, 2001, 5)]
    [InlineData(4, 3001, 20)]
    public void Safety_holds_under_every_seed(int members, ulong firstSeed, int seeds)
    {
        for (var seed = firstSeed; seed < firstSeed + (ulong)seeds; seed++)
        {
            FuzzRun? run = null;
            try
            {
                run = new FuzzRun(seed, members);
                run.Storm(steps: 3000);
                run.Calm();
            }
            catch (Exception fault) when (fault is not OutOfMemoryException)
            {
                Assert.Fail($"seed {seed}, {members} members, step {run?.StepCount}: {fault}\n{run?.Tail()}");
            }
        }
    }
}
