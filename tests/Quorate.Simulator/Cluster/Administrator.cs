using Quorate.Node;
using Quorate.Raft;

namespace Quorate.Simulator;

/// <summary>
/// Asks random members for changes of the members, one after the other and several at once, moves leadership, and
/// does what people do to machines: resets directories of removed members, moves machines, loses a disk.
/// </summary>
internal sealed class Administrator(SimCluster cluster, SimRandom random)
{
    private static readonly FaultKind[] Deeds =
    [
        FaultKind.MemberAdded, FaultKind.MemberAnnounced, FaultKind.MemberPromoted, FaultKind.MemberRemoved,
        FaultKind.MemberReplaced, FaultKind.WrongAddress, FaultKind.LeadershipMoved, FaultKind.ElectionForced,
        FaultKind.DirectoryReset, FaultKind.StepDown, FaultKind.AddressMoved, FaultKind.AnnouncedAnswers,
        FaultKind.LoneWrite, FaultKind.LoneAdds, FaultKind.ChangeFlurry,
    ];

    private const int FlurrySteps = 12;
    private readonly DiskLoss _loss = new(cluster, random.Fork("disk loss"));
    private FaultKind[] _deeds = [];
    private int _names;
    private AdminCall? _last;

    /// <summary>Begins to change the members of a cluster that has spare machines.</summary>
    public void Begin()
    {
        _last = null;
        _deeds = [.. Deeds.Where(cluster.Plan.Has)];
        if (cluster.Plan.Spares > 0 && _deeds.Length > 0)
        {
            _loss.Begin();
            ScheduleNext();
        }
    }

    /// <summary>Takes leave of members of a healed cluster that will not come; true once there are none.</summary>
    public bool HasMendedAll(IReadOnlyList<SimNode> core)
    {
        var members = cluster.MembersAmong(core);
        foreach (var wiped in core.Where(node => node.IsWiped))
        {
            wiped.Reset(isAlone: false);
        }

        if (_loss.FindLost() is not { } lost)
        {
            return true;
        }

        if (_last is not { IsTold: false } && members.Count > 0)
        {
            var free = core.FirstOrDefault(node => node.IsFree);
            _last = Ask(random.Pick(members), free is null || random.Chance(0.5)
                ? new MemberChange.Remove(lost)
                : new MemberChange.Replace(lost, DrawName(), [free.Url]));
        }

        return false;
    }

    /// <summary>Asks a healed cluster for a change, again if need be; true once one was done.</summary>
    public bool IsServed(IReadOnlyList<SimNode> core)
    {
        if (_last is not { Change: MemberChange.Announce } or { IsTold: true, IsDone: false })
        {
            var members = cluster.MembersAmong(core);
            if (members.Count > 0)
            {
                _last = Ask(random.Pick(members), DrawAnnouncement());
            }
        }

        return _last is { IsDone: true };
    }

    private void ScheduleNext()
    {
        var mean = 4 * cluster.Plan.ElectionTimeoutUs;
        cluster.Events.After(1 + random.Exponential(mean), () =>
        {
            if (cluster.IsFaulty)
            {
                Act(random.Pick(_deeds));
                ScheduleNext();
            }
        });
    }

    private void Act(FaultKind deed)
    {
        var asked = random.Pick(cluster.Nodes);
        var machine = random.Pick(cluster.Nodes);
        switch (deed)
        {
            case FaultKind.DirectoryReset:
                ResetIfLost(machine);
                break;
            case FaultKind.AddressMoved:
                MoveIfAlone(machine);
                break;
            case FaultKind.AnnouncedAnswers:
                MoveToAnnounced(machine);
                break;
            case FaultKind.LoneWrite or FaultKind.LoneAdds:
                AskForeign(deed, machine);
                break;
            case FaultKind.ChangeFlurry when cluster.Nodes.Find(IsLeader) is { } leader && _loss.MayChange(deed):
                BeginFlurry(leader);
                break;
            case FaultKind.StepDown when cluster.Nodes.Find(IsLeader) is { } leader:
                cluster.Table.Count(deed);
                Transfer(leader, NodeId.None);
                break;
            default:
                if (asked is { IsUp: true, IsPaused: false, IsForeign: false })
                {
                    AskFor(deed, asked, machine);
                }

                break;
        }
    }

    private void AskFor(FaultKind deed, SimNode asked, SimNode machine)
    {
        string[] urls = [machine.Url];
        switch (deed)
        {
            case FaultKind.LeadershipMoved:
                cluster.Table.Count(deed);
                var leader = random.Chance(0.5) ? cluster.Nodes.Find(IsLeader) : null;
                Transfer(leader ?? asked, random.Chance(0.5) ? DrawMember() : NodeId.None);
                return;
            case FaultKind.ElectionForced:
                cluster.Table.Count(deed);
                Enter(asked, member => member.ForceElection(_ => { }));
                return;
        }

        if (_loss.MayChange(deed) && Draw(deed, urls) is { } change)
        {
            cluster.Table.Count(deed);
            Ask(asked, change);
        }
    }

    private MemberChange? Draw(FaultKind deed, string[] urls) => deed switch
    {
        FaultKind.MemberAdded => new MemberChange.Add(DrawName(), urls, random.Chance(0.2)),
        FaultKind.MemberAnnounced => random.Chance(0.5)
            ? new MemberChange.Announce(urls, random.Chance(0.2))
            : DrawAnnouncement(),
        FaultKind.WrongAddress => random.Chance(0.5)
            ? new MemberChange.Add(DrawName(), ["http://nobody:2380"], StaysLearner: false)
            : new MemberChange.Update(DrawMember(), urls),
        FaultKind.MemberReplaced => new MemberChange.Replace(_loss.FindLost() ?? DrawMember(), DrawName(), urls),
        FaultKind.MemberPromoted => new MemberChange.Promote(DrawMember()),
        FaultKind.MemberRemoved => new MemberChange.Remove(DrawMember()),
        _ => null,
    };

    // Only of a member that is removed for good: its entries count in no quorum any more; or of a machine whose disk
    // was lost, which nobody hears.
    private void ResetIfLost(SimNode machine)
    {
        var isRemoved = machine is { IsForeign: false, Member: { } member }
            && !cluster.Checker.CommittedConfig.IsJoint && cluster.Checker.IsRemoved(member.Self);
        if (isRemoved || machine.IsWiped)
        {
            machine.Reset(isAlone: cluster.Plan.Has(FaultKind.LoneCluster) && random.Chance(0.3));
        }
    }

    // One after the other: members that moved at the same time cannot find each other, and who has not read yet who the
    // others are cannot tell them where it is.
    private void MoveIfAlone(SimNode machine)
    {
        var roster = Roster.Of(cluster.Checker.CommittedConfig);
        var allAreFound = roster.Members.All(member =>
            cluster.Checker.MachineOf(member.Id) is not { } at || member.PeerUrls.Contains(cluster.Nodes[at].Url));
        if (allAreFound && !machine.IsWiped && !_loss.IsUnderWay && (machine.IsFree || KnowsOthers(machine)))
        {
            cluster.Table.Count(FaultKind.AddressMoved);
            machine.Move($"http://n{machine.Number + 1}-{++_names}:2380");
        }
    }

    private bool KnowsOthers(SimNode machine) =>
        machine is { IsUp: true, IsForeign: false, Member: { } member }
        && cluster.Checker.CommittedConfig.Contains(member.Self) && cluster.KnowsMembers(member);

    private void MoveToAnnounced(SimNode machine)
    {
        var announced = Roster.Of(cluster.Checker.CommittedConfig).Members
            .Where(member => member.IsAnnounced && IsNobodys(member))
            .ToArray();
        if (machine.IsFree && announced.Length > 0)
        {
            cluster.Table.Count(FaultKind.AnnouncedAnswers);
            machine.Move(random.Pick(announced).PeerUrls[0]);
        }
    }

    // The leader asks an announced machine who it is, and meanwhile change follows change: of one that never answers.
    private void BeginFlurry(SimNode leader)
    {
        var roster = Roster.Of(cluster.Checker.CommittedConfig);
        var free = cluster.Nodes.Find(node => node.IsFree);
        if (roster.Members.FirstOrDefault(member => member.IsAnnounced && IsNobodys(member)) is not { } silent)
        {
            Ask(leader, DrawAnnouncement());
        }
        else if (free is not null)
        {
            cluster.Table.Count(FaultKind.ChangeFlurry);
            Ask(leader, new MemberChange.Announce([free.Url], StaysLearner: false));
            Flurry(silent.Id, FlurrySteps);
        }
    }

    private void Flurry(NodeId silent, int steps) =>
        cluster.Events.After(1 + random.Exponential(cluster.Plan.ElectionTimeoutUs / 8), () =>
        {
            if (cluster.IsFaulty && steps > 0 && cluster.Nodes.Find(IsLeader) is { } leader)
            {
                Ask(leader, new MemberChange.Update(silent, [DrawUrl()]));
                Flurry(silent, steps - 1);
            }
        });

    private bool IsNobodys(MemberInfo member) => cluster.Nodes.TrueForAll(node => node.Url != member.PeerUrls[0]);

    // A cluster of one lives its own life: it takes writes, and may take other machines in.
    private void AskForeign(FaultKind deed, SimNode machine)
    {
        if (machine is not { IsForeign: true, IsUp: true, IsPaused: false })
        {
            return;
        }

        if (deed == FaultKind.LoneWrite)
        {
            machine.WriteOwn();
            return;
        }

        // Who is the only member of the cluster that the checkers follow, and holds nothing yet, would be taken.
        var other = cluster.Nodes[random.Between(Math.Min(1, cluster.Plan.Voters - 1), cluster.Nodes.Count - 1)];
        if (other != machine && (cluster.Plan.Voters > 1 || other.Number > 0))
        {
            cluster.Table.Count(deed);
            var add = new MemberChange.Add("", [other.Url], StaysLearner: false);
            Enter(machine, member => member.Change(add, false, 20 * cluster.Plan.ElectionTicks, new Unheard()));
        }
    }

    private string DrawName() => $"m{++_names}";

    private MemberChange.Announce DrawAnnouncement() => new([DrawUrl()], StaysLearner: false);

    private string DrawUrl() => $"http://later{++_names}:2380";

    private NodeId DrawMember()
    {
        var members = Roster.Of(cluster.Checker.CommittedConfig).Members;
        return members.Count == 0 ? NodeId.None : random.Pick(members).Id;
    }

    private AdminCall Ask(SimNode asked, MemberChange change)
    {
        var call = new AdminCall(cluster, change);
        cluster.Trace(asked, $"is asked to {change}");
        _loss.Asked();
        Enter(asked, member => member.Change(change, force: false, 20 * cluster.Plan.ElectionTicks, call));
        cluster.Events.After(40 * cluster.Plan.ElectionTimeoutUs, call.GiveUp);
        return call;
    }

    private static bool IsLeader(SimNode node) =>
        node is { IsUp: true, IsPaused: false, IsForeign: false } && node.Member!.Core.Role.Role == RaftRole.Leader;

    private static void Transfer(SimNode asked, NodeId target)
    {
        var call = new TransferCall(asked);
        Enter(asked, member => member.TransferLeadership(target, call.Told));
    }

    private static void Enter(SimNode node, Action<Member> ask) => node.Enter(node.Process!, () => ask(node.Member!));

    private sealed class Unheard : IChangeWaiter
    {
        public void Completed(in ChangeOutcome outcome)
        {
        }
    }
}
