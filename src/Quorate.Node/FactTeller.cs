using Microsoft.Extensions.Logging;
using Quorate.Raft;
using Quorate.Storage;

namespace Quorate.Node;

/// <summary>Turns what happened in core and store into log lines and counts; the only place that does.</summary>
internal sealed class FactTeller(ILogger logger, NodeMetrics metrics, IReadOnlyList<MemberInfo> members)
{
    private readonly Dictionary<NodeId, string> _met = [];
    private Term _askedBefore;
    private bool _handsOver;

    /// <summary>Those whose names are known.</summary>
    public IReadOnlyList<MemberInfo> Members { get; set; } = members;

    /// <summary>A link is up with a member that says its name, maybe before a configuration does.</summary>
    public void Met(NodeId id, string name) => _met[id] = name;

    /// <summary>That link is down.</summary>
    public void Parted(NodeId id) => _met.Remove(id);

    /// <summary>Tells one fact of the core; true when it changed who leads or what this member is.</summary>
    public bool Tell(RaftFact fact)
    {
        switch (fact)
        {
            case RaftFact.ElectionWon won:
                metrics.LeaderChanged();
                logger.BecameLeader(won.Term);
                return true;
            case RaftFact.LeaderFollowed followed:
                metrics.LeaderChanged();
                logger.BecameFollower(NameOf(followed.Leader), followed.Term);
                return true;
            case RaftFact.SteppedDown { From: RaftRole.Leader } down when _handsOver:
                _handsOver = false;
                logger.HandedOver(down.Term);
                return true;
            case RaftFact.SteppedDown { From: RaftRole.Leader } down:
                logger.SteppedDown("leader", down.Term, down.Because);
                return true;
            case RaftFact.ElectionTimeout timeout when timeout.Asked != _askedBefore:
                // Asking again for the same term, as a minority does for ever, is no news.
                _askedBefore = timeout.Asked;
                logger.AsksToBeElected(timeout.Asked);
                return true;
            case RaftFact.TermChanged:
                TellQuietly(fact);
                return true;
            case RaftFact.ConfigInForce config:
                logger.ConfigInForce(config.Index, Describe(config.Config));
                return true;
            case RaftFact.TransferStarted transfer:
                _handsOver = true;
                logger.HandsOver(NameOf(transfer.To));
                return true;
            case RaftFact.TransferAbandoned transfer:
                _handsOver = false;
                logger.KeepsLeadership(NameOf(transfer.To), transfer.Because);
                return true;
            case RaftFact.LogTruncated or RaftFact.GaveWay or RaftFact.MessageRejected:
                logger.Remarkable(fact.ToString());
                return false;
            default:
                TellQuietly(fact);
                return false;
        }
    }

    /// <summary>Tells facts of log and snapshots.</summary>
    public void Tell(IReadOnlyList<StorageFact> facts)
    {
        foreach (var fact in facts)
        {
            if (fact is StorageFact.WalTailCut or StorageFact.SnapshotSkipped or StorageFact.UnknownFile
                or StorageFact.NoRoom or StorageFact.RoomAgain or StorageFact.LeftoverStays
                or StorageFact.RecoveryNotesUnreadable)
            {
                logger.StorageRemarkable(fact);
            }
            else
            {
                logger.Storage(fact);
            }
        }
    }

    public void SnapshotTaken(SnapshotMetadata snapshot, long bytes) => logger.SnapshotTaken(snapshot, bytes);

    public void SnapshotReceived(SnapshotMetadata snapshot, long bytes) => logger.SnapshotReceived(snapshot, bytes);

    public void SnapshotHadNoRoom(DiskFullException full) => logger.SnapshotHadNoRoom(full.Message);

    /// <summary>This node is about to become a member of another cluster.</summary>
    public void Joins(Invitation invitation) => logger.Joins(invitation);

    /// <summary>Who is to be added, or has moved, has answered; one slower than heartbeats may never keep up.</summary>
    public void Reached(PeerHello found, uint milliseconds, TimeSpan heartbeat)
    {
        if (milliseconds > heartbeat.TotalMilliseconds)
        {
            logger.ReachedSlowly(found, milliseconds, (long)heartbeat.TotalMilliseconds);
        }
        else
        {
            logger.Reached(found, milliseconds);
        }
    }

    /// <summary>A member says that this one was removed.</summary>
    public void WasRemoved() => logger.WasRemoved();

    private static string Describe(ClusterConfig config)
    {
        var words = Roster.Of(config).Members.Select(member => $"\"{member.Name}\" {RoleOf(member, config)}");
        return string.Join(", ", words);
    }

    private static string RoleOf(MemberInfo member, ClusterConfig config)
    {
        if (member.IsAnnounced)
        {
            return "announced";
        }

        if (config.IsLearner(member.Id))
        {
            return "learner";
        }

        return !config.IsJoint ? "voter"
            : config.Voters.BinarySearch(member.Id) < 0 ? "voter leaving"
            : config.OutgoingVoters.BinarySearch(member.Id) < 0 ? "voter entering"
            : "voter";
    }

    private void TellQuietly(RaftFact fact)
    {
        // The text is made only for those who listen: there is one such fact per batch.
        if (logger.IsEnabled(LogLevel.Debug))
        {
            logger.Fact(fact.ToString());
        }
    }

    private string NameOf(NodeId id)
    {
        foreach (var member in Members)
        {
            if (member.Id == id)
            {
                return member.Name;
            }
        }

        return _met.GetValueOrDefault(id) ?? id.ToString();
    }
}
