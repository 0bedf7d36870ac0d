using System.Diagnostics;

namespace Quorate.Simulator;

/// <summary>
/// Visits, breadth first, every state that the abstract model can reach within its bounds, and holds each against
/// <see cref="AbstractLaws"/>.
/// </summary>
internal static class AbstractExplorer
{
    private const int StatesMax = 120_000_000;

    /// <summary>
    /// Explores until no state is new, or until the time or the memory is used up; says how far it came.
    /// </summary>
    /// <exception cref="CheckerException">A law does not hold in a state that can be reached.</exception>
    public static AbstractExploration Explore(AbstractBounds bounds, TimeSpan within)
    {
        var watch = Stopwatch.StartNew();
        var steps = new AbstractSteps(bounds);
        var seen = new HashSet<UInt128>();
        var layer = new List<AbstractState> { default };
        seen.Add(layer[0].Hash());
        var depth = 0;
        while (layer.Count > 0)
        {
            var next = new List<AbstractState>();
            for (var i = 0; i < layer.Count; i++)
            {
                Visit(layer[i], bounds, steps, seen, next);
                if (i % 1024 == 0 && (watch.Elapsed > within || seen.Count > StatesMax))
                {
                    return new AbstractExploration(seen.Count, depth, IsAll: false);
                }
            }

            layer = next;
            depth++;
        }

        return new AbstractExploration(seen.Count, depth, IsAll: true);
    }

    private static void Visit(
        in AbstractState state, AbstractBounds bounds, AbstractSteps steps, HashSet<UInt128> seen,
        List<AbstractState> next)
    {
        foreach (var reached in steps.From(state))
        {
            var fresh = reached;
            AbstractLaws.Hold(ref fresh, bounds);
            AbstractPruning.Prune(ref fresh);
            if (seen.Add(fresh.Hash()))
            {
                next.Add(fresh);
            }
        }
    }
}

/// <summary>How far an exploration came.</summary>
/// <param name="States">Different states seen.</param>
/// <param name="Depth">Steps from the first state whose states were all visited.</param>
/// <param name="IsAll">Whether there are no more.</param>
internal sealed record AbstractExploration(long States, int Depth, bool IsAll)
{
    public override string ToString() =>
        $"{States} states, {(IsAll ? "all there are" : "all")} within {Depth} steps";
}
