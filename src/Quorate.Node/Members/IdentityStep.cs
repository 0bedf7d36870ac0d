using Quorate.Raft;
using Quorate.Storage;

namespace Quorate.Node;

/// <summary>
/// Gives the directory of a node that holds nothing another identity: one durable step each, with an empty log behind
/// it. The member is stopped, and starts again on the same directory.
/// </summary>
public static class IdentityStep
{
    /// <summary>Becomes the member that a cluster has made of it.</summary>
    public static void Follow(DataDirectory directory, Invitation invitation, MemberOptions options)
    {
        ArgumentNullException.ThrowIfNull(directory);
        ArgumentNullException.ThrowIfNull(invitation);
        ArgumentNullException.ThrowIfNull(options);
        var name = invitation.Name.Length > 0 ? invitation.Name : directory.Identity.Name;
        directory.TakeOver(invitation.Cluster, invitation.Member, name, options.Log);
    }

    /// <summary>Becomes a cluster of one, under this name and reached at these URLs.</summary>
    public static void BeginCluster(
        DataDirectory directory, string name, IReadOnlyList<string> peerUrls, IRandomSource random,
        MemberOptions options)
    {
        ArgumentNullException.ThrowIfNull(directory);
        ArgumentNullException.ThrowIfNull(options);
        var identity = directory.Identity.TakenOver(
            DirectoryIdentity.NewClusterId(random), DirectoryIdentity.NewMemberId(random), name);
        var self = new MemberInfo(identity.Member, name, peerUrls) { Directory = identity.Directory };
        directory.Begin(identity, new DirectoryStart
        {
            Log = options.Log,
            FirstFrame = NodeStarter.FirstEntry([self]),
        });
    }

    /// <summary>Belongs to no cluster, under new ids.</summary>
    public static void LeaveAll(DataDirectory directory, IRandomSource random, MemberOptions options)
    {
        ArgumentNullException.ThrowIfNull(directory);
        ArgumentNullException.ThrowIfNull(options);
        directory.Begin(
            directory.Identity.Reset(random), new DirectoryStart { Log = options.Log });
    }
}
