namespace Quorate.Raft;

/// <summary>
/// The answers to one (pre-)campaign. Each member answers once; only voters of the configuration count.
/// </summary>
internal sealed class VoteTally
{
    private readonly List<(NodeId From, bool Granted)> _answers = [];

    /// <summary>Notes an answer. False when this member has answered before.</summary>
    public bool TryRecord(NodeId from, bool granted)
    {
        foreach (var answer in _answers)
        {
            if (answer.From == from)
            {
                return false;
            }
        }

        _answers.Add((from, granted));
        return true;
    }

    /// <summary>What the answers amount to under a configuration, joint or not.</summary>
    public VoteResult Judge(ClusterConfig config)
    {
        if (config.Voters.IsEmpty)
        {
            return VoteResult.Lost;
        }

        return JointQuorum.Judge(Judge(config.Voters), Judge(config.OutgoingVoters));
    }

    /// <summary>How many voters have said yes.</summary>
    public int CountGranted(ClusterConfig config)
    {
        var granted = 0;
        foreach (var answer in _answers)
        {
            granted += answer.Granted && config.IsVoter(answer.From) ? 1 : 0;
        }

        return granted;
    }

    private VoteResult Judge(ReadOnlySpan<NodeId> voters)
    {
        var yes = 0;
        var no = 0;
        foreach (var (from, granted) in _answers)
        {
            if (voters.BinarySearch(from) >= 0)
            {
                yes += granted ? 1 : 0;
                no += granted ? 0 : 1;
            }
        }

        return MajorityQuorum.Judge(yes, no, voters.Length);
    }
}
