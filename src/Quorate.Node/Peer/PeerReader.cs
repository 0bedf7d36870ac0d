using System.Buffers.Binary;
using System.Text;
using System.Text.Unicode;
using Quorate.Raft;

namespace Quorate.Node;

/// <summary>
/// Reads what a peer wrote. Total: whatever is wrong is remembered in <see cref="Failed"/>, from then on every value
/// is zero, and nothing throws. A caller looks once, at the end.
/// </summary>
internal ref struct PeerReader(ReadOnlySpan<byte> source)
{
    private readonly ReadOnlySpan<byte> _source = source;

    public bool Failed { get; private set; }

    /// <summary>How many bytes were read.</summary>
    public int Position { get; private set; }

    public readonly int Left => _source.Length - Position;

    /// <summary>Everything was good, and nothing stands behind it.</summary>
    public readonly bool IsWhole => !Failed && Left == 0;

    public void Fail()
    {
        Failed = true;
        Position = _source.Length;
    }

    public ReadOnlySpan<byte> Bytes(int count)
    {
        if (Failed || count < 0 || count > Left)
        {
            Fail();
            return default;
        }

        var span = _source.Slice(Position, count);
        Position += count;
        return span;
    }

    /// <summary>All that is left.</summary>
    public ReadOnlySpan<byte> Rest() => Bytes(Left);

    public byte U8() => Bytes(1) is [var value] ? value : (byte)0;

    public ushort U16() => BinaryPrimitives.TryReadUInt16LittleEndian(Bytes(2), out var value) ? value : (ushort)0;

    public uint U32() => BinaryPrimitives.TryReadUInt32LittleEndian(Bytes(4), out var value) ? value : 0;

    public ulong U64() => BinaryPrimitives.TryReadUInt64LittleEndian(Bytes(8), out var value) ? value : 0;

    public UInt128 U128() => BinaryPrimitives.TryReadUInt128LittleEndian(Bytes(16), out var value) ? value : 0;

    public bool Bool()
    {
        var value = U8();
        if (value > 1)
        {
            Fail();
        }

        return value == 1;
    }

    /// <summary>A length that bytes must follow, at most <paramref name="max"/>.</summary>
    public int Length(int max)
    {
        var value = U32();
        if (value > (uint)max)
        {
            Fail();
            return 0;
        }

        return (int)value;
    }

    /// <summary>A count of things of at least so many bytes: never more than the bytes left can hold.</summary>
    public int Count(int bytesEach)
    {
        var value = U32();
        if (value > (uint)(Left / bytesEach))
        {
            Fail();
            return 0;
        }

        return (int)value;
    }

    public NodeId Node() => new(U64());

    public Term Term() => new(U64());

    public LogIndex Index() => new(U64());

    public EntryId Id() => new(Term(), Index());

    public ProposalId Proposal() => new(Node(), U64(), U64());

    /// <summary>Text of <paramref name="bytesMin"/> to <paramref name="bytesMax"/> bytes, fit for a log line.</summary>
    public string String(int bytesMin, int bytesMax)
    {
        int count = U16();
        var bytes = Bytes(count);
        if (Failed || count < bytesMin || count > bytesMax || !TryDecode(bytes, out var text))
        {
            Fail();
            return "";
        }

        return text;
    }

    private static bool TryDecode(ReadOnlySpan<byte> bytes, out string text)
    {
        text = "";
        if (!Utf8.IsValid(bytes))
        {
            return false;
        }

        text = Encoding.UTF8.GetString(bytes);
        foreach (var letter in text)
        {
            if (char.IsControl(letter))
            {
                return false;
            }
        }

        return true;
    }
}
