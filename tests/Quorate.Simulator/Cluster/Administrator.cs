using Quorate.Node;
using Quorate.Raft;

namespace Quorate.Simulator;

/// <summary>
/// Asks random members for changes of the members, one after the other and several at once, moves leadership, and
/// resets the directories of members that were removed. What it is told is held against the committed log.
/// </summary>
internal sealed class Administrator(SimCluster cluster, SimRandom random)
{
    private static readonly FaultKind[] Deeds =
    [
        FaultKind.MemberAdded, FaultKind.MemberAnnounced, FaultKind.MemberPromoted, FaultKind.MemberRemoved,
        FaultKind.MemberReplaced, FaultKind.WrongAddress, FaultKind.LeadershipMoved, FaultKind.ElectionForced,
        FaultKind.DirectoryReset,
    ];

    private FaultKind[] _deeds = [];
    private int _announced;
    private Call? _last;

    /// <summary>Begins to change the members of a cluster that has spare machines.</summary>
    public void Begin()
    {
        _last = null;
        _deeds = [.. Deeds.Where(cluster.Plan.Has)];
        if (cluster.Plan.Spares > 0 && _deeds.Length > 0)
        {
            ScheduleNext();
        }
    }

    /// <summary>Asks a healed cluster for a change, again if need be; true once one was done.</summary>
    public bool IsServed(IReadOnlyList<SimNode> core)
    {
        if (_last is null or { IsTold: true, IsDone: false })
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
        if (deed == FaultKind.DirectoryReset)
        {
            ResetIfRemoved(machine);
        }
        else if (asked.IsUp && !asked.IsPaused)
        {
            cluster.Table.Count(deed);
            AskFor(deed, asked, machine);
        }
    }

    private void AskFor(FaultKind deed, SimNode asked, SimNode machine)
    {
        string[] urls = [SimNode.UrlOf(machine.Number)];
        switch (deed)
        {
            case FaultKind.LeadershipMoved:
                Enter(asked, member => member.TransferLeadership(
                    random.Chance(0.5) ? DrawMember() : NodeId.None, _ => { }));
                break;
            case FaultKind.ElectionForced:
                Enter(asked, member => member.ForceElection(_ => { }));
                break;
            case FaultKind.MemberAdded:
                Ask(asked, new MemberChange.Add($"m{++_announced}", urls, random.Chance(0.2)));
                break;
            case FaultKind.MemberAnnounced:
                Ask(asked, random.Chance(0.5)
                    ? new MemberChange.Announce(urls, random.Chance(0.2))
                    : DrawAnnouncement());
                break;
            case FaultKind.WrongAddress:
                Ask(asked, random.Chance(0.5)
                    ? new MemberChange.Add("", ["http://nobody:2380"], StaysLearner: false)
                    : new MemberChange.Update(DrawMember(), urls));
                break;
            case FaultKind.MemberReplaced:
                Ask(asked, new MemberChange.Replace(DrawMember(), $"m{++_announced}", urls));
                break;
            case FaultKind.MemberPromoted:
                Ask(asked, new MemberChange.Promote(DrawMember()));
                break;
            default:
                Ask(asked, new MemberChange.Remove(DrawMember()));
                break;
        }
    }

    // Only of a member that is removed for good: its entries count in no quorum any more.
    private void ResetIfRemoved(SimNode machine)
    {
        var config = cluster.Checker.CommittedConfig;
        if (machine.Member is { } member && !config.IsJoint && cluster.Checker.WasMember(member.Self)
            && !config.Contains(member.Self))
        {
            machine.Reset();
        }
    }

    private MemberChange.Announce DrawAnnouncement() => new([$"http://later{++_announced}:2380"], StaysLearner: false);

    private NodeId DrawMember()
    {
        var members = Roster.Of(cluster.Checker.CommittedConfig).Members;
        return members.Count == 0 ? NodeId.None : random.Pick(members).Id;
    }

    private Call Ask(SimNode asked, MemberChange change)
    {
        var call = new Call(cluster, change);
        cluster.Trace(asked, $"is asked to {change}");
        Enter(asked, member => member.Change(change, force: false, 20 * cluster.Plan.ElectionTicks, call));
        cluster.Events.After(40 * cluster.Plan.ElectionTimeoutUs, call.GiveUp);
        return call;
    }

    private static void Enter(SimNode node, Action<Member> ask) => node.Enter(node.Process!, () => ask(node.Member!));

    /// <summary>A change that was asked for.</summary>
    private sealed class Call(SimCluster cluster, MemberChange change) : IChangeWaiter
    {
        private bool _isGivenUp;

        public bool IsTold { get; private set; }

        public bool IsDone { get; private set; }

        public void Completed(in ChangeOutcome outcome)
        {
            cluster.Trace($"{change}: {outcome}");
            if (IsTold && !_isGivenUp)
            {
                throw new CheckerException("Outcomes", $"a waiter was told twice: {change}");
            }

            IsTold = true;
            IsDone = outcome.IsDone;
            if (IsDone && change is MemberChange.Add or MemberChange.Announce or MemberChange.Replace)
            {
                Demand(cluster.Checker.WasMember(outcome.Member));
            }
            else if (IsDone && change is MemberChange.Remove remove)
            {
                Demand(!cluster.Checker.CommittedConfig.Contains(remove.Member)
                    || cluster.Checker.CommittedConfig.IsJoint);
            }
        }

        /// <summary>The process that was asked may have ended without a word.</summary>
        public void GiveUp()
        {
            _isGivenUp = !IsTold;
            IsTold = true;
        }

        private void Demand(bool condition)
        {
            if (!condition)
            {
                throw new CheckerException(
                    "Membership", $"{change} was told done; committed is {cluster.Checker.CommittedConfig}");
            }
        }
    }
}
