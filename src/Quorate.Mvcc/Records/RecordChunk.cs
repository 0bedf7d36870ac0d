namespace Quorate.Mvcc;

/// <summary>
/// A stretch of records in revision order. A position is the chunk's number times 2^20 plus the offset in it, so that
/// a record larger than a common chunk gets one of its own, at offset 0.
/// </summary>
internal sealed class RecordChunk(int number, nint address, int capacity)
{
    /// <summary>Bits of a position that are the offset.</summary>
    public const int OffsetBits = 20;

    /// <summary>Counts from 1, so that position 0 is nobody's; used again after the chunk was dropped.</summary>
    public int Number { get; } = number;

    /// <summary>Where its bytes are.</summary>
    public nint Address { get; } = address;

    /// <summary>How many bytes it can take.</summary>
    public int Capacity { get; } = capacity;

    /// <summary>How many bytes are taken. Grows only while the chunk is the last one.</summary>
    public int Used { get; set; }

    /// <summary>Bytes of tombstones and superseded versions: the most that compaction can free.</summary>
    public long DoubtfulBytes { get; set; }

    /// <summary>The position of its first byte.</summary>
    public ulong Position => (ulong)Number << OffsetBits;
}
