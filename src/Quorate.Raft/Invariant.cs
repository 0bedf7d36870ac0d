using System.Diagnostics.CodeAnalysis;

namespace Quorate.Raft;

/// <summary>Assertions that stay on in release: stopping costs liveness, going on costs data.</summary>
public static class Invariant
{
    /// <summary>Throws when a law of the house does not hold.</summary>
    /// <param name="condition">The law.</param>
    /// <param name="because">The law as a positive sentence.</param>
    /// <exception cref="InvariantViolationException">It does not hold. Never caught.</exception>
    public static void Holds([DoesNotReturnIf(false)] bool condition, string because)
    {
        if (!condition)
        {
            throw new InvariantViolationException(because);
        }
    }
}

/// <summary>A fault of our own: the process stops rather than go on with a state that cannot be trusted.</summary>
public sealed class InvariantViolationException(string because) : Exception($"Invariant violated: {because}.");
