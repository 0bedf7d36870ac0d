using Quorate.Raft;

namespace Quorate.Node;

/// <summary>The name of one transfer: who leads, and the last entry that the snapshot includes.</summary>
public readonly record struct TransferId(Term LeaderTerm, EntryId Last)
{
    /// <summary>As in <c>40@3/t5</c>.</summary>
    public override string ToString() => $"{Last}/t{LeaderTerm}";
}

/// <summary>A piece of a snapshot on its way; see docs/format/peer.md.</summary>
/// <param name="transfer">Which transfer.</param>
/// <param name="offset">Where the bytes stand in the snapshot file.</param>
/// <param name="total">Length of that file.</param>
/// <param name="metadata">In the first piece only, else null.</param>
/// <param name="data">The bytes, at most <see cref="DataBytesMax"/>.</param>
public readonly ref struct SnapshotChunk(
    TransferId transfer, ulong offset, ulong total, SnapshotMetadata? metadata, ReadOnlySpan<byte> data)
{
    /// <summary>Most bytes in one piece: 128 KiB, so that no message waits long behind one.</summary>
    public const int DataBytesMax = 128 * 1024;

    /// <summary>Which transfer.</summary>
    public TransferId Transfer { get; } = transfer;

    /// <summary>Where the bytes stand in the snapshot file.</summary>
    public ulong Offset { get; } = offset;

    /// <summary>Length of that file.</summary>
    public ulong Total { get; } = total;

    /// <summary>What the snapshot stands for; in the first piece only.</summary>
    public SnapshotMetadata? Metadata { get; } = metadata;

    /// <summary>The bytes.</summary>
    public ReadOnlySpan<byte> Data { get; } = data;

    /// <summary>Whether this piece ends the file.</summary>
    public bool IsLast => Offset + (ulong)Data.Length == Total;
}

/// <summary>What the receiver of a snapshot says.</summary>
public enum SnapshotAckStatus : byte
{
    /// <summary>Everything before the offset is there: go on.</summary>
    Continue = 1,

    /// <summary>The whole snapshot is there and durable.</summary>
    Complete = 2,

    /// <summary>Given up; the leader may offer again.</summary>
    Rejected = 3,
}

/// <summary>How far a transfer has come.</summary>
/// <param name="Transfer">Which transfer.</param>
/// <param name="Offset">All bytes before it have arrived.</param>
/// <param name="Status">What to do next.</param>
public readonly record struct SnapshotAck(TransferId Transfer, ulong Offset, SnapshotAckStatus Status);
