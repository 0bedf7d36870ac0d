using System.Buffers.Binary;
using System.Diagnostics.CodeAnalysis;
using System.Security.Cryptography;
using System.Text;
using Quorate.Raft;

namespace Quorate.Node;

/// <summary>
/// The list of members, which travels as the attachment of a <see cref="ClusterConfig"/>:
/// <code>
/// | version 1 | count u16 | per member: id u64, name, url count u16, urls |
/// little endian; text = length u16, UTF-8
/// </code>
/// Sorted by member id, so that equal lists are equal bytes.
/// </summary>
public static class MemberList
{
    private const byte FormatVersion = 1;
    private const int TextBytesMax = 4096;

    /// <summary>
    /// The identity of a cluster that is started from a list: a pure function of token and list, so that every
    /// member of the list arrives at the same ids and the same first log entry without talking.
    /// </summary>
    /// <param name="token">Keeps clusters with equal lists apart.</param>
    /// <param name="list">Names and peer URLs; a name that stands twice has several URLs.</param>
    /// <exception cref="ArgumentException">Two members come out with the same id.</exception>
    public static (UInt128 ClusterId, IReadOnlyList<MemberInfo> Members) FromStartList(
        string token, IReadOnlyList<StartMember> list)
    {
        var members = new List<MemberInfo>(list.Count);
        foreach (var (name, urls) in list)
        {
            var sorted = urls.Order(StringComparer.Ordinal).ToArray();
            var id = (ulong)Hash($"member\n{token}\n{name}\n{string.Join('\n', sorted)}");
            members.Add(new MemberInfo(new NodeId(id == 0 ? 1 : id), name, sorted));
        }

        members.Sort((left, right) => left.Id.CompareTo(right.Id));
        for (var i = 1; i < members.Count; i++)
        {
            if (members[i].Id == members[i - 1].Id)
            {
                throw new ArgumentException($"{members[i - 1]} and {members[i]} have the same id.", nameof(list));
            }
        }

        var cluster = Hash($"cluster\n{token}\n{Convert.ToHexString(Write(members))}");
        return (cluster == UInt128.Zero ? UInt128.One : cluster, members);
    }

    /// <summary>The list as bytes.</summary>
    public static byte[] Write(IReadOnlyList<MemberInfo> members)
    {
        using var bytes = new MemoryStream();
        bytes.WriteByte(FormatVersion);
        WriteCount(bytes, members.Count);
        Span<byte> id = stackalloc byte[sizeof(ulong)];
        foreach (var member in members.OrderBy(member => member.Id))
        {
            BinaryPrimitives.WriteUInt64LittleEndian(id, member.Id.Value);
            bytes.Write(id);
            WriteText(bytes, member.Name);
            WriteCount(bytes, member.PeerUrls.Count);
            foreach (var url in member.PeerUrls)
            {
                WriteText(bytes, url);
            }
        }

        return bytes.ToArray();
    }

    /// <summary>Reads a list that fills <paramref name="source"/> exactly.</summary>
    public static bool TryRead(
        ReadOnlySpan<byte> source, [NotNullWhen(true)] out IReadOnlyList<MemberInfo>? members)
    {
        members = null;
        if (source.Length < 1 || source[0] != FormatVersion)
        {
            return false;
        }

        source = source[1..];
        if (!TryReadCount(ref source, out var count))
        {
            return false;
        }

        var list = new List<MemberInfo>();
        for (var i = 0; i < count; i++)
        {
            if (!TryReadMember(ref source, out var member))
            {
                return false;
            }

            list.Add(member);
        }

        members = list;
        return source.IsEmpty;
    }

    private static bool TryReadMember(ref ReadOnlySpan<byte> source, [NotNullWhen(true)] out MemberInfo? member)
    {
        member = null;
        if (source.Length < sizeof(ulong))
        {
            return false;
        }

        var id = new NodeId(BinaryPrimitives.ReadUInt64LittleEndian(source));
        source = source[sizeof(ulong)..];
        if (!TryReadText(ref source, out var name) || !TryReadCount(ref source, out var urlCount))
        {
            return false;
        }

        var urls = new List<string>();
        for (var i = 0; i < urlCount; i++)
        {
            if (!TryReadText(ref source, out var url))
            {
                return false;
            }

            urls.Add(url);
        }

        member = new MemberInfo(id, name, urls);
        return true;
    }

    private static void WriteCount(Stream target, int count)
    {
        Span<byte> bytes = stackalloc byte[sizeof(ushort)];
        BinaryPrimitives.WriteUInt16LittleEndian(bytes, checked((ushort)count));
        target.Write(bytes);
    }

    private static void WriteText(Stream target, string text)
    {
        var bytes = Encoding.UTF8.GetBytes(text);
        WriteCount(target, bytes.Length);
        target.Write(bytes);
    }

    private static bool TryReadCount(ref ReadOnlySpan<byte> source, out int count)
    {
        count = 0;
        if (source.Length < sizeof(ushort))
        {
            return false;
        }

        count = BinaryPrimitives.ReadUInt16LittleEndian(source);
        source = source[sizeof(ushort)..];
        return true;
    }

    private static bool TryReadText(ref ReadOnlySpan<byte> source, [NotNullWhen(true)] out string? text)
    {
        text = null;
        if (!TryReadCount(ref source, out var length) || length > TextBytesMax || source.Length < length)
        {
            return false;
        }

        text = Encoding.UTF8.GetString(source[..length]);
        source = source[length..];
        return true;
    }

    private static UInt128 Hash(string text)
    {
        Span<byte> hash = stackalloc byte[SHA256.HashSizeInBytes];
        SHA256.HashData(Encoding.UTF8.GetBytes(text), hash);
        return BinaryPrimitives.ReadUInt128LittleEndian(hash);
    }
}

/// <summary>One line of a start list: <c>name=url[,name=url...]</c>.</summary>
/// <param name="Name">The member's name.</param>
/// <param name="PeerUrls">Where its Raft listener is reached.</param>
public sealed record StartMember(string Name, IReadOnlyList<string> PeerUrls);
