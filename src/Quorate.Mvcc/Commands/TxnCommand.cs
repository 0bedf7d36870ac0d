namespace Quorate.Mvcc;

/// <summary>Does one of two lists of operations in one revision, by whether all compares hold.</summary>
/// <param name="Compares">The conditions, all judged against the state before the transaction.</param>
/// <param name="Success">What to do when all hold.</param>
/// <param name="Failure">What to do otherwise.</param>
public sealed record TxnCommand(
    IReadOnlyList<TxnCompare> Compares,
    IReadOnlyList<TxnOperation> Success,
    IReadOnlyList<TxnOperation> Failure) : Command;
