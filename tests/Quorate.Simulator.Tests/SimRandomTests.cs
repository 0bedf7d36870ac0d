namespace Quorate.Simulator.Tests;

public sealed class SimRandomTests
{
    [Fact]
    public void A_fork_does_not_depend_on_what_was_drawn()
    {
        var fresh = new SimRandom(7);
        var used = new SimRandom(7);
        used.Next();

        Assert.Equal(fresh.Fork("disk").Next(), used.Fork("disk").Next());
    }

    [Fact]
    public void Forks_of_different_names_differ()
    {
        var random = new SimRandom(7);

        Assert.NotEqual(random.Fork("disk").Next(), random.Fork("network").Next());
    }

    [Fact]
    public void Numbers_stay_between_their_ends_and_reach_both()
    {
        var random = new SimRandom(1);

        var drawn = Enumerable.Range(0, 1000).Select(_ => random.Between(3, 5)).Distinct().Order();

        Assert.Equal([3, 4, 5], drawn);
    }
}
