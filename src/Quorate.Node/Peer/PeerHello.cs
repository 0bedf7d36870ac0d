using System.Diagnostics.CodeAnalysis;
using Quorate.Raft;

namespace Quorate.Node;

/// <summary>Who a member says it is, as the first thing on a connection; see docs/format/peer.md.</summary>
/// <param name="ProtocolMin">Lowest protocol version it speaks.</param>
/// <param name="ProtocolMax">Highest.</param>
/// <param name="FeatureLevel">What it could do if all could.</param>
/// <param name="ClusterId">Its cluster.</param>
/// <param name="Member">Its member id.</param>
/// <param name="DirectoryId">Its data directory: another one is another memory.</param>
/// <param name="Expected">Whom it wants to talk to; None for anybody.</param>
/// <param name="Damaged">Its log lost acknowledged entries to damage. Reserved.</param>
/// <param name="HeartbeatMs">Its heartbeat interval.</param>
/// <param name="ElectionMs">Its shortest election timeout.</param>
/// <param name="Name">Its name.</param>
/// <param name="PeerUrls">Where it says that it is reached.</param>
public sealed record PeerHello(
    ushort ProtocolMin, ushort ProtocolMax, uint FeatureLevel, UInt128 ClusterId, NodeId Member, UInt128 DirectoryId,
    NodeId Expected, bool Damaged, uint HeartbeatMs, uint ElectionMs, string Name, IReadOnlyList<string> PeerUrls)
{
    /// <summary>Most bytes of a name.</summary>
    public const int NameBytesMax = 256;

    /// <summary>Most bytes of one url.</summary>
    public const int UrlBytesMax = 512;

    /// <summary>Most urls.</summary>
    public const int UrlsMax = 8;

    private const byte DamagedFlag = 1;
    private const byte ProbeFlag = 2;
    private const byte InvitationFlag = 4;
    private static readonly byte[] Magic = "QUORATE\n"u8.ToArray();

    /// <summary>It asks who is here, and closes.</summary>
    public bool IsProbe { get; init; }

    /// <summary>
    /// A committed configuration of its cluster names the member that it expects: a node whose directory is
    /// <see cref="ExpectedDirectory"/> is to be taken in.
    /// </summary>
    public bool IsInvitation { get; init; }

    /// <summary>What it is to its cluster.</summary>
    public NodeState State { get; init; }

    /// <summary>The directory that the expected member is known with; 0 when that is not known.</summary>
    public UInt128 ExpectedDirectory { get; init; }

    /// <summary>The name of the expected member in the sender's cluster; empty when it is not known.</summary>
    public string ExpectedName { get; init; } = "";

    /// <summary>As in <c>"n1" (n8e9e of cluster 3f…, directory 77…)</c>.</summary>
    public override string ToString() => ClusterId == UInt128.Zero
        ? $"\"{Name}\" (of no cluster, directory {DirectoryId:x32})"
        : $"\"{Name}\" ({Member} of cluster {ClusterId:x32}, directory {DirectoryId:x32})";

    internal void Write(PeerBuffer target)
    {
        var start = PeerFrame.Begin(target, PeerFrameKind.Hello);
        target.Bytes(Magic);
        target.U16(ProtocolMin);
        target.U16(ProtocolMax);
        target.U32(FeatureLevel);
        target.U128(ClusterId);
        target.U64(Member.Value);
        target.U128(DirectoryId);
        target.U64(Expected.Value);
        target.U8(Flags);
        target.U32(HeartbeatMs);
        target.U32(ElectionMs);
        target.String(Name);
        target.U8((byte)PeerUrls.Count);
        for (var i = 0; i < PeerUrls.Count; i++)
        {
            target.String(PeerUrls[i]);
        }

        target.U8((byte)State);
        target.U128(ExpectedDirectory);
        target.String(ExpectedName);
        Invariant.Holds(PeerFrame.End(target, start), "a hello fits its frame");
    }

    /// <summary>Reads the body of a Hello. Bytes behind what this version knows are a later version's.</summary>
    internal static bool TryRead(ReadOnlySpan<byte> body, [NotNullWhen(true)] out PeerHello? hello)
    {
        var reader = new PeerReader(body);
        reader.Bytes(PeerFrame.BodyHeadBytes);
        var magic = reader.Bytes(Magic.Length);
        hello = new PeerHello(
            reader.U16(), reader.U16(), reader.U32(), reader.U128(), reader.Node(), reader.U128(), reader.Node(),
            ReadFlags(ref reader, out var flags), reader.U32(), reader.U32(), reader.String(1, NameBytesMax),
            ReadUrls(ref reader))
        {
            IsProbe = (flags & ProbeFlag) != 0,
            IsInvitation = (flags & InvitationFlag) != 0,
            State = (NodeState)reader.U8(),
            ExpectedDirectory = reader.U128(),
            ExpectedName = reader.String(0, NameBytesMax),
        };
        if (reader.Failed || !magic.SequenceEqual(Magic) || hello.Member == NodeId.None)
        {
            hello = null;
        }

        return hello is not null;
    }

    private byte Flags => (byte)(
        (Damaged ? DamagedFlag : 0) | (IsProbe ? ProbeFlag : 0) | (IsInvitation ? InvitationFlag : 0));

    private static bool ReadFlags(ref PeerReader reader, out byte flags)
    {
        flags = reader.U8();
        return (flags & DamagedFlag) != 0;
    }

    internal static string[] ReadUrls(ref PeerReader reader)
    {
        int count = reader.U8();
        if (count > UrlsMax)
        {
            reader.Fail();
            return [];
        }

        var urls = new string[count];
        for (var i = 0; i < count; i++)
        {
            urls[i] = reader.String(1, UrlBytesMax);
        }

        return urls;
    }
}
