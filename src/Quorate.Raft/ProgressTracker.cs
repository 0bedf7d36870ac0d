namespace Quorate.Raft;

/// <summary>What a quorum is asked about.</summary>
internal enum Measure : byte
{
    Match,
    HeardAt,
    EchoedRound,
}

/// <summary>
/// The leader's view of all other members, sorted by id. Every question is "what has a quorum reached?".
/// </summary>
internal sealed class ProgressTracker
{
    private readonly NodeId _self;
    private readonly ClusterConfig _config;
    private readonly Progress[] _peers;
    private readonly ulong[] _values;

    public ProgressTracker(RaftOptions options, ClusterConfig config, LogIndex last, ulong tick)
    {
        _self = options.Self;
        _config = config;
        var members = config.AllMembers();
        _peers = new Progress[members.Length - (Array.BinarySearch(members, _self) >= 0 ? 1 : 0)];
        _values = new ulong[config.Voters.Length + config.OutgoingVoters.Length];
        var at = 0;
        foreach (var id in members)
        {
            if (id != _self)
            {
                var isLearner = !config.IsVoter(id);
                _peers[at++] = new Progress(id, isLearner, last, tick, options.InflightMessagesMax);
            }
        }
    }

    public ReadOnlySpan<Progress> Peers => _peers;

    public Progress? Find(NodeId id)
    {
        foreach (var peer in _peers)
        {
            if (peer.Id == id)
            {
                return peer;
            }
        }

        return null;
    }

    /// <summary>The highest value that a quorum has reached; <paramref name="own"/> is this member's.</summary>
    public ulong Agreed(Measure measure, ulong own)
    {
        var incoming = _values.AsSpan(0, _config.Voters.Length);
        var outgoing = _values.AsSpan(_config.Voters.Length);
        Collect(_config.Voters, incoming, measure, own);
        Collect(_config.OutgoingVoters, outgoing, measure, own);
        return JointQuorum.Agreed(incoming, outgoing);
    }

    /// <summary>
    /// The voter with the highest match, the lowest id among equals; null when there is no other voter.
    /// </summary>
    public Progress? MostAdvancedVoter()
    {
        Progress? best = null;
        foreach (var peer in _peers)
        {
            if (!peer.IsLearner && (best is null || peer.Match > best.Match))
            {
                best = peer;
            }
        }

        return best;
    }

    private void Collect(ReadOnlySpan<NodeId> voters, Span<ulong> values, Measure measure, ulong own)
    {
        for (var i = 0; i < voters.Length; i++)
        {
            values[i] = voters[i] == _self ? own : ValueOf(voters[i], measure);
        }
    }

    private ulong ValueOf(NodeId voter, Measure measure)
    {
        var peer = Find(voter);
        Invariant.Holds(peer is not null, "the leader knows the progress of every voter");
        return measure switch
        {
            Measure.Match => peer.Match.Value,
            Measure.HeardAt => peer.HeardAt,
            _ => peer.EchoedRound,
        };
    }
}
