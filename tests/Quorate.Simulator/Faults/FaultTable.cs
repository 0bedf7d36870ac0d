namespace Quorate.Simulator;

/// <summary>How often each fault happened.</summary>
internal sealed class FaultTable
{
    private static readonly FaultKind[] Kinds = Enum.GetValues<FaultKind>();
    private readonly long[] _counts = new long[Kinds.Length];

    public long this[FaultKind kind] => _counts[(int)kind];

    public long Total => _counts.Sum();

    public IEnumerable<FaultKind> NeverFired => Kinds.Where(kind => _counts[(int)kind] == 0);

    public void Count(FaultKind kind) => _counts[(int)kind]++;

    public void Add(FaultTable other)
    {
        for (var i = 0; i < _counts.Length; i++)
        {
            _counts[i] += other._counts[i];
        }
    }

    /// <summary>One line a kind, as in <c>message-lost  1234</c>.</summary>
    public IEnumerable<string> Lines() => Kinds.Select(kind => $"  {NameOf(kind),-28}{_counts[(int)kind],12:N0}");

    /// <summary>The name of a kind as users write it, as in <c>power-failure</c>.</summary>
    public static string NameOf(FaultKind kind) => string.Concat(
        kind.ToString().Select((letter, at) =>
            char.IsUpper(letter) ? (at > 0 ? "-" : "") + char.ToLowerInvariant(letter) : letter.ToString()));
}
