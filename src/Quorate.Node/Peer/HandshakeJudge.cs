using Quorate.Raft;

namespace Quorate.Node;

/// <summary>Judges the other side's Hello against our own. Pure: the same for dialer and dialed.</summary>
internal static class HandshakeJudge
{
    /// <summary>Returns null when the other side may talk to us, else why not (mechanisms: identity).</summary>
    /// <param name="own">What we say of ourselves on this connection; Expected is whom we dialed.</param>
    /// <param name="other">What they say.</param>
    /// <param name="knownDirectory">The directory id known for their member id, if any.</param>
    public static HandshakeRefusal? Judge(PeerHello own, PeerHello other, UInt128? knownDirectory)
    {
        if (other.ProtocolMin == 0 || other.ProtocolMin > other.ProtocolMax)
        {
            return Refuse(RefusedBecause.BadProtocolRange, $"protocol range {Range(other)} of {other} told to {own}");
        }

        return JudgeProtocol(own, other) ?? JudgeIdentity(own, other, knownDirectory);
    }

    private static HandshakeRefusal? JudgeProtocol(PeerHello own, PeerHello other)
    {
        if (other.ProtocolMin > own.ProtocolMax)
        {
            return Refuse(
                RefusedBecause.NewerProtocol,
                $"{other} speaks protocol {Range(other)}, newer than {Range(own)} of {own}");
        }

        return other.ProtocolMax < own.ProtocolMin
            ? Refuse(
                RefusedBecause.OlderProtocol,
                $"{other} speaks protocol {Range(other)}, older than {Range(own)} of {own}")
            : null;
    }

    private static HandshakeRefusal? JudgeIdentity(PeerHello own, PeerHello other, UInt128? knownDirectory)
    {
        if (other.ClusterId != own.ClusterId)
        {
            return Refuse(RefusedBecause.ForeignCluster, $"{other} belongs to another cluster than {own}");
        }

        if (other.Member == own.Member)
        {
            return other.DirectoryId == own.DirectoryId
                ? Refuse(RefusedBecause.SelfSent, $"{own} dialed itself")
                : Refuse(RefusedBecause.OtherDirectory, $"{other} uses the member id of {own}");
        }

        if (!IsWanted(own, other) || !IsWanted(other, own))
        {
            return Refuse(
                RefusedBecause.Misdirected,
                $"{own} met {other}, but {(IsWanted(own, other) ? other.Expected : own.Expected)} was wanted");
        }

        return knownDirectory is { } known && known != other.DirectoryId
            ? Refuse(
                RefusedBecause.OtherDirectory,
                $"{own} knows the member id of {other} with directory {known:x32}; come back as a new member")
            : null;
    }

    private static bool IsWanted(PeerHello caller, PeerHello called) =>
        caller.Expected == NodeId.None || caller.Expected == called.Member;

    private static string Range(PeerHello hello) => $"{hello.ProtocolMin}-{hello.ProtocolMax}";

    private static HandshakeRefusal Refuse(RefusedBecause because, string words) => new(because, words);
}
