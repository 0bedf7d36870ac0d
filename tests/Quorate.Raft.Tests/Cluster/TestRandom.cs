namespace Quorate.Raft.Tests.Cluster;

/// <summary>SplitMix64: small, seeded, good enough for jitter and for choosing the next step.</summary>
internal sealed class TestRandom(ulong seed) : IRandomSource
{
    private ulong _state = seed;

    public ulong Next()
    {
        _state += 0x9E3779B97F4A7C15;
        var z = _state;
        z = (z ^ (z >> 30)) * 0xBF58476D1CE4E5B9;
        z = (z ^ (z >> 27)) * 0x94D049BB133111EB;
        return z ^ (z >> 31);
    }

    public int Below(int bound) => (int)(Next() % (ulong)bound);

    public bool Chance(int percent) => Below(100) < percent;
}

/// <summary>No jitter: every timeout is the shortest, so that a story can count ticks.</summary>
internal sealed class NoJitter : IRandomSource
{
    public ulong Next() => 0;
}
