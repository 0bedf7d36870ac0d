using Quorate.Raft;

namespace Quorate.Node;

/// <summary>
/// Changes of the members that were asked for and stand in no log yet: our own callers', and on a leader those that
/// other members pass on. Owned by the node loop.
/// </summary>
/// <remarks>
/// Laws: a change is passed on to one leader, once; a leader reaches whom it must reach before it proposes; what waits
/// for its turn is refused when its time is over, and was certainly not done.
/// </remarks>
internal sealed class ChangeDesk(ChangeDeskParts parts)
{
    private const int WaitingMax = 64;
    private readonly List<Pending> _waiting = [];
    private readonly List<ChangeTicket> _tickets = [];
    private ulong _lastToken;

    private RaftCore Core => parts.Core;

    private NodeId Self => parts.Identity.Self;

    /// <summary>Whether anything waits here.</summary>
    public bool HasWork => _waiting.Count > 0;

    /// <summary>Whether somebody is being asked to join, so that this node itself may not.</summary>
    public bool IsInviting => _waiting.Exists(pending => pending.Token != 0 || pending.Found is not null);

    /// <summary>A caller of this node asks.</summary>
    public void Ask(MemberChange change, bool force, long deadlineTick, IChangeWaiter waiter, Completions completions)
    {
        var ticket = new ChangeTicket(change, waiter);

        // Told by the desk while it waits here; the table's own limit is for what was sent or proposed.
        ticket.Proposal = parts.Proposals.Add(ticket, deadlineTick + parts.ElectionTicks);
        _tickets.RemoveAll(other => other.IsTold);
        _tickets.Add(ticket);
        Take(new Pending(ticket.Proposal, Self, change, force, deadlineTick) { Ticket = ticket }, completions);
    }

    /// <summary>A member passes on what it was asked.</summary>
    public void Requested(NodeId from, ChangeRequest request, long tick, Completions completions)
    {
        if (!Core.TryJudgeForward(request.Proposal))
        {
            return;
        }

        // It waits a little less long here than there: so the refusal, with its words, comes in time.
        var ticks = parts.TicksOf(request.TimeoutMs);
        var deadline = tick + ticks - Math.Min(ticks / 4, parts.ElectionTicks);
        Take(new Pending(request.Proposal, from, request.Change, request.Force, deadline), completions);
    }

    /// <summary>The leader answers what we passed on.</summary>
    public void Answered(ChangeAnswer answer, Completions completions)
    {
        if (_tickets.Find(ticket => ticket.Proposal == answer.Proposal) is not { IsTold: false } ticket)
        {
            return;
        }

        ticket.Member = answer.Member;
        switch (answer.Verdict)
        {
            case ChangeVerdict.NothingToDo:
                parts.Proposals.Settle(answer.Proposal, completions);
                break;
            case ChangeVerdict.Refused:
                ticket.Refusal = (answer.Refused!.Value, answer.Words);
                parts.Proposals.Refuse(answer.Proposal, RefusalReason.NotReady, completions);
                break;
        }
    }

    /// <summary>
    /// What we passed on stands in our log: the entry says whom it is about, since the leader's word may be lost.
    /// </summary>
    public void Placed(in EntryHeader entry)
    {
        var proposal = entry.Proposal;
        if (entry.Kind != EntryKind.ConfigChange
            || _tickets.Find(ticket => ticket.Proposal == proposal) is not { IsTold: false } ticket)
        {
            return;
        }

        var before = Roster.Of(Core.ConfigAt(entry.Id.Index.Previous).Config);
        var changed = Roster.Of(Core.ConfigAt(entry.Id.Index).Config).FindChanged(before);
        ticket.Member = MemberChanger.Subject(ticket.Change) ?? changed?.Id ?? NodeId.None;
    }

    /// <summary>A probe of ours has ended. False when it was not ours.</summary>
    public bool Probed(ulong token, in ProbeResult result, long tick, Completions completions)
    {
        if (_waiting.Find(pending => pending.Token == token) is not { } pending)
        {
            return false;
        }

        pending.Token = 0;
        if (result.Found is { } found)
        {
            pending.Found = found;
            parts.Facts.Reached(found, parts.MsOf(tick - pending.ProbedAt), parts.Options.HeartbeatInterval);
            return true;
        }

        var why = result.IsOtherProtocol ? ChangeRefusal.OtherProtocol : ChangeRefusal.Unreachable;
        var url = pending.Urls[pending.UrlAt++];
        if (pending.UrlAt < pending.Urls.Count)
        {
            return true;
        }

        Refuse(pending, why, result.IsOtherProtocol
            ? result.Why
            : $"nobody answers at {url} ({result.Why}); start the node there first, or mend the address", completions);
        return true;
    }

    /// <summary>Moves what waits as far as it goes.</summary>
    public void Step(long tick, Completions completions)
    {
        for (var i = 0; i < _waiting.Count;)
        {
            var pending = _waiting[i];
            StepOne(pending, tick, completions);
            i += i < _waiting.Count && ReferenceEquals(_waiting[i], pending) ? 1 : 0;
        }
    }

    /// <summary>Refuses everything, since this node is to become another.</summary>
    public void RefuseAll(ChangeRefusal why, string words, Completions completions)
    {
        while (_waiting.Count > 0)
        {
            Refuse(_waiting[0], why, words, completions);
        }
    }

    /// <summary>A number for a probe, never used twice.</summary>
    public ulong NextToken() => ++_lastToken;

    private void Take(Pending pending, Completions completions)
    {
        _waiting.Add(pending);
        if (MemberChanger.FindFault(pending.Change) is { } fault)
        {
            Refuse(pending, ChangeRefusal.Invalid, fault, completions);
        }
        else if (_waiting.Count > WaitingMax)
        {
            Refuse(pending, ChangeRefusal.Overloaded, "too many changes are waiting; try again", completions);
        }
    }

    private void StepOne(Pending pending, long tick, Completions completions)
    {
        if (pending.Ticket is { IsTold: true })
        {
            _waiting.Remove(pending);
        }
        else if (tick >= pending.DeadlineTick)
        {
            Refuse(pending, pending.Why, pending.Words, completions);
        }
        else if (Core.Leader == Self)
        {
            Lead(pending, tick, completions);
        }
        else if (pending.Asker != Self)
        {
            Refuse(pending, ChangeRefusal.NoLeader, $"\"{parts.Identity.Name}\" does not lead any more", completions);
        }
        else
        {
            PassOn(pending, tick, completions);
        }
    }

    private void PassOn(Pending pending, long tick, Completions completions)
    {
        if (parts.Identity.ClusterId == UInt128.Zero)
        {
            Refuse(pending, ChangeRefusal.Unconfigured, "this node belongs to no cluster yet", completions);
        }
        else if (parts.Standing.State == NodeState.Removed)
        {
            Refuse(pending, ChangeRefusal.Removed, "this node was removed from its cluster", completions);
        }
        else if (Core.Leader == NodeId.None)
        {
            (pending.Why, pending.Words) = (ChangeRefusal.NoLeader, Core.Config.Config.Voters.IsEmpty
                ? "this node is joining a cluster, and has not heard its leader yet"
                : "no leader is known; an election may be under way");
        }
        else if (IsFirstToPassOn(pending)
            && parts.Peers.SendChange(Core.Leader, pending.ToRequest(parts.MsOf(pending.DeadlineTick - tick))))
        {
            // From here on only the leader and the log can say what became of it.
            parts.Proposals.Forwarded(pending.Proposal, Core.Term);
            _waiting.Remove(pending);
        }
    }

    // One that finds no room waits, and those asked later wait behind it: the leader drops what comes out of order.
    private bool IsFirstToPassOn(Pending pending) => _waiting.Find(other => other.Asker == Self) == pending;

    private void Lead(Pending pending, long tick, Completions completions)
    {
        var changer = new MemberChanger(parts.Identity.ClusterId, Core.Config.Config);
        if (pending.Found is null && !IsReached(pending, tick))
        {
            return;
        }

        // Planned on what is committed only: nobody is told that all is so already when it may still be undone.
        if (Core.IsChanging)
        {
            (pending.Why, pending.Words) = Explain(ConfigRefusal.ChangeUnderWay);
            return;
        }

        pending.NewId = pending.NewId == NodeId.None ? parts.DrawId() : pending.NewId;
        var plan = changer.Plan(pending.Change, pending.Found, pending.NewId);
        if (plan.Refused is { } refused)
        {
            Refuse(pending, refused, plan.Words, completions);
        }
        else if (plan.Target is null)
        {
            Conclude(pending, ChangeVerdict.NothingToDo, plan.Member, EntryId.Zero, completions);
        }
        else
        {
            Propose(pending, plan, completions);
        }
    }

    // Whoever is to be added, or has moved, must answer before anything is proposed: a wrong address costs nothing.
    private bool IsReached(Pending pending, long tick)
    {
        if (pending.Urls.Count == 0)
        {
            pending.Urls = MemberChanger.UrlsToReach(pending.Change, Roster.Of(Core.Config.Config));
            if (pending.Urls.Count == 0)
            {
                return true;
            }

            (pending.Why, pending.Words) =
                (ChangeRefusal.Unreachable, $"nobody answered in time at {string.Join(',', pending.Urls)}");
        }

        if (pending.Token == 0)
        {
            (pending.Token, pending.ProbedAt) = (NextToken(), tick);
            parts.Peers.Probe(pending.Urls[pending.UrlAt], pending.Token);
        }

        return false;
    }

    private void Propose(Pending pending, in ChangePlan plan, Completions completions)
    {
        var outcome = Core.ProposeConfig(pending.Proposal, plan.Target!, pending.Force);
        switch (outcome.Refused)
        {
            case null:
                Conclude(pending, ChangeVerdict.Taken, plan.Member, outcome.Entry, completions);
                break;
            case ConfigRefusal.LastVoter:
                Refuse(pending, ChangeRefusal.LastVoter, "it is the last voter", completions);
                break;
            case ConfigRefusal.WouldLoseQuorum:
                Refuse(
                    pending, ChangeRefusal.WouldLoseQuorum,
                    "too few of the voters that would remain are connected: it would cost the quorum; "
                    + "bring them back first, or force it", completions);
                break;
            case ConfigRefusal.NotALearner or ConfigRefusal.StillAVoter:
                const string Why = "a voter is first a learner, and stays a voter";
                Refuse(pending, ChangeRefusal.NotALearner, Why, completions);
                break;
            case { } later:
                (pending.Why, pending.Words) = Explain(later);
                break;
        }
    }

    private static (ChangeRefusal Why, string Words) Explain(ConfigRefusal refused) => refused switch
    {
        ConfigRefusal.ChangeUnderWay =>
            (ChangeRefusal.ChangeUnderWay, "another change was not finished in time; try again"),
        ConfigRefusal.NotCaughtUp => (ChangeRefusal.NotCaughtUp, "it has not caught up with the leader; try again"),
        ConfigRefusal.Overloaded =>
            (ChangeRefusal.Overloaded, "too much is waiting for disk, quorum or apply; try again"),
        ConfigRefusal.NotLeader => (ChangeRefusal.NoLeader, "the leader changed; try again"),
        _ => (ChangeRefusal.NotReady, "the leader is new, or is handing over; try again"),
    };

    private void Conclude(
        Pending pending, ChangeVerdict verdict, NodeId member, EntryId entry, Completions completions)
    {
        _waiting.Remove(pending);
        if (pending.Ticket is not { } ticket)
        {
            parts.Peers.SendChangeAnswer(
                pending.Asker, new ChangeAnswer(pending.Proposal, verdict, null, member, ""));
            return;
        }

        ticket.Member = member;
        if (verdict == ChangeVerdict.Taken)
        {
            parts.Proposals.Placed(pending.Proposal, entry);
        }
        else
        {
            parts.Proposals.Settle(pending.Proposal, completions);
        }
    }

    private void Refuse(Pending pending, ChangeRefusal why, string words, Completions completions)
    {
        _waiting.Remove(pending);
        if (pending.Ticket is { } ticket)
        {
            ticket.Refusal = (why, words);
            parts.Proposals.Refuse(pending.Proposal, RefusalReason.NotReady, completions);
        }
        else
        {
            parts.Peers.SendChangeAnswer(
                pending.Asker,
                new ChangeAnswer(pending.Proposal, ChangeVerdict.Refused, why, NodeId.None, words));
        }
    }

    private sealed class Pending(
        ProposalId proposal, NodeId asker, MemberChange change, bool force, long deadlineTick)
    {
        public ProposalId Proposal { get; } = proposal;

        public NodeId Asker { get; } = asker;

        public MemberChange Change { get; } = change;

        public bool Force { get; } = force;

        public long DeadlineTick { get; } = deadlineTick;

        /// <summary>Our own caller; null for another member's.</summary>
        public ChangeTicket? Ticket { get; init; }

        /// <summary>Where somebody must answer first.</summary>
        public IReadOnlyList<string> Urls { get; set; } = [];

        public int UrlAt { get; set; }

        /// <summary>The probe that is out; 0 for none.</summary>
        public ulong Token { get; set; }

        /// <summary>When that probe was sent.</summary>
        public long ProbedAt { get; set; }

        /// <summary>Who answered.</summary>
        public PeerHello? Found { get; set; }

        /// <summary>The id of the member that it would make.</summary>
        public NodeId NewId { get; set; }

        /// <summary>Why it still waits.</summary>
        public ChangeRefusal Why { get; set; } = ChangeRefusal.NoLeader;

        public string Words { get; set; } = "no leader took it in time";

        public ChangeRequest ToRequest(uint timeoutMs) => new(Proposal, Change, Force, timeoutMs);
    }
}

/// <summary>What a change desk is made of.</summary>
internal sealed class ChangeDeskParts
{
    public required MemberIdentity Identity { get; init; }

    public required RaftCore Core { get; init; }

    public required PeerHub Peers { get; init; }

    public required ProposalTable Proposals { get; init; }

    public required IRandomSource Random { get; init; }

    public required MemberOptions Options { get; init; }

    public required MemberStanding Standing { get; init; }

    public required FactTeller Facts { get; init; }

    public int ElectionTicks => Options.ElectionTicks;

    public int TicksOf(uint ms) => Options.Ticks(TimeSpan.FromMilliseconds(ms));

    public uint MsOf(long ticks) =>
        (uint)Math.Clamp(ticks * Options.TickInterval.TotalMilliseconds, 1, uint.MaxValue);

    /// <summary>A member id that nobody has or had.</summary>
    public NodeId DrawId()
    {
        var roster = Roster.Of(Core.Config.Config);
        while (true)
        {
            var id = new NodeId(Random.Next());
            if (id != NodeId.None && roster.Find(id) is null && !roster.Removed.Contains(id))
            {
                return id;
            }
        }
    }
}
