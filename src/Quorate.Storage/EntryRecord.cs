using System.Buffers.Binary;
using Quorate.Raft;

namespace Quorate.Storage;

/// <summary>
/// One log entry as bytes; see docs/format/wal.md.
/// <code>
/// | group u32 | kind u8 | 0 u8 x 3 | term | index | member | nonce | sequence | length u32 | payload | crc32c u32 |
/// </code>
/// Little endian, other numbers u64; the checksum covers all before it. Made once by the leader, the same on every
/// node: these bytes go to the log, to the peers and to apply, and are never encoded again.
/// </summary>
public static class EntryRecord
{
    /// <summary>Where the payload begins.</summary>
    public const int PayloadOffset = 52;

    /// <summary>Bytes of a record beside its payload.</summary>
    public const int Overhead = PayloadOffset + sizeof(uint);

    private const int KindOffset = 4;
    private const int TermOffset = 8;
    private const int IndexOffset = 16;
    private const int MemberOffset = 24;
    private const int NonceOffset = 32;
    private const int SequenceOffset = 40;
    private const int LengthOffset = 48;

    /// <summary>Bytes of the whole record.</summary>
    public static int SizeOf(int payloadLength) => checked(Overhead + payloadLength);

    /// <summary>Writes a record, which fills <paramref name="target"/> exactly.</summary>
    public static void Write(Span<byte> target, uint group, EntryHeader header, ReadOnlySpan<byte> payload)
    {
        Invariant.Holds(header.Length == SizeOf(payload.Length), "an entry's length is that of its record");
        WriteKind(target, group, (byte)header.Kind, header.Id, header.Proposal, payload);
    }

    /// <summary>
    /// Reads the record that <paramref name="source"/> begins with; false unless it is whole, of a known kind, and
    /// its checksum is right. <see cref="EntryHeader.Length"/> says where it ends.
    /// </summary>
    public static bool TryRead(
        ReadOnlySpan<byte> source, out uint group, out EntryHeader header, out ReadOnlySpan<byte> payload)
    {
        if (!TryReadKind(source, out group, out header, out payload) || !IsEntry((byte)header.Kind))
        {
            header = default;
            payload = default;
            return false;
        }

        return true;
    }

    /// <summary>As the other one, where the group does not matter.</summary>
    public static bool TryRead(ReadOnlySpan<byte> source, out EntryHeader header, out ReadOnlySpan<byte> payload) =>
        TryRead(source, out _, out header, out payload);

    /// <summary>The length of the record that begins here, or 0 when too little of it is there to say.</summary>
    public static int PeekLength(ReadOnlySpan<byte> source)
    {
        if (source.Length < PayloadOffset)
        {
            return 0;
        }

        var payload = BinaryPrimitives.ReadUInt32LittleEndian(source[LengthOffset..]);
        return payload <= int.MaxValue - Overhead ? Overhead + (int)payload : 0;
    }

    /// <summary>The checksum at the end of a whole record.</summary>
    internal static uint ChecksumOf(ReadOnlySpan<byte> record) =>
        BinaryPrimitives.ReadUInt32LittleEndian(record[^sizeof(uint)..]);

    internal static void WriteKind(
        Span<byte> target, uint group, byte kind, EntryId id, ProposalId proposal, ReadOnlySpan<byte> payload)
    {
        Invariant.Holds(target.Length == SizeOf(payload.Length), "a record fills its place");
        BinaryPrimitives.WriteUInt32LittleEndian(target, group);
        BinaryPrimitives.WriteUInt32LittleEndian(target[KindOffset..], kind);
        BinaryPrimitives.WriteUInt64LittleEndian(target[TermOffset..], id.Term.Value);
        BinaryPrimitives.WriteUInt64LittleEndian(target[IndexOffset..], id.Index.Value);
        BinaryPrimitives.WriteUInt64LittleEndian(target[MemberOffset..], proposal.Member.Value);
        BinaryPrimitives.WriteUInt64LittleEndian(target[NonceOffset..], proposal.BootNonce);
        BinaryPrimitives.WriteUInt64LittleEndian(target[SequenceOffset..], proposal.Sequence);
        BinaryPrimitives.WriteInt32LittleEndian(target[LengthOffset..], payload.Length);
        payload.CopyTo(target[PayloadOffset..]);
        BinaryPrimitives.WriteUInt32LittleEndian(target[^sizeof(uint)..], Crc32C.Of(target[..^sizeof(uint)]));
    }

    /// <summary>Reads a record of any kind, those included that only the local log knows.</summary>
    internal static bool TryReadKind(
        ReadOnlySpan<byte> source, out uint group, out EntryHeader header, out ReadOnlySpan<byte> payload)
    {
        group = 0;
        header = default;
        payload = default;
        var length = PeekLength(source);
        if (length == 0 || length > source.Length)
        {
            return false;
        }

        source = source[..length];
        if (Crc32C.Of(source[..^sizeof(uint)]) != ChecksumOf(source))
        {
            return false;
        }

        var kind = BinaryPrimitives.ReadUInt32LittleEndian(source[KindOffset..]);
        if (kind > byte.MaxValue)
        {
            return false;
        }

        group = BinaryPrimitives.ReadUInt32LittleEndian(source);
        header = new EntryHeader(ReadId(source), (EntryKind)kind, ReadProposal(source), length);
        payload = source[PayloadOffset..^sizeof(uint)];
        return true;
    }

    private static bool IsEntry(byte kind) => kind is >= (byte)EntryKind.Noop and <= (byte)EntryKind.ConfigChange;

    private static EntryId ReadId(ReadOnlySpan<byte> source) => new(
        new Term(BinaryPrimitives.ReadUInt64LittleEndian(source[TermOffset..])),
        new LogIndex(BinaryPrimitives.ReadUInt64LittleEndian(source[IndexOffset..])));

    private static ProposalId ReadProposal(ReadOnlySpan<byte> source) => new(
        new NodeId(BinaryPrimitives.ReadUInt64LittleEndian(source[MemberOffset..])),
        BinaryPrimitives.ReadUInt64LittleEndian(source[NonceOffset..]),
        BinaryPrimitives.ReadUInt64LittleEndian(source[SequenceOffset..]));
}
