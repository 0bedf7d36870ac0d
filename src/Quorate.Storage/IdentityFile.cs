using System.Buffers.Binary;
using System.Text;

namespace Quorate.Storage;

/// <summary>The content of the file <c>identity</c>; see docs/format/directory.md.</summary>
internal sealed record IdentityFile(DirectoryIdentity Identity, DirectoryLife Life)
{
    public const string Name = "identity";

    private const uint Version = 1;
    private const int LifeOffset = 56;
    private const int StringsOffset = 60;

    private static ReadOnlySpan<byte> Magic => "QUORATID"u8;

    public byte[] ToBytes()
    {
        var strings = new[] { Identity.Name, Identity.Alias, Identity.Token };
        var length = StringsOffset + strings.Sum(text => 2 + Encoding.UTF8.GetByteCount(text)) + sizeof(uint);
        var bytes = new byte[length];
        Magic.CopyTo(bytes);
        BinaryPrimitives.WriteUInt32LittleEndian(bytes.AsSpan(8), Version);
        BinaryPrimitives.WriteInt32LittleEndian(bytes.AsSpan(12), length);
        Identity.Log.Write(bytes.AsSpan(16));
        BinaryPrimitives.WriteInt32LittleEndian(bytes.AsSpan(LifeOffset), Life.Number);
        var at = StringsOffset;
        foreach (var text in strings)
        {
            var count = Encoding.UTF8.GetBytes(text, bytes.AsSpan(at + 2));
            BinaryPrimitives.WriteUInt16LittleEndian(bytes.AsSpan(at), checked((ushort)count));
            at += 2 + count;
        }

        BinaryPrimitives.WriteUInt32LittleEndian(bytes.AsSpan(at), Crc32C.Of(bytes.AsSpan(0, at)));
        return bytes;
    }

    /// <exception cref="DamageException">It is not what was written.</exception>
    /// <exception cref="IdentityException">It is of a newer format.</exception>
    public static IdentityFile Read(string path, ReadOnlySpan<byte> bytes)
    {
        if (bytes.Length < StringsOffset + sizeof(uint) || !bytes.StartsWith(Magic))
        {
            throw new DamageException(path, 0, "this is not the identity of a data directory");
        }

        var version = BinaryPrimitives.ReadUInt32LittleEndian(bytes[8..]);
        if (version > Version)
        {
            throw new IdentityException(
                path,
                $"{path} says that the directory has format {version}, this program reads up to {Version}: "
                + "use a newer Quorate.");
        }

        if (BinaryPrimitives.ReadInt32LittleEndian(bytes[12..]) != bytes.Length
            || Crc32C.Of(bytes[..^4]) != BinaryPrimitives.ReadUInt32LittleEndian(bytes[^4..]))
        {
            throw new DamageException(path, 0, "its length or its checksum is wrong");
        }

        var owner = LogIdentity.Read(bytes[16..]);
        var life = BinaryPrimitives.ReadInt32LittleEndian(bytes[LifeOffset..]);
        var rest = bytes[StringsOffset..^4];
        var name = ReadString(path, ref rest);
        var identity = new DirectoryIdentity(owner.Cluster, owner.Member, owner.Directory, name)
        {
            Alias = ReadString(path, ref rest),
            Token = ReadString(path, ref rest),
        };
        return life > 0 && rest.IsEmpty
            ? new IdentityFile(identity, new DirectoryLife(life))
            : throw new DamageException(path, LifeOffset, "what it says cannot be");
    }

    private static string ReadString(string path, ref ReadOnlySpan<byte> source)
    {
        var length = source.Length < 2 ? -1 : BinaryPrimitives.ReadUInt16LittleEndian(source);
        if (length < 0 || length > source.Length - 2)
        {
            throw new DamageException(path, StringsOffset, "a name in it is cut");
        }

        var text = Encoding.UTF8.GetString(source.Slice(2, length));
        source = source[(2 + length)..];
        return text;
    }
}
