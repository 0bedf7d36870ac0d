using System.Buffers.Binary;
using Quorate.Raft;

namespace Quorate.Storage;

/// <summary>Whose files these are. It seeds the checksums, so that no file is valid under another identity.</summary>
/// <param name="Cluster">The cluster.</param>
/// <param name="Member">The member.</param>
/// <param name="Directory">The random id of this data directory.</param>
public readonly record struct LogIdentity(UInt128 Cluster, NodeId Member, UInt128 Directory)
{
    internal const int EncodedLength = 40;

    /// <summary>As in <c>n1 of cluster 0000…002a in directory 0000…0007</c>.</summary>
    public override string ToString() => $"{Member} of cluster {Cluster:x32} in directory {Directory:x32}";

    internal void Write(Span<byte> target)
    {
        BinaryPrimitives.WriteUInt128LittleEndian(target, Cluster);
        BinaryPrimitives.WriteUInt64LittleEndian(target[16..], Member.Value);
        BinaryPrimitives.WriteUInt128LittleEndian(target[24..], Directory);
    }

    internal static LogIdentity Read(ReadOnlySpan<byte> source) => new(
        BinaryPrimitives.ReadUInt128LittleEndian(source),
        new NodeId(BinaryPrimitives.ReadUInt64LittleEndian(source[16..])),
        BinaryPrimitives.ReadUInt128LittleEndian(source[24..]));

    /// <summary>The state a seeded checksum starts from.</summary>
    internal uint Seed()
    {
        Span<byte> bytes = stackalloc byte[EncodedLength];
        Write(bytes);
        return Crc32C.Append(Crc32C.Start, bytes);
    }
}
