using System.Buffers.Binary;
using System.Security.Cryptography;
using System.Text;
using Quorate.Raft;

namespace Quorate.Node;

/// <summary>The ids of a cluster that is started from a list.</summary>
public static class MemberList
{
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

        var cluster = Hash($"cluster\n{token}\n{Convert.ToHexString(new Roster(members, []).ToBytes())}");
        return (cluster == UInt128.Zero ? UInt128.One : cluster, members);
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
