using System.Diagnostics.CodeAnalysis;

namespace Quorate.Mvcc;

/// <summary>Assertions that stay on in release: stopping costs liveness, going on costs data.</summary>
internal static class StoreInvariant
{
    /// <summary>
    /// Throws when a law of the store does not hold; <paramref name="because"/> is the law as a sentence.
    /// </summary>
    public static void Holds([DoesNotReturnIf(false)] bool condition, string because)
    {
        if (!condition)
        {
            throw new StoreInvariantException(because);
        }
    }
}

/// <summary>A fault of our own: the process stops rather than go on with a state that cannot be trusted.</summary>
public sealed class StoreInvariantException(string because) : Exception($"Store invariant violated: {because}.");
