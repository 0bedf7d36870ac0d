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
/// <remarks>
/// A member that was removed stays for a while, counted nowhere, so that it learns of its removal.
/// </remarks>
internal sealed class ProgressTracker
{
    private readonly NodeId _self;
    private readonly int _inflightMessagesMax;
    private ClusterConfig _config = ClusterConfig.Empty;
    private Progress[] _peers = [];
    private ulong[] _values = [];

    public ProgressTracker(RaftOptions options, ClusterConfig config, LogIndex last, LogIndex commit, ulong tick)
    {
        _self = options.Self;
        _inflightMessagesMax = options.InflightMessagesMax;
        Reconfigure(config, last, commit, tick);
    }

    public ReadOnlySpan<Progress> Peers => _peers;

    /// <summary>Takes over the members of a configuration; what is known of those who stay is kept.</summary>
    /// <param name="config">The configuration.</param>
    /// <param name="last">The last index of our log: the place of a new configuration.</param>
    /// <param name="commit">Our commit index.</param>
    /// <param name="tick">Now.</param>
    public void Reconfigure(ClusterConfig config, LogIndex last, LogIndex commit, ulong tick)
    {
        _config = config;
        _values = new ulong[config.Voters.Length + config.OutgoingVoters.Length];
        var peers = new List<Progress>(_peers);
        foreach (var id in config.AllMembers())
        {
            if (id != _self && Find(id) is null)
            {
                peers.Add(new Progress(id, last, commit, tick, _inflightMessagesMax));
            }
        }

        peers.Sort(static (left, right) => left.Id.CompareTo(right.Id));
        foreach (var peer in peers)
        {
            peer.Place(config, last, tick);
        }

        _peers = [.. peers];
    }

    /// <summary>
    /// Forgets members that hold the configuration without them and know that it is committed, and those that have
    /// not learnt it within so many ticks.
    /// </summary>
    public void ForgetRemoved(ulong tick, ulong ticksMax)
    {
        var isAnyGone = false;
        foreach (var peer in _peers)
        {
            isAnyGone |= IsGone(peer);
        }

        if (isAnyGone)
        {
            _peers = Array.FindAll(_peers, peer => !IsGone(peer));
        }

        bool IsGone(Progress peer) =>
            peer.RemovedAt != 0 && (peer.KnownCommit >= peer.RemovedBy || tick - peer.RemovedAt >= ticksMax);
    }

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
    /// The voter with the highest match, the lowest id among equals; null when there is no other voter. In a joint
    /// configuration one that stays.
    /// </summary>
    public Progress? MostAdvancedVoter()
    {
        Progress? best = null;
        foreach (var peer in _peers)
        {
            if (_config.Voters.BinarySearch(peer.Id) >= 0 && (best is null || peer.Match > best.Match))
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
