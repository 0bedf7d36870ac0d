namespace Quorate.Simulator.Tests;

/// <summary>Seeds that once failed, and how: docs/testing.md tells their stories. They are run first.</summary>
internal static class KnownSeeds
{
    public static IReadOnlyList<(ulong Seed, string Workload)> All { get; } =
    [
        (1, "swarm"),
        (2, "laggards"),
        (53, "membership"),
        (58, "membership"),
        (1279, "membership"),
        (3696, "membership"),
    ];
}
