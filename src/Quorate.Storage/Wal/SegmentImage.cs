using Quorate.Raft;

namespace Quorate.Storage;

/// <summary>The last frame reached by number and previous hash. Number 0: none yet.</summary>
internal readonly record struct ChainEnd(ulong Number, ulong Hash)
{
    /// <summary>Whether a frame goes on here. A log whose older segments were trimmed begins with any number.</summary>
    public bool IsContinuedBy(in FrameHeader header) =>
        Number == 0 || (header.Number == Number + 1 && header.PreviousHash == Hash);
}

/// <summary>A frame that goes on with the chain.</summary>
/// <param name="Header">Its copy that serves.</param>
/// <param name="BadCopy">Where its other copy is bad, or -1.</param>
internal readonly record struct FoundFrame(FrameHeader Header, int BadCopy);

/// <summary>What a search behind the end of the chain found.</summary>
/// <param name="Proof">Where a frame stands that proves that something acknowledged is missing; -1 for nowhere.</param>
/// <param name="ProofNumber">The batch number of that frame.</param>
/// <param name="Torn">Where the remains of an unfinished write stand; -1 for nowhere.</param>
internal readonly record struct TailFinding(int Proof, ulong ProofNumber, int Torn);

/// <summary>All bytes of one segment, while the log is recovered.</summary>
internal sealed class SegmentImage(WalSegment segment, byte[] bytes, uint seed)
{
    public WalSegment Segment { get; } = segment;

    public ReadOnlySpan<byte> Bytes => bytes;

    /// <summary>Finds the frame that begins at a place and goes on with the chain, by either copy.</summary>
    public bool TryContinue(int at, ChainEnd end, out FoundFrame found)
    {
        if (TryReadWhole(at, out var header) && header.Start == at && end.IsContinuedBy(header))
        {
            found = new FoundFrame(header, BadSecondCopy(header));
            return true;
        }

        for (var place = at + FrameHeader.Alignment; place < bytes.Length; place += FrameHeader.Alignment)
        {
            if (TryReadWhole(place, out header) && header.Start == at && end.IsContinuedBy(header))
            {
                found = new FoundFrame(header, BadCopy: at);
                return true;
            }
        }

        found = default;
        return false;
    }

    /// <summary>
    /// Searches for frames that would prove that a frame behind the end of the chain was acknowledged. A head
    /// numbered two further was written only after the sync of the one before; a whole frame numbered one further
    /// that is not chained is no write of this log's as it is.
    /// </summary>
    public TailFinding SearchTail(int from, ChainEnd end)
    {
        var torn = -1;
        for (var place = from; place < bytes.Length; place += FrameHeader.Alignment)
        {
            if (!FrameHeader.TryRead(bytes, place, Segment.Id, seed, out var header) || header.Number <= end.Number)
            {
                continue;
            }

            if (header.Number > end.Number + 1 || IsWhole(header))
            {
                return new TailFinding(place, header.Number, torn);
            }

            torn = torn < 0 ? place : torn;
        }

        return new TailFinding(-1, 0, torn >= 0 ? torn : FirstRemains(from));
    }

    /// <summary>The bytes of one copy of a frame, made from the copy that serves.</summary>
    public byte[] CopyOf(in FrameHeader serving, FrameCopy copy)
    {
        var frame = bytes.AsSpan(serving.Offset, serving.Size).ToArray();
        serving.At(copy).Write(frame, seed);
        return frame;
    }

    private bool TryReadWhole(int at, out FrameHeader header) =>
        FrameHeader.TryRead(bytes, at, Segment.Id, seed, out header) && IsWhole(header);

    private bool IsWhole(in FrameHeader header)
    {
        var frame = bytes.AsSpan(header.Offset, header.Size);
        var records = frame.Slice(FrameHeader.Bytes, header.RecordBytes);
        var checksum = Crc32C.Start;
        for (var i = 0; i < header.Records; i++)
        {
            if (!EntryRecord.TryReadKind(records, out _, out var entry, out _))
            {
                return false;
            }

            checksum = Crc32C.Append(checksum, EntryRecord.ChecksumOf(records[..entry.Length]));
            records = records[entry.Length..];
        }

        return records.IsEmpty
            && Crc32C.Finish(checksum) == header.RecordsChecksum
            && !frame[(FrameHeader.Bytes + header.RecordBytes)..].ContainsAnyExcept((byte)0);
    }

    private int BadSecondCopy(in FrameHeader first)
    {
        if (first.Copy == FrameCopy.Only)
        {
            return -1;
        }

        var at = first.Offset + first.Size;
        return TryReadWhole(at, out var second) && second.Hash() == first.Hash() ? -1 : at;
    }

    // In a recycled segment old frames stand everywhere, so that remains without a head cannot be told.
    private int FirstRemains(int from)
    {
        var at = Segment.Recycled ? -1 : bytes.AsSpan(from).IndexOfAnyExcept((byte)0);
        return at < 0 ? -1 : from + at;
    }
}
