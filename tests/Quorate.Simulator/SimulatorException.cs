namespace Quorate.Simulator;

/// <summary>The simulator itself, or the way a node uses it, is wrong.</summary>
internal sealed class SimulatorException(string because) : Exception(because);

/// <summary>A checker objects: the cluster broke a promise.</summary>
internal sealed class CheckerException(string checker, string because) : Exception($"{checker}: {because}")
{
    /// <summary>Who objects, as in <c>ElectionSafety</c>.</summary>
    public string Checker { get; } = checker;
}

/// <summary>The process of a node ends here, by the seed's will. Never caught by product code.</summary>
internal sealed class SimulatedCrashException() : Exception("The simulated process has ended.");
