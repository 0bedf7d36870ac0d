namespace Quorate.Mvcc;

/// <summary>One committed entry of the replicated log, handed to the state machine.</summary>
/// <param name="Id">Its place in the log.</param>
/// <param name="Kind">What the payload is.</param>
/// <param name="Payload">Its bytes; used only until <see cref="StateMachine.ApplyBatch"/> returns.</param>
/// <param name="WantsResult">Whether somebody on this node waits for the result; never changes the state.</param>
public readonly record struct CommittedEntry(
    AppliedId Id,
    CommittedKind Kind,
    ReadOnlyMemory<byte> Payload,
    bool WantsResult)
{
    /// <inheritdoc/>
    public override string ToString() => $"{Id} {Kind} {Payload.Length} B";
}
