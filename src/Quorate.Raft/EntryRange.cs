namespace Quorate.Raft;

/// <summary>Consecutive entries by index, both ends included. Empty when <c>Last &lt; First</c>.</summary>
public readonly record struct EntryRange(LogIndex First, LogIndex Last)
{
    /// <summary>No entries.</summary>
    public static readonly EntryRange Empty = new(new LogIndex(1), LogIndex.Zero);

    /// <summary>Whether there is no entry in it.</summary>
    public bool IsEmpty => Last < First;

    /// <summary>How many entries it holds.</summary>
    public int Count => IsEmpty ? 0 : checked((int)(Last.Value - First.Value + 1));

    /// <summary>As in <c>3..7</c>.</summary>
    public override string ToString() => IsEmpty ? "none" : $"{First}..{Last}";
}
