namespace Quorate.Mvcc;

/// <summary>Deletes one key or a range of keys; deleting nothing is no change.</summary>
/// <param name="Key">The key, or the first key of the range; never empty.</param>
/// <param name="RangeEnd">By the rules of <see cref="KeyRange"/>.</param>
/// <param name="PrevKv">Tell the key-values before the delete.</param>
public sealed record DeleteRangeCommand(
    ReadOnlyMemory<byte> Key,
    ReadOnlyMemory<byte> RangeEnd = default,
    bool PrevKv = false) : Command;
