using System.Buffers.Binary;
using System.Diagnostics.CodeAnalysis;

namespace Quorate.Raft;

/// <summary>
/// The bytes of a configuration, the same in log entries, snapshots and messages:
/// <code>
/// | version 1 | voters | outgoing | learners | attachment length | attachment |
/// little endian; a list = count (u16), ids (u64)
/// </code>
/// </summary>
public sealed partial class ClusterConfig
{
    private const byte FormatVersion = 1;
    private const int AttachmentBytesMax = 1 << 20;

    /// <summary>Bytes that <see cref="Write"/> needs.</summary>
    public int EncodedLength =>
        1 + (3 * sizeof(ushort)) + ((_voters.Length + _outgoingVoters.Length + _learners.Length) * sizeof(ulong))
        + sizeof(int) + Attachment.Length;

    /// <summary>Writes the configuration and returns how many bytes it took.</summary>
    public int Write(Span<byte> target)
    {
        target[0] = FormatVersion;
        var at = 1;
        foreach (var list in new[] { _voters, _outgoingVoters, _learners })
        {
            BinaryPrimitives.WriteUInt16LittleEndian(target[at..], checked((ushort)list.Length));
            at += sizeof(ushort);
            foreach (var id in list)
            {
                BinaryPrimitives.WriteUInt64LittleEndian(target[at..], id.Value);
                at += sizeof(ulong);
            }
        }

        BinaryPrimitives.WriteInt32LittleEndian(target[at..], Attachment.Length);
        at += sizeof(int);
        Attachment.Span.CopyTo(target[at..]);
        return at + Attachment.Length;
    }

    /// <summary>The configuration as bytes of its own.</summary>
    public byte[] ToBytes()
    {
        var bytes = new byte[EncodedLength];
        Write(bytes);
        return bytes;
    }

    /// <summary>Reads a configuration that fills <paramref name="source"/> exactly; copies what it keeps.</summary>
    public static bool TryRead(ReadOnlySpan<byte> source, [NotNullWhen(true)] out ClusterConfig? config)
    {
        config = null;
        if (source.Length < 1 || source[0] != FormatVersion)
        {
            return false;
        }

        source = source[1..];
        if (!TryReadIds(ref source, out var voters)
            || !TryReadIds(ref source, out var outgoing)
            || !TryReadIds(ref source, out var learners)
            || source.Length < sizeof(int))
        {
            return false;
        }

        var length = BinaryPrimitives.ReadInt32LittleEndian(source);
        source = source[sizeof(int)..];
        if (length is < 0 or > AttachmentBytesMax || source.Length != length)
        {
            return false;
        }

        try
        {
            config = new ClusterConfig(voters, outgoing, learners, source.ToArray());
            return true;
        }
        catch (ArgumentException)
        {
            return false;
        }
    }

    private static bool TryReadIds(ref ReadOnlySpan<byte> source, out NodeId[] ids)
    {
        ids = [];
        if (source.Length < sizeof(ushort))
        {
            return false;
        }

        int count = BinaryPrimitives.ReadUInt16LittleEndian(source);
        source = source[sizeof(ushort)..];
        if (source.Length < count * sizeof(ulong))
        {
            return false;
        }

        ids = new NodeId[count];
        for (var i = 0; i < count; i++)
        {
            ids[i] = new NodeId(BinaryPrimitives.ReadUInt64LittleEndian(source[(i * sizeof(ulong))..]));
        }

        source = source[(count * sizeof(ulong))..];
        return true;
    }
}
