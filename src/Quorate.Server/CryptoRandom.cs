using System.Buffers.Binary;
using System.Security.Cryptography;
using Quorate.Raft;

namespace Quorate.Server;

/// <summary>Chance from the operating system: directory ids and boot nonces must never meet again.</summary>
public sealed class CryptoRandom : IRandomSource
{
    /// <inheritdoc/>
    public ulong Next()
    {
        Span<byte> bytes = stackalloc byte[sizeof(ulong)];
        RandomNumberGenerator.Fill(bytes);
        return BinaryPrimitives.ReadUInt64LittleEndian(bytes);
    }
}
