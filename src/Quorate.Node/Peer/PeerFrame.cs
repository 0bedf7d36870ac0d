using System.Buffers.Binary;
using System.Numerics;
using Quorate.Raft;

namespace Quorate.Node;

/// <summary>
/// The envelope of everything on a peer connection; see docs/format/peer.md.
/// <code>| length u32 | crc32c u32 | version u8 | kind u8 | 0 u16 | group u32 | rest ... |</code>
/// Little endian; the checksum covers length and body.
/// </summary>
internal static class PeerFrame
{
    /// <summary>Length and checksum.</summary>
    public const int EnvelopeBytes = 8;

    /// <summary>Version, kind, reserved, group: the first bytes of every body.</summary>
    public const int BodyHeadBytes = 8;

    /// <summary>The version of handshake frames, for ever.</summary>
    public const byte HandshakeVersion = 0;

    /// <summary>The version of all other frames that this build writes and reads.</summary>
    public const byte ProtocolVersion = 1;

    /// <summary>Longest body before the handshake is through.</summary>
    public const int HandshakeBytesMax = 8 * 1024;

    /// <summary>Longest body at all: an append of many entries, or a largest command with its headers.</summary>
    public const int BodyBytesMax = 8 * 1024 * 1024;

    /// <summary>Writes the head of a frame; returns where it starts, for <see cref="End"/>.</summary>
    public static int Begin(PeerBuffer target, PeerFrameKind kind)
    {
        var start = target.Length;
        target.Take(EnvelopeBytes).Clear();
        target.U8(kind <= PeerFrameKind.Refuse ? HandshakeVersion : ProtocolVersion);
        target.U8((byte)kind);
        target.U16(0);
        target.U32(0);
        return start;
    }

    /// <summary>Fills in length and checksum. False, and nothing written, when the body is too long.</summary>
    public static bool End(PeerBuffer target, int start)
    {
        var length = target.Length - start - EnvelopeBytes;
        if (length > BodyBytesMax)
        {
            target.CutTo(start);
            return false;
        }

        var frame = target.At(start, EnvelopeBytes + length);
        BinaryPrimitives.WriteInt32LittleEndian(frame, length);
        BinaryPrimitives.WriteUInt32LittleEndian(frame[sizeof(uint)..], Checksum(frame));
        return true;
    }

    /// <summary>Looks for one whole frame at the start of <paramref name="source"/>.</summary>
    /// <param name="source">What has come so far.</param>
    /// <param name="bodyBytesMax">Longest body allowed now.</param>
    /// <param name="body">The body of a whole frame, else empty.</param>
    /// <param name="used">Bytes of <paramref name="source"/> that the frame takes; 0 when more must come.</param>
    /// <returns>Null, or what is wrong: the connection cannot be trusted any further.</returns>
    public static string? Read(ReadOnlySpan<byte> source, int bodyBytesMax, out ReadOnlySpan<byte> body, out int used)
    {
        body = default;
        used = 0;
        if (source.Length < sizeof(uint))
        {
            return null;
        }

        var length = BinaryPrimitives.ReadUInt32LittleEndian(source);
        if (length < BodyHeadBytes || length > (uint)bodyBytesMax)
        {
            return source.StartsWith("HTTP"u8)
                ? "HTTP, as a client listener does; the Raft listener is another port"
                : $"a frame of {length} bytes";
        }

        var whole = EnvelopeBytes + (int)length;
        if (source.Length < whole)
        {
            return null;
        }

        var frame = source[..whole];
        if (BinaryPrimitives.ReadUInt32LittleEndian(frame[sizeof(uint)..]) != Checksum(frame))
        {
            return "a wrong checksum";
        }

        body = frame[EnvelopeBytes..];
        used = whole;
        return JudgeHead(body);
    }

    public static PeerFrameKind KindOf(ReadOnlySpan<byte> body) => (PeerFrameKind)body[1];

    private static string? JudgeHead(ReadOnlySpan<byte> body)
    {
        var kind = KindOf(body);
        if (!Enum.IsDefined(kind))
        {
            return $"an unknown frame kind {(byte)kind}";
        }

        var version = kind <= PeerFrameKind.Refuse ? HandshakeVersion : ProtocolVersion;
        if (body[0] != version)
        {
            return $"a frame of version {body[0]}";
        }

        return BinaryPrimitives.ReadUInt16LittleEndian(body[2..]) != 0
            || BinaryPrimitives.ReadUInt32LittleEndian(body[4..]) != 0
            ? "a frame of an unknown group"
            : null;
    }

    // The checksum's own four bytes are left out.
    private static uint Checksum(ReadOnlySpan<byte> frame)
    {
        var crc = BitOperations.Crc32C(uint.MaxValue, BinaryPrimitives.ReadUInt32LittleEndian(frame));
        var rest = frame[EnvelopeBytes..];
        while (rest.Length >= sizeof(ulong))
        {
            crc = BitOperations.Crc32C(crc, BinaryPrimitives.ReadUInt64LittleEndian(rest));
            rest = rest[sizeof(ulong)..];
        }

        foreach (var last in rest)
        {
            crc = BitOperations.Crc32C(crc, last);
        }

        return ~crc;
    }
}
