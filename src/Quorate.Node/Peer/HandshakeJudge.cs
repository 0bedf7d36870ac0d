using Quorate.Raft;

namespace Quorate.Node;

/// <summary>Judges the other side's Hello against our own. Pure: the same for dialer and dialed.</summary>
internal static class HandshakeJudge
{
    /// <summary>Returns null when the other side may talk to us, else why not (mechanisms: identity).</summary>
    /// <param name="own">What we say of ourselves on this connection; Expected is whom we dialed.</param>
    /// <param name="other">What they say.</param>
    /// <param name="knownDirectory">The directory id known for their member id, if any.</param>
    /// <param name="isRemoved">Whether a committed configuration says that their member id was removed.</param>
    public static HandshakeRefusal? Judge(
        PeerHello own, PeerHello other, UInt128? knownDirectory, bool isRemoved = false)
    {
        if (other.ProtocolMin == 0 || other.ProtocolMin > other.ProtocolMax)
        {
            return Refuse(RefusedBecause.BadProtocolRange, $"protocol range {Range(other)} of {other} told to {own}");
        }

        return JudgeProtocol(own, other)
            ?? JudgeCluster(own, other)
            ?? JudgeIdentity(own, other, knownDirectory, isRemoved);
    }

    /// <summary>Returns null when both speak a version in common.</summary>
    public static HandshakeRefusal? JudgeProtocol(PeerHello own, PeerHello other)
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

    private static HandshakeRefusal? JudgeCluster(PeerHello own, PeerHello other)
    {
        if (other.ClusterId == own.ClusterId && own.ClusterId != UInt128.Zero)
        {
            return null;
        }

        var isForUs = other.IsInvitation && other.ClusterId != UInt128.Zero
            && other.ExpectedDirectory == own.DirectoryId;
        return own.State switch
        {
            NodeState.Unconfigured or NodeState.Alone when isForUs =>
                Refuse(RefusedBecause.Joining, $"{own} is being taken into the cluster of {other}"),
            NodeState.Starting when isForUs =>
                Refuse(RefusedBecause.Joining, $"{own} is starting, and cannot say yet whether it is empty"),
            NodeState.AloneWithData when isForUs =>
                Refuse(RefusedBecause.HasData, $"{own} holds data of its own, or is changing; empty it first"),
            NodeState.Unconfigured when other.IsInvitation => Refuse(
                RefusedBecause.OtherDirectory,
                $"{other} expects directory {other.ExpectedDirectory:x32}, not that of {own}; add it as a new member"),
            NodeState.Unconfigured => Refuse(RefusedBecause.Unconfigured, $"{own} belongs to no cluster"),
            _ => Refuse(
                RefusedBecause.ForeignCluster,
                $"{other} belongs to another cluster than {own}; only quorate reset makes one of them a new node, "
                + "to be added to the other's"),
        };
    }

    private static HandshakeRefusal? JudgeIdentity(
        PeerHello own, PeerHello other, UInt128? knownDirectory, bool isRemoved)
    {
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

        if (isRemoved)
        {
            return Refuse(
                RefusedBecause.Removed,
                $"{other} was removed from the cluster of {own}; quorate reset empties it, then it can be added again");
        }

        if (other.ExpectedDirectory != UInt128.Zero && other.ExpectedDirectory != own.DirectoryId)
        {
            return Refuse(
                RefusedBecause.OtherDirectory,
                $"{other} knows {own} with directory {other.ExpectedDirectory:x32}; come back as a new member");
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
