using System.Buffers.Binary;

namespace Quorate.Mvcc;

/// <summary>
/// A put in place, without an object: the hot path of apply.
/// <code>| flags | lease | key length | value length | key | value |  little endian; see docs/format/commands.md</code>
/// </summary>
internal readonly ref struct PutReader
{
    private readonly byte _flags;

    private PutReader(byte flags, long lease, ReadOnlySpan<byte> key, ReadOnlySpan<byte> value)
    {
        _flags = flags;
        Lease = lease;
        Key = key;
        Value = value;
    }

    public ReadOnlySpan<byte> Key { get; }

    public ReadOnlySpan<byte> Value { get; }

    public long Lease { get; }

    public bool IgnoreValue => (_flags & CommandFormat.IgnoreValueFlag) != 0;

    public bool IgnoreLease => (_flags & CommandFormat.IgnoreLeaseFlag) != 0;

    public bool PrevKv => (_flags & CommandFormat.PrevKvFlag) != 0;

    /// <summary>Whether a payload is a put of a version that we know; its body may still be malformed.</summary>
    public static bool IsPut(ReadOnlySpan<byte> payload) =>
        payload.Length >= CommandFormat.HeadBytes
        && payload[0] == CommandFormat.Version
        && payload[1] == CommandFormat.Put;

    /// <summary>Reads the body that follows the head and fills <paramref name="body"/> exactly.</summary>
    public static bool TryRead(ReadOnlySpan<byte> body, out PutReader put)
    {
        put = default;
        if (body.Length < CommandFormat.PutFixedBytes)
        {
            return false;
        }

        var flags = body[0];
        var lease = BinaryPrimitives.ReadInt64LittleEndian(body[1..]);
        var keyLength = BinaryPrimitives.ReadUInt32LittleEndian(body[9..]);
        var valueLength = BinaryPrimitives.ReadUInt32LittleEndian(body[13..]);
        var bytes = body[CommandFormat.PutFixedBytes..];
        if ((flags & ~CommandFormat.PutFlags) != 0 || (ulong)keyLength + valueLength != (ulong)bytes.Length)
        {
            return false;
        }

        put = new PutReader(flags, lease, bytes[..(int)keyLength], bytes[(int)keyLength..]);
        return true;
    }
}
