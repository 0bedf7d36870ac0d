namespace Quorate.Mvcc;

/// <summary>Writes one key.</summary>
/// <param name="Key">The key; never empty.</param>
/// <param name="Value">The value.</param>
/// <param name="Lease">The lease the key hangs on from now; 0 is none.</param>
/// <param name="IgnoreValue">Keep the value; the key must exist.</param>
/// <param name="IgnoreLease">Keep the lease; the key must exist.</param>
/// <param name="PrevKv">Tell the key-value before the put.</param>
public sealed record PutCommand(
    ReadOnlyMemory<byte> Key,
    ReadOnlyMemory<byte> Value,
    long Lease = 0,
    bool IgnoreValue = false,
    bool IgnoreLease = false,
    bool PrevKv = false) : Command;
