using System.Buffers.Binary;
using System.Runtime.InteropServices;
using Quorate.Raft;

namespace Quorate.Storage;

/// <summary>Which of the copies of a frame this is.</summary>
internal enum FrameCopy : byte
{
    Only,
    FirstOfTwo,
    SecondOfTwo,
}

/// <summary>The head of a batch frame; see docs/format/wal.md for the bytes.</summary>
internal readonly record struct FrameHeader
{
    public const int Bytes = 116;
    public const int Alignment = 512;

    private const uint Magic = 0x3146_5251;   // "QRF1"
    private const int LogicalOffset = 24;
    private const int ChecksumOffset = 112;

    public FrameCopy Copy { get; init; }

    public bool IsSeal { get; init; }

    public ulong Segment { get; init; }

    public int Offset { get; init; }

    public ulong Number { get; init; }

    public ulong PreviousHash { get; init; }

    public EntryId Mark { get; init; }

    public HardState HardState { get; init; }

    public LogIndex CommitHint { get; init; }

    public EntryId Base { get; init; }

    public uint Group { get; init; }

    public int Records { get; init; }

    public int RecordBytes { get; init; }

    public uint RecordsChecksum { get; init; }

    /// <summary>Bytes of one copy with its filling.</summary>
    public int Size => SizeOf(RecordBytes);

    /// <summary>Bytes of all copies.</summary>
    public int TotalSize => Copy == FrameCopy.Only ? Size : 2 * Size;

    /// <summary>Where the frame begins: its first copy.</summary>
    public int Start => Copy == FrameCopy.SecondOfTwo ? Offset - Size : Offset;

    /// <summary>Bytes of one copy of a frame with this many bytes of records.</summary>
    public static int SizeOf(long recordBytes) =>
        checked((int)((Bytes + recordBytes + Alignment - 1) / Alignment * Alignment));

    /// <summary>The same frame as it stands in its other place.</summary>
    public FrameHeader At(FrameCopy copy) =>
        this with { Copy = copy, Offset = copy == FrameCopy.SecondOfTwo ? Start + Size : Start };

    /// <summary>What the next frame is chained to; the same for both copies.</summary>
    public ulong Hash()
    {
        Span<byte> bytes = stackalloc byte[Bytes];
        Write(bytes, seed: 0);
        return HashOf(bytes);
    }

    public void Write(Span<byte> target, uint seed)
    {
        target = target[..Bytes];
        target.Clear();
        BinaryPrimitives.WriteUInt32LittleEndian(target, Magic);
        target[4] = (byte)Copy;
        target[5] = IsSeal ? (byte)1 : (byte)0;
        BinaryPrimitives.WriteUInt64LittleEndian(target[8..], Segment);
        BinaryPrimitives.WriteInt64LittleEndian(target[16..], Offset);
        BinaryPrimitives.WriteUInt64LittleEndian(target[24..], Number);
        BinaryPrimitives.WriteUInt64LittleEndian(target[32..], PreviousHash);
        EntryIdBytes.Write(target[40..], Mark);
        BinaryPrimitives.WriteUInt64LittleEndian(target[56..], HardState.Term.Value);
        BinaryPrimitives.WriteUInt64LittleEndian(target[64..], HardState.Vote.Value);
        BinaryPrimitives.WriteUInt64LittleEndian(target[72..], CommitHint.Value);
        EntryIdBytes.Write(target[80..], Base);
        BinaryPrimitives.WriteUInt32LittleEndian(target[96..], Group);
        BinaryPrimitives.WriteInt32LittleEndian(target[100..], Records);
        BinaryPrimitives.WriteInt32LittleEndian(target[104..], RecordBytes);
        BinaryPrimitives.WriteUInt32LittleEndian(target[108..], RecordsChecksum);
        var checksum = Crc32C.Finish(Crc32C.Append(seed, target[..ChecksumOffset]));
        BinaryPrimitives.WriteUInt32LittleEndian(target[ChecksumOffset..], checksum);
    }

    /// <summary>
    /// Reads the head that stands at <paramref name="at"/> of a segment; false unless it is one of this log, made for
    /// this very place, and its frame ends within the segment. Says nothing of its records.
    /// </summary>
    public static bool TryRead(ReadOnlySpan<byte> segment, int at, ulong segmentId, uint seed, out FrameHeader header)
    {
        header = default;
        if (segment.Length - at < Bytes || !HasChecksum(segment.Slice(at, Bytes), seed))
        {
            return false;
        }

        header = Decode(segment.Slice(at, Bytes));
        return header.Segment == segmentId && header.Offset == at && header.Fits(segment.Length);
    }

    private static bool HasChecksum(ReadOnlySpan<byte> source, uint seed) =>
        BinaryPrimitives.ReadUInt32LittleEndian(source) == Magic
        && Crc32C.Finish(Crc32C.Append(seed, source[..ChecksumOffset]))
            == BinaryPrimitives.ReadUInt32LittleEndian(source[ChecksumOffset..]);

    private static FrameHeader Decode(ReadOnlySpan<byte> source) => new()
    {
        Copy = (FrameCopy)source[4],
        IsSeal = source[5] == 1,
        Segment = BinaryPrimitives.ReadUInt64LittleEndian(source[8..]),
        Offset = (int)long.Min(BinaryPrimitives.ReadInt64LittleEndian(source[16..]), int.MaxValue),
        Number = BinaryPrimitives.ReadUInt64LittleEndian(source[24..]),
        PreviousHash = BinaryPrimitives.ReadUInt64LittleEndian(source[32..]),
        Mark = EntryIdBytes.Read(source[40..]),
        HardState = new HardState(
            new Term(BinaryPrimitives.ReadUInt64LittleEndian(source[56..])),
            new NodeId(BinaryPrimitives.ReadUInt64LittleEndian(source[64..]))),
        CommitHint = new LogIndex(BinaryPrimitives.ReadUInt64LittleEndian(source[72..])),
        Base = EntryIdBytes.Read(source[80..]),
        Group = BinaryPrimitives.ReadUInt32LittleEndian(source[96..]),
        Records = BinaryPrimitives.ReadInt32LittleEndian(source[100..]),
        RecordBytes = BinaryPrimitives.ReadInt32LittleEndian(source[104..]),
        RecordsChecksum = BinaryPrimitives.ReadUInt32LittleEndian(source[108..]),
    };

    private static ulong HashOf(ReadOnlySpan<byte> header)
    {
        ulong hash = 0;
        foreach (var word in MemoryMarshal.Cast<byte, ulong>(header[LogicalOffset..ChecksumOffset]))
        {
            hash = (hash ^ word) * 0x9E37_79B9_7F4A_7C15;
            hash ^= hash >> 32;
        }

        return hash;
    }

    private bool Fits(int segmentLength) =>
        Copy <= FrameCopy.SecondOfTwo
        && Records >= 0
        && RecordBytes >= 0
        && RecordBytes <= segmentLength - Bytes
        && Start >= Alignment
        && Size <= segmentLength - Offset;
}

/// <summary>An entry id as bytes: term, then index.</summary>
internal static class EntryIdBytes
{
    public static void Write(Span<byte> target, EntryId id)
    {
        BinaryPrimitives.WriteUInt64LittleEndian(target, id.Term.Value);
        BinaryPrimitives.WriteUInt64LittleEndian(target[8..], id.Index.Value);
    }

    public static EntryId Read(ReadOnlySpan<byte> source) => new(
        new Term(BinaryPrimitives.ReadUInt64LittleEndian(source)),
        new LogIndex(BinaryPrimitives.ReadUInt64LittleEndian(source[8..])));
}
