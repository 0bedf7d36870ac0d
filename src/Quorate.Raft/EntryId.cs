namespace Quorate.Raft;

/// <summary>
/// The name of one log entry: no two different entries share it (Raft thesis 3.5, log matching).
/// Ordered by term, then index, which is the order of "more up to date" (3.6.1).
/// </summary>
/// <remarks>It names an entry and not a write: see <see cref="WriteId"/>.</remarks>
public readonly record struct EntryId(Term Term, LogIndex Index) : IComparable<EntryId>
{
    /// <summary>Before the log.</summary>
    public static readonly EntryId Zero;

    /// <inheritdoc/>
    public int CompareTo(EntryId other) =>
        Term != other.Term ? Term.CompareTo(other.Term) : Index.CompareTo(other.Index);

    /// <summary>Whether <paramref name="left"/> is less up to date than <paramref name="right"/>.</summary>
    public static bool operator <(EntryId left, EntryId right) => left.CompareTo(right) < 0;

    /// <summary>Whether <paramref name="left"/> is more up to date than <paramref name="right"/>.</summary>
    public static bool operator >(EntryId left, EntryId right) => left.CompareTo(right) > 0;

    /// <summary>Whether <paramref name="left"/> is at most as up to date as <paramref name="right"/>.</summary>
    public static bool operator <=(EntryId left, EntryId right) => left.CompareTo(right) <= 0;

    /// <summary>Whether <paramref name="left"/> is at least as up to date as <paramref name="right"/>.</summary>
    public static bool operator >=(EntryId left, EntryId right) => left.CompareTo(right) >= 0;

    /// <summary>Index and term, as in <c>4@1</c>.</summary>
    public override string ToString() => $"{Index}@{Term}";
}
