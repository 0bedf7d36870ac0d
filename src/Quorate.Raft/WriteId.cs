namespace Quorate.Raft;

/// <summary>
/// The number of one hand-over to the disk, counted from 1 within the process; 0 is none.
/// (Term, index) names an entry and not a write: an entry may be written, replaced and written again, and the
/// acknowledgement of the first write says nothing about the third.
/// </summary>
public readonly record struct WriteId(ulong Value) : IComparable<WriteId>
{
    /// <summary>No write.</summary>
    public static readonly WriteId None;

    /// <summary>The number of the write after this one.</summary>
    public WriteId Next => new(Value + 1);

    /// <inheritdoc/>
    public int CompareTo(WriteId other) => Value.CompareTo(other.Value);

    /// <summary>Whether <paramref name="left"/> was handed over before <paramref name="right"/>.</summary>
    public static bool operator <(WriteId left, WriteId right) => left.Value < right.Value;

    /// <summary>Whether <paramref name="left"/> was handed over after <paramref name="right"/>.</summary>
    public static bool operator >(WriteId left, WriteId right) => left.Value > right.Value;

    /// <summary>
    /// Whether <paramref name="left"/> was handed over before <paramref name="right"/> or is the same.
    /// </summary>
    public static bool operator <=(WriteId left, WriteId right) => left.Value <= right.Value;

    /// <summary>
    /// Whether <paramref name="left"/> was handed over after <paramref name="right"/> or is the same.
    /// </summary>
    public static bool operator >=(WriteId left, WriteId right) => left.Value >= right.Value;

    /// <summary>As in <c>w7</c>.</summary>
    public override string ToString() => $"w{Value}";
}
