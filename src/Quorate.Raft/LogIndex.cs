namespace Quorate.Raft;

/// <summary>A position in the Raft log. The first entry is 1; 0 means "before the log".</summary>
public readonly record struct LogIndex(ulong Value) : IComparable<LogIndex>
{
    /// <summary>Before the first entry.</summary>
    public static readonly LogIndex Zero;

    /// <summary>The position behind this one.</summary>
    public LogIndex Next => new(Value + 1);

    /// <summary>The position before this one. Must not be asked of <see cref="Zero"/>.</summary>
    public LogIndex Previous => new(checked(Value - 1));

    /// <inheritdoc/>
    public int CompareTo(LogIndex other) => Value.CompareTo(other.Value);

    /// <summary>The lower of two positions.</summary>
    public static LogIndex Min(LogIndex left, LogIndex right) => left < right ? left : right;

    /// <summary>The higher of two positions.</summary>
    public static LogIndex Max(LogIndex left, LogIndex right) => left > right ? left : right;

    /// <summary>Whether <paramref name="left"/> stands before <paramref name="right"/>.</summary>
    public static bool operator <(LogIndex left, LogIndex right) => left.Value < right.Value;

    /// <summary>Whether <paramref name="left"/> stands behind <paramref name="right"/>.</summary>
    public static bool operator >(LogIndex left, LogIndex right) => left.Value > right.Value;

    /// <summary>Whether <paramref name="left"/> stands before <paramref name="right"/> or is the same.</summary>
    public static bool operator <=(LogIndex left, LogIndex right) => left.Value <= right.Value;

    /// <summary>Whether <paramref name="left"/> stands behind <paramref name="right"/> or is the same.</summary>
    public static bool operator >=(LogIndex left, LogIndex right) => left.Value >= right.Value;

    /// <summary>The position <paramref name="count"/> entries further on.</summary>
    public static LogIndex operator +(LogIndex index, int count) => new(checked(index.Value + (ulong)count));

    /// <summary>The number of entries from <paramref name="right"/> (excluded) to <paramref name="left"/>.</summary>
    public static long operator -(LogIndex left, LogIndex right) => (long)(left.Value - right.Value);

    /// <inheritdoc/>
    public override string ToString() => $"{Value}";
}
