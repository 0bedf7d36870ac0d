namespace Quorate.Raft;

/// <summary>
/// Who belongs to the cluster, and who counts. In force from the place of its entry in the log (thesis 4.1).
/// </summary>
/// <remarks>
/// Laws: each list is sorted by id without doubles; a learner is in no voter list; <see cref="OutgoingVoters"/> is
/// empty unless the configuration is joint. What else is known of a member (name, addresses) lies in
/// <see cref="Attachment"/>, which the core carries and does not read.
/// </remarks>
public sealed partial class ClusterConfig : IEquatable<ClusterConfig>
{
    private readonly NodeId[] _voters;
    private readonly NodeId[] _outgoingVoters;
    private readonly NodeId[] _learners;

    /// <summary>Makes a configuration; the lists need not be sorted.</summary>
    /// <exception cref="ArgumentException">An id is 0, stands twice, or is learner and voter at once.</exception>
    public ClusterConfig(
        IEnumerable<NodeId> voters,
        IEnumerable<NodeId>? outgoingVoters = null,
        IEnumerable<NodeId>? learners = null,
        ReadOnlyMemory<byte> attachment = default)
    {
        _voters = Sorted(voters, nameof(voters));
        _outgoingVoters = Sorted(outgoingVoters ?? [], nameof(outgoingVoters));
        _learners = Sorted(learners ?? [], nameof(learners));
        Attachment = attachment;

        foreach (var learner in _learners)
        {
            if (Array.BinarySearch(_voters, learner) >= 0 || Array.BinarySearch(_outgoingVoters, learner) >= 0)
            {
                throw new ArgumentException($"{learner} cannot be learner and voter at once.", nameof(learners));
            }
        }
    }

    /// <summary>No members: what a node knows before its first configuration entry.</summary>
    public static ClusterConfig Empty { get; } = new([]);

    /// <summary>Members whose majority decides.</summary>
    public ReadOnlySpan<NodeId> Voters => _voters;

    /// <summary>In a joint configuration: the old voters, whose majority is needed too (thesis 4.3).</summary>
    public ReadOnlySpan<NodeId> OutgoingVoters => _outgoingVoters;

    /// <summary>Members that receive entries and count in no quorum (thesis 4.2.1).</summary>
    public ReadOnlySpan<NodeId> Learners => _learners;

    /// <summary>Bytes that belong to the configuration and mean nothing to the core: the list of members.</summary>
    public ReadOnlyMemory<byte> Attachment { get; }

    /// <summary>Whether two majorities are needed.</summary>
    public bool IsJoint => _outgoingVoters.Length > 0;

    /// <summary>Whether the member counts in a quorum.</summary>
    public bool IsVoter(NodeId id) =>
        Array.BinarySearch(_voters, id) >= 0 || Array.BinarySearch(_outgoingVoters, id) >= 0;

    /// <summary>Whether the member receives entries without counting.</summary>
    public bool IsLearner(NodeId id) => Array.BinarySearch(_learners, id) >= 0;

    /// <summary>Whether the member belongs to the configuration at all.</summary>
    public bool Contains(NodeId id) => IsVoter(id) || IsLearner(id);

    /// <inheritdoc/>
    public bool Equals(ClusterConfig? other) =>
        other is not null
        && Voters.SequenceEqual(other.Voters)
        && OutgoingVoters.SequenceEqual(other.OutgoingVoters)
        && Learners.SequenceEqual(other.Learners)
        && Attachment.Span.SequenceEqual(other.Attachment.Span);

    /// <inheritdoc/>
    public override bool Equals(object? obj) => Equals(obj as ClusterConfig);

    /// <inheritdoc/>
    public override int GetHashCode() => _voters.Length * 31 + _learners.Length;

    /// <summary>As in <c>voters={n1,n2,n3} outgoing={n1,n2} learners={n4}</c>; empty lists are left out.</summary>
    public override string ToString()
    {
        var text = $"voters={{{string.Join(',', _voters)}}}";
        text += _outgoingVoters.Length > 0 ? $" outgoing={{{string.Join(',', _outgoingVoters)}}}" : "";
        text += _learners.Length > 0 ? $" learners={{{string.Join(',', _learners)}}}" : "";
        return text;
    }

    private static NodeId[] Sorted(IEnumerable<NodeId> ids, string name)
    {
        var sorted = ids.ToArray();
        Array.Sort(sorted);
        for (var i = 0; i < sorted.Length; i++)
        {
            if (sorted[i] == NodeId.None || (i > 0 && sorted[i] == sorted[i - 1]))
            {
                throw new ArgumentException($"{sorted[i]} is no member id, or stands twice.", name);
            }
        }

        return sorted;
    }
}
