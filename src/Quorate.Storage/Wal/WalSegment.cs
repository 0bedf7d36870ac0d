using System.Buffers.Binary;

namespace Quorate.Storage;

/// <summary>One open segment file. Its header stands in its first 512 bytes; see docs/format/wal.md.</summary>
internal sealed class WalSegment(ulong id, IFile file, int length, bool recycled) : IDisposable
{
    /// <summary>Where the first frame goes.</summary>
    public const int FirstFrame = FrameHeader.Alignment;

    public const string Extension = ".wal";

    public ulong Id { get; } = id;

    public IFile File { get; } = file;

    public int Length { get; } = length;

    /// <summary>Whether what was never written in it holds old frames and not zeros.</summary>
    public bool Recycled { get; } = recycled;

    /// <summary>Readers that use the file now, so that it must stay. Guarded by the store's gate.</summary>
    public int Pins { get; set; }

    public static string NameOf(ulong id) => $"{id:x16}{Extension}";

    /// <summary>The id in a file name, or null when it is no segment's.</summary>
    public static ulong? IdOf(string name) =>
        name.Length == 16 + Extension.Length
        && name.EndsWith(Extension, StringComparison.Ordinal)
        && ulong.TryParse(name.AsSpan(0, 16), System.Globalization.NumberStyles.AllowHexSpecifier, null, out var id)
        && NameOf(id) == name
            ? id
            : null;

    public void Dispose() => File.Dispose();

    public override string ToString() => $"segment {Id}";
}

/// <summary>The first 512 bytes of a segment.</summary>
internal static class SegmentHeader
{
    public const int Bytes = FrameHeader.Alignment;

    private const uint Version = 1;
    private const int ChecksumOffset = 72;

    private static ReadOnlySpan<byte> Magic => "QWALSEG1"u8;

    public static byte[] Make(ulong id, int length, bool recycled, LogIdentity identity)
    {
        var bytes = new byte[Bytes];
        Magic.CopyTo(bytes);
        BinaryPrimitives.WriteUInt32LittleEndian(bytes.AsSpan(8), Version);
        BinaryPrimitives.WriteUInt32LittleEndian(bytes.AsSpan(12), recycled ? 1u : 0u);
        BinaryPrimitives.WriteUInt64LittleEndian(bytes.AsSpan(16), id);
        BinaryPrimitives.WriteInt64LittleEndian(bytes.AsSpan(24), length);
        identity.Write(bytes.AsSpan(32));
        BinaryPrimitives.WriteUInt32LittleEndian(
            bytes.AsSpan(ChecksumOffset), Crc32C.Of(bytes.AsSpan(0, ChecksumOffset)));
        return bytes;
    }

    /// <summary>Checks the header of a file of this length, and says whether the segment was recycled.</summary>
    /// <exception cref="DamageException">It is damaged, or the file is cut.</exception>
    /// <exception cref="IdentityException">It is another node's or of a newer format.</exception>
    public static bool Check(ReadOnlySpan<byte> bytes, long fileLength, string path, ulong id, LogIdentity identity)
    {
        if (!bytes.StartsWith(Magic))
        {
            throw new DamageException(path, 0, "this is not the header of a log segment");
        }

        var version = BinaryPrimitives.ReadUInt32LittleEndian(bytes[8..]);
        if (version > Version)
        {
            throw new IdentityException(
                path, $"{path} has log format {version}, this program reads up to {Version}: use a newer Quorate.");
        }

        if (Crc32C.Of(bytes[..ChecksumOffset]) != BinaryPrimitives.ReadUInt32LittleEndian(bytes[ChecksumOffset..])
            || bytes[(ChecksumOffset + sizeof(uint))..].ContainsAnyExcept((byte)0))
        {
            throw new DamageException(path, 0, "the checksum of the segment header is wrong");
        }

        CheckOwner(bytes, path, identity);
        CheckPlace(bytes, fileLength, path, id);
        return BinaryPrimitives.ReadUInt32LittleEndian(bytes[12..]) == 1;
    }

    private static void CheckOwner(ReadOnlySpan<byte> bytes, string path, LogIdentity identity)
    {
        var owner = LogIdentity.Read(bytes[32..]);
        if (owner != identity)
        {
            throw new IdentityException(
                path,
                $"{path} belongs to {owner}, not to {identity}: put back the right files, or use another directory.");
        }
    }

    private static void CheckPlace(ReadOnlySpan<byte> bytes, long fileLength, string path, ulong id)
    {
        if (BinaryPrimitives.ReadUInt64LittleEndian(bytes[16..]) != id)
        {
            throw new DamageException(path, 16, "the segment id in the header is not that of the file's name");
        }

        var length = BinaryPrimitives.ReadInt64LittleEndian(bytes[24..]);
        if (length != fileLength)
        {
            throw new DamageException(path, fileLength, $"the file was made with {length} bytes and is cut or longer");
        }
    }
}
