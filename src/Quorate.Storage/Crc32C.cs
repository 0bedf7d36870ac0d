using System.Numerics;
using System.Runtime.InteropServices;

namespace Quorate.Storage;

/// <summary>CRC-32C (Castagnoli) by the processor's own instruction, eight bytes at a time.</summary>
internal static class Crc32C
{
    /// <summary>The state before the first byte.</summary>
    public const uint Start = 0xFFFF_FFFF;

    /// <summary>The checksum of a whole piece.</summary>
    public static uint Of(ReadOnlySpan<byte> bytes) => Finish(Append(Start, bytes));

    /// <summary>The checksum that belongs to a state.</summary>
    public static uint Finish(uint state) => ~state;

    /// <summary>The state after more bytes.</summary>
    public static uint Append(uint state, ReadOnlySpan<byte> bytes)
    {
        // Little endian words: all systems .NET 10 runs Quorate on are little endian.
        var words = MemoryMarshal.Cast<byte, ulong>(bytes);
        foreach (var word in words)
        {
            state = BitOperations.Crc32C(state, word);
        }

        foreach (var rest in bytes[(words.Length * sizeof(ulong))..])
        {
            state = BitOperations.Crc32C(state, rest);
        }

        return state;
    }

    /// <summary>The state after one number, little endian.</summary>
    public static uint Append(uint state, uint number) => BitOperations.Crc32C(state, number);
}
