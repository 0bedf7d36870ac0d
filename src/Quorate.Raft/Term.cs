namespace Quorate.Raft;

/// <summary>An election epoch: at most one leader exists in each. 0 is before the first election.</summary>
public readonly record struct Term(ulong Value) : IComparable<Term>
{
    /// <summary>Before the first election.</summary>
    public static readonly Term Zero;

    /// <summary>The term after this one.</summary>
    public Term Next => new(Value + 1);

    /// <inheritdoc/>
    public int CompareTo(Term other) => Value.CompareTo(other.Value);

    /// <summary>Whether <paramref name="left"/> is older than <paramref name="right"/>.</summary>
    public static bool operator <(Term left, Term right) => left.Value < right.Value;

    /// <summary>Whether <paramref name="left"/> is newer than <paramref name="right"/>.</summary>
    public static bool operator >(Term left, Term right) => left.Value > right.Value;

    /// <summary>Whether <paramref name="left"/> is older than <paramref name="right"/> or the same.</summary>
    public static bool operator <=(Term left, Term right) => left.Value <= right.Value;

    /// <summary>Whether <paramref name="left"/> is newer than <paramref name="right"/> or the same.</summary>
    public static bool operator >=(Term left, Term right) => left.Value >= right.Value;

    /// <inheritdoc/>
    public override string ToString() => $"{Value}";
}
