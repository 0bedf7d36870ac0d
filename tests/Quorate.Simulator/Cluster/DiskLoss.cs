using Quorate.Node;
using Quorate.Raft;

namespace Quorate.Simulator;

/// <summary>
/// A voter loses its disk, once or twice in a run, where the others are a quorum without it; until it is replaced,
/// people leave the others alone, as a quorum that is lost comes back by no protocol.
/// </summary>
internal sealed class DiskLoss(SimCluster cluster, SimRandom random)
{
    // What was asked before is decided, and no request of it is on its way any more.
    private const long QuietUs = 10_000_000;
    private const int TriesMax = 10;
    private long _askedUs = -QuietUs;
    private int _tries;

    /// <summary>A disk is about to be lost, or was, and its member is a member still.</summary>
    public bool IsUnderWay { get; private set; }

    /// <summary>Draws when it happens.</summary>
    public void Begin()
    {
        IsUnderWay = false;
        _tries = 0;
        if (cluster.Plan.Has(FaultKind.VoterWiped))
        {
            cluster.Events.After(random.Between(1_000_000L, 30_000_000L), Wait);
        }
    }

    /// <summary>Somebody asks for a change.</summary>
    public void Asked() => _askedUs = cluster.Events.Now;

    /// <summary>Whether a kind of change may be asked for now.</summary>
    public bool MayChange(FaultKind deed) => !IsUnderWay
        || (deed == FaultKind.MemberReplaced && FindLost() is not null);

    /// <summary>A member whose directory is gone, or null.</summary>
    public NodeId? FindLost()
    {
        foreach (var member in Roster.Of(cluster.Checker.CommittedConfig).Members)
        {
            if (!member.IsAnnounced && !(cluster.Checker.MachineOf(member.Id) is { } at && HasDirectory(at)))
            {
                return member.Id;
            }
        }

        return null;
    }

    private bool HasDirectory(int machine) => cluster.Nodes[machine] is { IsWiped: false, IsForeign: false };

    private void Wait()
    {
        if (!cluster.IsFaulty)
        {
            IsUnderWay = false;
        }
        else if (!IsUnderWay)
        {
            IsUnderWay = true;
            cluster.Events.After(QuietUs, Wait);
        }
        else if (FindLost() is null && IsQuiet() && DrawVictim() is { } victim)
        {
            victim.Wipe();
            cluster.Events.After(2 * cluster.Plan.ElectionTimeoutUs, WaitForEnd);
        }
        else if (++_tries < TriesMax)
        {
            cluster.Events.After(cluster.Plan.ElectionTimeoutUs, Wait);
        }
        else
        {
            Begin();
        }
    }

    private void WaitForEnd()
    {
        if (!cluster.IsFaulty || FindLost() is null)
        {
            Begin();
        }
        else
        {
            cluster.Events.After(cluster.Plan.ElectionTimeoutUs, WaitForEnd);
        }
    }

    private bool IsQuiet() =>
        cluster.Events.Now - _askedUs >= QuietUs && !cluster.Checker.CommittedConfig.IsJoint
        && VoterMachines().All(node => node is { IsUp: true } && !node.Member!.Core.IsChanging
            && cluster.KnowsMembers(node.Member) && IsWhereItIsSaidToBe(node));

    // Whoever moves is not to lose the one member that knows where it is.
    private bool IsWhereItIsSaidToBe(SimNode node) =>
        Roster.Of(cluster.Checker.CommittedConfig).Find(node.Member!.Self)!.PeerUrls.Contains(node.Url);

    private SimNode? DrawVictim()
    {
        var config = cluster.Checker.CommittedConfig;
        var roster = Roster.Of(config);
        var victims = VoterMachines()
            .Where(node => node.Url == SimNode.UrlOf(node.Number)
                && roster.Find(node.Member!.Self)!.Directory != UInt128.Zero)
            .ToArray();
        return config.Voters.Length >= 3 && victims.Length > 0 ? random.Pick(victims) : null;
    }

    private IEnumerable<SimNode> VoterMachines() => cluster.Checker.CommittedConfig.Voters.ToArray()
        .Select(id => cluster.Nodes[cluster.Checker.MachineOf(id)!.Value]);
}
