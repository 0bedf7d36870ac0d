namespace Quorate.Raft;

/// <summary>The members of a configuration as one sorted list.</summary>
public sealed partial class ClusterConfig
{
    /// <summary>Every voter of either list once, sorted.</summary>
    internal NodeId[] AllVoters() => Merged(_voters, _outgoingVoters);

    /// <summary>Every voter and learner once, sorted.</summary>
    internal NodeId[] AllMembers() => Merged(AllVoters(), _learners);

    private static NodeId[] Merged(NodeId[] left, NodeId[] right)
    {
        var merged = new List<NodeId>(left);
        foreach (var id in right)
        {
            var at = merged.BinarySearch(id);
            if (at < 0)
            {
                merged.Insert(~at, id);
            }
        }

        return [.. merged];
    }
}
