namespace Quorate.Mvcc;

/// <summary>
/// A version of the whole store. An empty store stands at 1; every command that changes a key raises it by one,
/// however many keys it changes. 0 means "none" or, in a query, "the newest".
/// </summary>
public readonly record struct Revision(long Value) : IComparable<Revision>
{
    /// <summary>No revision.</summary>
    public static readonly Revision None;

    /// <summary>The revision of a store in which nothing was ever written.</summary>
    public static readonly Revision Empty = new(1);

    /// <summary>The revision behind this one.</summary>
    public Revision Next => new(checked(Value + 1));

    /// <inheritdoc/>
    public int CompareTo(Revision other) => Value.CompareTo(other.Value);

    /// <summary>Whether <paramref name="left"/> is older than <paramref name="right"/>.</summary>
    public static bool operator <(Revision left, Revision right) => left.Value < right.Value;

    /// <summary>Whether <paramref name="left"/> is newer than <paramref name="right"/>.</summary>
    public static bool operator >(Revision left, Revision right) => left.Value > right.Value;

    /// <summary>Whether <paramref name="left"/> is older than <paramref name="right"/> or the same.</summary>
    public static bool operator <=(Revision left, Revision right) => left.Value <= right.Value;

    /// <summary>Whether <paramref name="left"/> is newer than <paramref name="right"/> or the same.</summary>
    public static bool operator >=(Revision left, Revision right) => left.Value >= right.Value;

    /// <inheritdoc/>
    public override string ToString() => $"{Value}";
}
