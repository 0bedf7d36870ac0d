namespace Quorate.Mvcc;

/// <summary>Takes the results of applied entries.</summary>
public interface IApplySink
{
    /// <summary>
    /// Tells the result of one entry that wanted it. Called in the order of the entries, inside
    /// <see cref="StateMachine.ApplyBatch"/> and before its root is published: whoever is waiting must be woken only
    /// when the batch has returned.
    /// </summary>
    /// <param name="ordinal">The entry's place in the batch, from 0.</param>
    /// <param name="result">What came of it; everything in it may be kept.</param>
    void Completed(int ordinal, ApplyResult result);
}
