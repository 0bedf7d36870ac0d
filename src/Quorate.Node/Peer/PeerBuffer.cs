using System.Buffers.Binary;
using System.Text;
using Quorate.Raft;

namespace Quorate.Node;

/// <summary>Bytes being written: grows as needed, is used again, gives large memory back when cleared.</summary>
internal sealed class PeerBuffer
{
    private const int KeptBytesMax = 1024 * 1024;
    private byte[] _bytes = [];

    public int Length { get; private set; }

    public ReadOnlySpan<byte> Written => _bytes.AsSpan(0, Length);

    public void Clear()
    {
        Length = 0;
        if (_bytes.Length > KeptBytesMax)
        {
            _bytes = [];
        }
    }

    /// <summary>Takes back everything behind <paramref name="length"/>.</summary>
    public void CutTo(int length)
    {
        Invariant.Holds(length <= Length, "a buffer is cut within what was written");
        Length = length;
    }

    /// <summary>The next <paramref name="count"/> bytes, to be filled by the caller.</summary>
    public Span<byte> Take(int count)
    {
        var needed = checked(Length + count);
        if (needed > _bytes.Length)
        {
            Array.Resize(ref _bytes, (int)Math.Min(Array.MaxLength, Math.Max(needed, 2L * _bytes.Length)));
        }

        var span = _bytes.AsSpan(Length, count);
        Length = needed;
        return span;
    }

    /// <summary>Bytes written before, to be corrected.</summary>
    public Span<byte> At(int start, int count) => _bytes.AsSpan(0, Length).Slice(start, count);

    public void U8(byte value) => Take(1)[0] = value;

    public void Bool(bool value) => U8(value ? (byte)1 : (byte)0);

    public void U16(ushort value) => BinaryPrimitives.WriteUInt16LittleEndian(Take(sizeof(ushort)), value);

    public void U32(uint value) => BinaryPrimitives.WriteUInt32LittleEndian(Take(sizeof(uint)), value);

    public void U64(ulong value) => BinaryPrimitives.WriteUInt64LittleEndian(Take(sizeof(ulong)), value);

    public void U128(UInt128 value) => BinaryPrimitives.WriteUInt128LittleEndian(Take(16), value);

    public void Id(EntryId id)
    {
        U64(id.Term.Value);
        U64(id.Index.Value);
    }

    public void Proposal(ProposalId id)
    {
        U64(id.Member.Value);
        U64(id.BootNonce);
        U64(id.Sequence);
    }

    public void Bytes(ReadOnlySpan<byte> bytes) => bytes.CopyTo(Take(bytes.Length));

    /// <summary>A length (u16) and the text in UTF-8.</summary>
    public void String(string text)
    {
        var count = Encoding.UTF8.GetByteCount(text);
        U16(checked((ushort)count));
        Encoding.UTF8.GetBytes(text, Take(count));
    }
}
