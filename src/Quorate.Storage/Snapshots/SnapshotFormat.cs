using System.Buffers.Binary;
using System.Globalization;
using Quorate.Raft;

namespace Quorate.Storage;

/// <summary>The bytes of a snapshot file; see docs/format/snapshot.md.</summary>
internal static class SnapshotFormat
{
    public const string Extension = ".snap";
    public const int BlockContent = 64 * 1024;
    public const int BlockOverhead = 8;
    public const int FooterBytes = 32;

    private const uint Version = 1;
    private const int ConfigOffset = 80;
    private const int HeaderBytesMax = 8 * 1024 * 1024;

    private static ReadOnlySpan<byte> HeaderMagic => "QSNAPSH1"u8;

    private static ReadOnlySpan<byte> FooterMagic => "QSNAPEND"u8;

    public static string NameOf(EntryId last) => $"{last.Index.Value:x16}-{last.Term.Value:x16}{Extension}";

    /// <summary>The entry in a file name, or null when it is no snapshot's.</summary>
    public static EntryId? LastOf(string name)
    {
        if (name.Length != 33 + Extension.Length
            || !ulong.TryParse(name.AsSpan(0, 16), NumberStyles.AllowHexSpecifier, null, out var index)
            || !ulong.TryParse(name.AsSpan(17, 16), NumberStyles.AllowHexSpecifier, null, out var term))
        {
            return null;
        }

        var last = new EntryId(new Term(term), new LogIndex(index));
        return NameOf(last) == name ? last : null;
    }

    public static byte[] MakeHeader(SnapshotMetadata metadata, LogIdentity identity)
    {
        var bytes = new byte[ConfigOffset + metadata.Config.EncodedLength + sizeof(uint)];
        HeaderMagic.CopyTo(bytes);
        BinaryPrimitives.WriteUInt32LittleEndian(bytes.AsSpan(8), Version);
        BinaryPrimitives.WriteInt32LittleEndian(bytes.AsSpan(12), bytes.Length);
        identity.Write(bytes.AsSpan(16));
        EntryIdBytes.Write(bytes.AsSpan(56), metadata.Last);
        BinaryPrimitives.WriteUInt64LittleEndian(bytes.AsSpan(72), metadata.ConfigIndex.Value);
        metadata.Config.Write(bytes.AsSpan(ConfigOffset));
        BinaryPrimitives.WriteUInt32LittleEndian(bytes.AsSpan(bytes.Length - 4), Crc32C.Of(bytes.AsSpan()[..^4]));
        return bytes;
    }

    /// <summary>Reads the header of a file; <paramref name="length"/> is where the blocks begin.</summary>
    /// <exception cref="DamageException">It is not whole or its checksum is wrong.</exception>
    /// <exception cref="IdentityException">It is another node's, or of a newer format.</exception>
    public static SnapshotMetadata ReadHeader(IFile file, LogIdentity identity, out int length)
    {
        var head = new byte[16];
        DamageCheck.Read(file, 0, head);
        if (!head.AsSpan().StartsWith(HeaderMagic))
        {
            throw new DamageException(file.Path, 0, "this is not the header of a snapshot");
        }

        var version = BinaryPrimitives.ReadUInt32LittleEndian(head.AsSpan(8));
        if (version > Version)
        {
            throw new IdentityException(
                file.Path,
                $"{file.Path} has snapshot format {version}, this program reads up to {Version}: use a newer Quorate.");
        }

        length = BinaryPrimitives.ReadInt32LittleEndian(head.AsSpan(12));
        if (length is < ConfigOffset or > HeaderBytesMax || length > file.Length)
        {
            throw new DamageException(file.Path, 12, "the header's length cannot be");
        }

        var bytes = new byte[length];
        DamageCheck.Read(file, 0, bytes);
        return Decode(file.Path, bytes, identity);
    }

    /// <summary>Finishes a block: length before the piece, checksum behind it. Returns the checksum.</summary>
    public static uint SealBlock(Span<byte> block, ulong number, uint seed)
    {
        BinaryPrimitives.WriteInt32LittleEndian(block, block.Length - BlockOverhead);
        var checksum = BlockChecksum(block, number, seed);
        BinaryPrimitives.WriteUInt32LittleEndian(block[^sizeof(uint)..], checksum);
        return checksum;
    }

    /// <summary>Whether a block is whole and stands where it was written.</summary>
    public static bool IsWhole(ReadOnlySpan<byte> block, ulong number, uint seed, out uint checksum)
    {
        checksum = BlockChecksum(block, number, seed);
        return BinaryPrimitives.ReadInt32LittleEndian(block) == block.Length - BlockOverhead
            && BinaryPrimitives.ReadUInt32LittleEndian(block[^sizeof(uint)..]) == checksum;
    }

    public static byte[] MakeFooter(long contentLength, long blocks, uint blocksChecksum, uint seed)
    {
        var bytes = new byte[FooterBytes];
        FooterMagic.CopyTo(bytes);
        BinaryPrimitives.WriteInt64LittleEndian(bytes.AsSpan(8), contentLength);
        BinaryPrimitives.WriteInt64LittleEndian(bytes.AsSpan(16), blocks);
        BinaryPrimitives.WriteUInt32LittleEndian(bytes.AsSpan(24), blocksChecksum);
        BinaryPrimitives.WriteUInt32LittleEndian(
            bytes.AsSpan(28), Crc32C.Finish(Crc32C.Append(seed, bytes.AsSpan(0, 28))));
        return bytes;
    }

    /// <summary>Reads the footer and checks that the file has the length that it says.</summary>
    public static (long ContentLength, uint BlocksChecksum) ReadFooter(IFile file, int headerLength, uint seed)
    {
        var at = file.Length - FooterBytes;
        if (at < headerLength)
        {
            throw new DamageException(file.Path, file.Length, "the file is cut");
        }

        var bytes = new byte[FooterBytes];
        DamageCheck.Read(file, at, bytes);
        var checksum = Crc32C.Finish(Crc32C.Append(seed, bytes.AsSpan(0, 28)));
        if (!bytes.AsSpan().StartsWith(FooterMagic)
            || BinaryPrimitives.ReadUInt32LittleEndian(bytes.AsSpan(28)) != checksum)
        {
            throw new DamageException(file.Path, at, "the footer is bad, or the file is cut");
        }

        var contentLength = BinaryPrimitives.ReadInt64LittleEndian(bytes.AsSpan(8));
        var blocks = BinaryPrimitives.ReadInt64LittleEndian(bytes.AsSpan(16));
        if (blocks != BlocksOf(contentLength) || at != headerLength + contentLength + (blocks * BlockOverhead))
        {
            throw new DamageException(file.Path, at, "the file has not the length that its footer says");
        }

        return (contentLength, BinaryPrimitives.ReadUInt32LittleEndian(bytes.AsSpan(24)));
    }

    public static long BlocksOf(long contentLength) => (contentLength + BlockContent - 1) / BlockContent;

    private static uint BlockChecksum(ReadOnlySpan<byte> block, ulong number, uint seed)
    {
        Span<byte> prefix = stackalloc byte[sizeof(ulong)];
        BinaryPrimitives.WriteUInt64LittleEndian(prefix, number);
        return Crc32C.Finish(Crc32C.Append(Crc32C.Append(seed, prefix), block[..^sizeof(uint)]));
    }

    private static SnapshotMetadata Decode(string path, byte[] bytes, LogIdentity identity)
    {
        if (Crc32C.Of(bytes.AsSpan()[..^4]) != BinaryPrimitives.ReadUInt32LittleEndian(bytes.AsSpan(bytes.Length - 4)))
        {
            throw new DamageException(path, 0, "the checksum of the header is wrong");
        }

        var owner = LogIdentity.Read(bytes.AsSpan(16));
        if (owner != identity)
        {
            throw new IdentityException(
                path,
                $"{path} belongs to {owner}, not to {identity}: put back the right files, or use another directory.");
        }

        if (!ClusterConfig.TryRead(bytes.AsSpan()[ConfigOffset..^4], out var config))
        {
            throw new DamageException(path, ConfigOffset, "the configuration in the header cannot be read");
        }

        var configIndex = new LogIndex(BinaryPrimitives.ReadUInt64LittleEndian(bytes.AsSpan(72)));
        return new SnapshotMetadata(EntryIdBytes.Read(bytes.AsSpan(56)), configIndex, config);
    }
}
