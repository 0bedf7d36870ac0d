using Microsoft.Extensions.Logging;
using Quorate.Raft;

namespace Quorate.Node;

/// <summary>
/// What a cluster does by itself about its members: a leader promotes learners that have caught up, takes in announced
/// members when they answer and notes data directories; every member has its own address kept right. Owned by the node
/// loop; each beat it begins at most one change.
/// </summary>
internal sealed class MemberKeeper(MemberKeeperParts parts)
{
    // A moved member whose new address cannot be verified asks again after this many election timeouts.
    private const int MoveRetryTimeouts = 5;
    private readonly List<(ulong Token, NodeId Member, string Url)> _contacts = [];
    private readonly List<(NodeId Member, string Words)> _refusedContacts = [];
    private long _nextBeat;
    private long _nextContact;
    private int _contactRound;
    private long _nextMove;

    private RaftCore Core => parts.Core;

    /// <summary>Does what is due.</summary>
    public void Tick(long tick, Roster roster, Completions completions)
    {
        if (tick < _nextBeat)
        {
            return;
        }

        _nextBeat = tick + parts.Options.HeartbeatTicks;
        AskForOwnAddress(tick, roster, completions);
        if (Core.Leader != parts.Identity.Self || Core.IsChanging || Core.TransferTarget != NodeId.None)
        {
            return;
        }

        if (!TryPromote(roster) && !TryNoteDirectories())
        {
            Contact(tick, roster);
        }
    }

    /// <summary>A probe of ours has ended.</summary>
    public void Probed(ulong token, in ProbeResult result)
    {
        var at = _contacts.FindIndex(contact => contact.Token == token);
        if (at < 0)
        {
            return;
        }

        var (_, id, url) = _contacts[at];
        _contacts.RemoveAt(at);
        if (result.Found is not { } found || Core.Leader != parts.Identity.Self)
        {
            return;
        }

        var config = Core.Config.Config;
        if (Roster.Of(config).Find(id) is not { IsAnnounced: true } announced || !announced.PeerUrls.Contains(url))
        {
            // It is there already, or was to be found elsewhere when the answer came.
            return;
        }

        var plan = new MemberChanger(parts.Identity.ClusterId, config).PlanContact(announced, found);
        if (plan.Target is { } target)
        {
            Core.ProposeConfig(ProposalId.None, target);
        }
        else if (!_refusedContacts.Contains((id, plan.Words)))
        {
            _refusedContacts.Add((id, plan.Words));
            parts.Logger.CannotTakeIn(string.Join(',', announced.PeerUrls), plan.Words);
        }
    }

    private bool TryPromote(Roster roster)
    {
        foreach (var member in roster.Members)
        {
            if (member is { IsAnnounced: false, StaysLearner: false } && Core.Config.Config.IsLearner(member.Id)
                && new MemberChanger(parts.Identity.ClusterId, Core.Config.Config)
                    .Plan(new MemberChange.Promote(member.Id), found: null, NodeId.None).Target is { } target
                && Core.ProposeConfig(ProposalId.None, target).Refused is null)
            {
                return true;
            }
        }

        return false;
    }

    private bool TryNoteDirectories() =>
        new MemberChanger(parts.Identity.ClusterId, Core.Config.Config).PlanDirectories(DirectoryOf) is { } target
        && Core.ProposeConfig(ProposalId.None, target).Refused is null;

    private UInt128? DirectoryOf(NodeId id) =>
        id == parts.Identity.Self ? parts.Identity.DirectoryId : parts.Notes.Find(id);

    private void Contact(long tick, Roster roster)
    {
        if (tick < _nextContact)
        {
            return;
        }

        _nextContact = tick + parts.Options.ElectionTicks;
        _contactRound++;
        foreach (var member in roster.Members)
        {
            if (member.IsAnnounced && !_contacts.Exists(contact => contact.Member == member.Id))
            {
                var token = parts.Desk.NextToken();
                var url = member.PeerUrls[_contactRound % member.PeerUrls.Count];
                _contacts.Add((token, member.Id, url));
                parts.Peers.Probe(url, token);
            }
        }
    }

    // Who came back with other addresses than the configuration names asks for the change itself: the others cannot
    // dial it, but it can dial them.
    private void AskForOwnAddress(long tick, Roster roster, Completions completions)
    {
        var urls = parts.Options.AdvertisePeerUrls;
        if (!parts.CameBack || tick < _nextMove || urls.Count == 0 || parts.Options.AdvertisedIsAssumed
            || Core.Leader == NodeId.None || roster.Find(parts.Identity.Self) is not { } self
            || self.PeerUrls.Order(StringComparer.Ordinal).SequenceEqual(urls.Order(StringComparer.Ordinal)))
        {
            return;
        }

        var wait = MoveRetryTimeouts * parts.Options.ElectionTicks;
        _nextMove = tick + wait;
        var move = new MemberChange.Update(self.Id, urls);
        parts.Desk.Ask(move, force: false, _nextMove, new MoveWaiter(parts.Logger), completions);
    }

    private sealed class MoveWaiter(ILogger logger) : IChangeWaiter
    {
        public void Completed(in ChangeOutcome outcome)
        {
            if (outcome.Kind == OutcomeKind.NotDone)
            {
                logger.CannotMove(outcome.Words);
            }
        }
    }
}

/// <summary>What a keeper is made of.</summary>
internal sealed class MemberKeeperParts
{
    public required MemberIdentity Identity { get; init; }

    public required RaftCore Core { get; init; }

    public required PeerHub Peers { get; init; }

    public required PeerNotes Notes { get; init; }

    public required ChangeDesk Desk { get; init; }

    public required MemberOptions Options { get; init; }

    public required ILogger Logger { get; init; }

    /// <summary>The process has started as a member, not been taken in.</summary>
    public required bool CameBack { get; init; }
}
