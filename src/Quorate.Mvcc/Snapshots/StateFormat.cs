using System.Buffers.Binary;
using System.Numerics;

namespace Quorate.Mvcc;

/// <summary>The numbers of docs/format/state.md, and its checksum.</summary>
internal static class StateFormat
{
    public const ushort Version = 1;
    public const ushort TableVersion = 1;
    public const int RowBytesMax = 16 << 20;

    public const int MetaBytes = 5 * 8;
    public const int KvFixedBytes = 8 + 4 + 1 + 8 + 8 + 8 + 4;
    public const byte TombstoneFlag = 1;
    public const byte ConfigRow = 1;
    public const byte MemberRow = 2;
    public const int ConfigFixedBytes = 1 + 8;

    public static ReadOnlySpan<byte> Magic => "QRMSTATE"u8;

    public static ReadOnlySpan<byte> Meta => "meta"u8;

    public static ReadOnlySpan<byte> Kv => "kv"u8;

    public static ReadOnlySpan<byte> Members => "members"u8;

    /// <summary>CRC32C so far, over more bytes. Begins at 0.</summary>
    public static uint Checksum(uint checksum, ReadOnlySpan<byte> bytes)
    {
        var crc = ~checksum;
        while (bytes.Length >= sizeof(ulong))
        {
            crc = BitOperations.Crc32C(crc, BinaryPrimitives.ReadUInt64LittleEndian(bytes));
            bytes = bytes[sizeof(ulong)..];
        }

        foreach (var one in bytes)
        {
            crc = BitOperations.Crc32C(crc, one);
        }

        return ~crc;
    }
}
