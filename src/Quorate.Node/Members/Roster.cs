using System.Buffers.Binary;
using System.Diagnostics.CodeAnalysis;
using System.Text;
using Quorate.Raft;

namespace Quorate.Node;

/// <summary>
/// Who belongs to the cluster, as a configuration says it: the members, announced ones among them, and the ids of those
/// that were removed. Immutable. It travels as the attachment of a <see cref="ClusterConfig"/>:
/// <code>
/// | version 2 | count u16 | members | count u16 | removed ids u64 |
/// member: | id u64 | flags u8 | directory u128 | replaces u64 | name | count u16 | urls |
/// flags:  1 announced, 2 stays learner
/// little endian; text = length u16, UTF-8
/// </code>
/// Sorted by member id, so that equal rosters are equal bytes.
/// </summary>
public sealed class Roster
{
    private const byte FormatVersion = 2;
    private const byte AnnouncedFlag = 1;
    private const byte LearnerFlag = 2;
    private const int TextBytesMax = 4096;

    /// <summary>Most ids of removed members that are kept; the oldest go first.</summary>
    public const int RemovedMax = 1024;

    /// <summary>Makes a roster; the lists need not be sorted.</summary>
    public Roster(IEnumerable<MemberInfo> members, IEnumerable<NodeId> removed)
    {
        Members = [.. members.OrderBy(member => member.Id)];
        Removed = [.. removed.TakeLast(RemovedMax)];
    }

    /// <summary>Nobody.</summary>
    public static Roster Empty { get; } = new([], []);

    /// <summary>The members, by id.</summary>
    public IReadOnlyList<MemberInfo> Members { get; }

    /// <summary>Ids that belonged to members once and are never used again, in the order of their removal.</summary>
    public IReadOnlyList<NodeId> Removed { get; }

    /// <summary>
    /// What a configuration says. A member stands in one of its lists, or is announced; who does neither has left with
    /// the joint configuration that named it.
    /// </summary>
    public static Roster Of(ClusterConfig config)
    {
        ArgumentNullException.ThrowIfNull(config);
        return TryRead(config.Attachment.Span, out var roster)
            ? new Roster(
                roster.Members.Where(member => member.IsAnnounced || config.Contains(member.Id)),
                roster.Removed.Where(id => !config.Contains(id)))
            : Empty;
    }

    /// <summary>A member by its id, or null.</summary>
    public MemberInfo? Find(NodeId id)
    {
        foreach (var member in Members)
        {
            if (member.Id == id)
            {
                return member;
            }
        }

        return null;
    }

    /// <summary>The member that an older roster does not have, or has otherwise; null for none.</summary>
    public MemberInfo? FindChanged(Roster older) =>
        Members.FirstOrDefault(member => !member.Equals(older.Find(member.Id)));

    /// <summary>The same with one member added, or changed.</summary>
    public Roster With(MemberInfo member) =>
        new(Members.Where(other => other.Id != member.Id).Append(member), Removed);

    /// <summary>
    /// The same with a member removed: its id is kept for good, and where it is reached until no configuration names
    /// it any more. A voter that leaves decides with the others until then, so they must find it.
    /// </summary>
    public Roster Without(NodeId id) =>
        new(Members.Where(other => other.Id != id || !other.IsAnnounced), Removed.Append(id));

    /// <summary>The roster as bytes.</summary>
    public byte[] ToBytes()
    {
        using var bytes = new MemoryStream();
        bytes.WriteByte(FormatVersion);
        WriteU16(bytes, Members.Count);
        foreach (var member in Members)
        {
            WriteMember(bytes, member);
        }

        WriteU16(bytes, Removed.Count);
        foreach (var id in Removed)
        {
            WriteU64(bytes, id.Value);
        }

        return bytes.ToArray();
    }

    /// <summary>Reads a roster that fills <paramref name="source"/> exactly.</summary>
    public static bool TryRead(ReadOnlySpan<byte> source, [NotNullWhen(true)] out Roster? roster)
    {
        roster = null;
        if (source.Length < 1 || source[0] != FormatVersion)
        {
            return false;
        }

        source = source[1..];
        var members = new List<MemberInfo>();
        if (!TryReadU16(ref source, out var count))
        {
            return false;
        }

        for (var i = 0; i < count; i++)
        {
            if (!TryReadMember(ref source, out var member))
            {
                return false;
            }

            members.Add(member);
        }

        if (!TryReadU16(ref source, out var removedCount) || source.Length != removedCount * sizeof(ulong))
        {
            return false;
        }

        var removed = new NodeId[removedCount];
        for (var i = 0; i < removedCount; i++)
        {
            removed[i] = new NodeId(BinaryPrimitives.ReadUInt64LittleEndian(source[(i * sizeof(ulong))..]));
        }

        roster = new Roster(members, removed);
        return true;
    }

    /// <inheritdoc/>
    public override string ToString() => string.Join(", ", Members);

    private static void WriteMember(Stream target, MemberInfo member)
    {
        WriteU64(target, member.Id.Value);
        target.WriteByte((byte)((member.IsAnnounced ? AnnouncedFlag : 0) | (member.StaysLearner ? LearnerFlag : 0)));
        WriteU64(target, (ulong)member.Directory);
        WriteU64(target, (ulong)(member.Directory >> 64));
        WriteU64(target, member.Replaces.Value);
        WriteText(target, member.Name);
        WriteU16(target, member.PeerUrls.Count);
        foreach (var url in member.PeerUrls)
        {
            WriteText(target, url);
        }
    }

    private static bool TryReadMember(ref ReadOnlySpan<byte> source, [NotNullWhen(true)] out MemberInfo? member)
    {
        const int FixedBytes = 8 + 1 + 16 + 8;
        member = null;
        if (source.Length < FixedBytes)
        {
            return false;
        }

        var id = new NodeId(BinaryPrimitives.ReadUInt64LittleEndian(source));
        var flags = source[8];
        var directory = BinaryPrimitives.ReadUInt128LittleEndian(source[9..]);
        var replaces = new NodeId(BinaryPrimitives.ReadUInt64LittleEndian(source[25..]));
        source = source[FixedBytes..];
        if (!TryReadText(ref source, out var name) || !TryReadU16(ref source, out var urlCount))
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

        member = new MemberInfo(id, name, urls)
        {
            Directory = directory,
            IsAnnounced = (flags & AnnouncedFlag) != 0,
            StaysLearner = (flags & LearnerFlag) != 0,
            Replaces = replaces,
        };
        return true;
    }

    private static void WriteU16(Stream target, int value)
    {
        Span<byte> bytes = stackalloc byte[sizeof(ushort)];
        BinaryPrimitives.WriteUInt16LittleEndian(bytes, checked((ushort)value));
        target.Write(bytes);
    }

    private static void WriteU64(Stream target, ulong value)
    {
        Span<byte> bytes = stackalloc byte[sizeof(ulong)];
        BinaryPrimitives.WriteUInt64LittleEndian(bytes, value);
        target.Write(bytes);
    }

    private static void WriteText(Stream target, string text)
    {
        var bytes = Encoding.UTF8.GetBytes(text);
        WriteU16(target, bytes.Length);
        target.Write(bytes);
    }

    private static bool TryReadU16(ref ReadOnlySpan<byte> source, out int value)
    {
        value = 0;
        if (source.Length < sizeof(ushort))
        {
            return false;
        }

        value = BinaryPrimitives.ReadUInt16LittleEndian(source);
        source = source[sizeof(ushort)..];
        return true;
    }

    private static bool TryReadText(ref ReadOnlySpan<byte> source, [NotNullWhen(true)] out string? text)
    {
        text = null;
        if (!TryReadU16(ref source, out var length) || length > TextBytesMax || source.Length < length)
        {
            return false;
        }

        text = Encoding.UTF8.GetString(source[..length]);
        source = source[length..];
        return true;
    }
}
