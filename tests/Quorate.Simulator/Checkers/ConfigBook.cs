using Quorate.Raft;

namespace Quorate.Simulator;

/// <summary>
/// Every configuration that was appended anywhere, by the entry that carries it. What a node holds to be in force is
/// not asked: that follows from its log.
/// </summary>
internal sealed class ConfigBook
{
    private readonly List<(EntryId Id, ClusterConfig Config)> _written = [];

    /// <summary>Notes the configuration of an entry: an entry has one, on every node.</summary>
    public void Add(EntryId id, ClusterConfig config)
    {
        var at = _written.Count;
        while (at > 0 && _written[at - 1].Id.Index >= id.Index)
        {
            at--;
            if (_written[at].Id == id)
            {
                if (!_written[at].Config.Equals(config))
                {
                    throw new CheckerException("Membership", $"{id} is {_written[at].Config} here, {config} there");
                }

                return;
            }
        }

        _written.Insert(at, (id, config));
    }

    /// <summary>Thesis 4.1: in force is the latest configuration of a log, here of its entries up to one.</summary>
    public (LogIndex Index, ClusterConfig Config) At(TermList log, int upTo)
    {
        for (var at = _written.Count - 1; at >= 0; at--)
        {
            var (id, config) = _written[at];
            if ((int)id.Index.Value <= upTo && log.Holds(id))
            {
                return (id.Index, config);
            }
        }

        return (LogIndex.Zero, ClusterConfig.Empty);
    }

    /// <summary>Notes the configurations that a log has, also those on no disk yet.</summary>
    public void Learn(RaftLog log)
    {
        foreach (var config in log.Configs)
        {
            if (config.Index > log.Before.Index)
            {
                Add(log.IdAt(config.Index), config.Config);
            }
        }
    }

    /// <summary>
    /// The configuration in force in a node's log, of its entries up to one. What it has trimmed is committed: another
    /// entry that once stood there, and was truncated, does not count.
    /// </summary>
    public (LogIndex Index, ClusterConfig Config) At(RaftLog log, TermList committed, LogIndex upTo)
    {
        Learn(log);
        for (var at = _written.Count - 1; at >= 0; at--)
        {
            var (id, config) = _written[at];
            if (id.Index <= upTo && (id.Index <= log.Before.Index ? committed.Holds(id) : log.Matches(id)))
            {
                return (id.Index, config);
            }
        }

        return (LogIndex.Zero, ClusterConfig.Empty);
    }

    /// <summary>Whether a majority of the voters, in a joint configuration of both lists, says so.</summary>
    public static bool IsQuorum(ClusterConfig config, Func<NodeId, bool> says) =>
        !config.Voters.IsEmpty && IsMajority(config.Voters, says)
        && (!config.IsJoint || IsMajority(config.OutgoingVoters, says));

    private static bool IsMajority(ReadOnlySpan<NodeId> voters, Func<NodeId, bool> says)
    {
        var count = 0;
        foreach (var voter in voters)
        {
            count += says(voter) ? 1 : 0;
        }

        return AbstractRules.IsQuorum(count, voters.Length);
    }
}
