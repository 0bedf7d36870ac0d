namespace Quorate.Mvcc;

/// <summary>Where in the replicated log a state stands: the term and index of the last entry it has taken in.</summary>
/// <param name="Term">The entry's term.</param>
/// <param name="Index">The entry's position; 0 means that nothing was applied yet.</param>
public readonly record struct AppliedId(ulong Term, ulong Index)
{
    /// <inheritdoc/>
    public override string ToString() => $"{Index}@{Term}";
}
