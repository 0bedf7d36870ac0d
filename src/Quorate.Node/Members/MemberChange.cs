using Quorate.Raft;

namespace Quorate.Node;

/// <summary>
/// A change of who belongs to the cluster, as it is asked for. Sealed: what can be asked is this list.
/// </summary>
public abstract record MemberChange
{
    private MemberChange()
    {
    }

    /// <summary>
    /// Adds a node that runs. It is reached first, at the first of its URLs that answers: what cannot be reached, or
    /// holds data, is refused. It enters as a learner and becomes a voter by itself once it has caught up.
    /// </summary>
    /// <param name="Name">Its name in the cluster; empty for the one it has.</param>
    /// <param name="PeerUrls">Where its Raft listener is reached.</param>
    /// <param name="StaysLearner">It is not promoted by itself.</param>
    public sealed record Add(string Name, IReadOnlyList<string> PeerUrls, bool StaysLearner) : MemberChange;

    /// <summary>
    /// Records a member before its process exists, as etcd does. It counts in no quorum; when it first answers under
    /// its URLs it becomes a learner, as by <see cref="Add"/>.
    /// </summary>
    /// <param name="PeerUrls">Where its Raft listener will be reached.</param>
    /// <param name="StaysLearner">It is not promoted by itself.</param>
    public sealed record Announce(IReadOnlyList<string> PeerUrls, bool StaysLearner) : MemberChange;

    /// <summary>
    /// Changes where a member is reached. The new address must answer with the member's own directory.
    /// </summary>
    public sealed record Update(NodeId Member, IReadOnlyList<string> PeerUrls) : MemberChange;

    /// <summary>Makes a learner that has caught up a voter.</summary>
    public sealed record Promote(NodeId Member) : MemberChange;

    /// <summary>Removes a member, for ever: its id is never used again.</summary>
    public sealed record Remove(NodeId Member) : MemberChange;

    /// <summary>
    /// Puts a node that runs in a member's place: it enters as a learner, and once it has caught up it becomes a voter
    /// and the member leaves in one step, so that the quorum is never smaller.
    /// </summary>
    /// <param name="Member">Who leaves.</param>
    /// <param name="Name">The new one's name in the cluster; empty for the one it has.</param>
    /// <param name="PeerUrls">Where the new one's Raft listener is reached.</param>
    public sealed record Replace(NodeId Member, string Name, IReadOnlyList<string> PeerUrls) : MemberChange;
}
