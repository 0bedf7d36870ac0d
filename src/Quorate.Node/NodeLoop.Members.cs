using Quorate.Mvcc;
using Quorate.Raft;

namespace Quorate.Node;

/// <summary>
/// Who belongs to the cluster: follows the configuration, moves changes, and lets this node be taken into another
/// cluster while it holds nothing.
/// </summary>
internal sealed partial class NodeLoop
{
    // What cannot be left by then is not left; who invites dials again.
    private const int DepartureTimeouts = 3;
    private const string LeavingWords = "this node is becoming a member of another cluster";
    private readonly List<Action<TransferRefusal?>> _transfers = [];
    private ConfigEntry? _followed;
    private ConfigEntry? _followedCommitted;
    private Departure? _departure;
    private bool _isLeft;
    private bool _isToldRemoved;
    private bool _isRemoved;
    private bool _isSilent;
    private bool _hasApplied;

    /// <summary>Called once, when this node is to go on as a member of another cluster: its host restarts it.</summary>
    public Action<Invitation>? TakenOver { get; set; }

    /// <summary>
    /// Whether a cluster of one holds nothing but its own start-up entries, applied and on their way.
    /// </summary>
    private bool IsEmpty => _core.Config.Index <= LogIndex.Zero.Next && !_desk.IsInviting && !_standing.HoldsData;

    private void OnInvited(Invitation invitation) => Leave(
        whenEmpty: () =>
        {
            _facts.Joins(invitation);
            TakenOver?.Invoke(invitation);
        },
        whenNot: static () => { });

    // From here on nothing enters the log; what is on its way is waited for, and then looked at.
    private void Leave(Action whenEmpty, Action whenNot)
    {
        if (_departure is not null || ComputeState() is not (NodeState.Unconfigured or NodeState.Alone))
        {
            whenNot();
            return;
        }

        _departure = new Departure(whenEmpty, whenNot, _tick + (DepartureTimeouts * _options.ElectionTicks));
        _desk.RefuseAll(ChangeRefusal.Busy, LeavingWords, _completions);
    }

    private void StepDeparture()
    {
        if (_departure is not { } departure || _isLeft)
        {
            return;
        }

        if (_core.IsIdle && IsEmpty)
        {
            _isLeft = true;
            departure.WhenEmpty();
        }
        else if (_core.IsIdle || _tick >= departure.Ends)
        {
            // A write came before.
            _departure = null;
            departure.WhenNot();
        }
    }

    private void TellTransfers()
    {
        if (_transfers.Count == 0)
        {
            return;
        }

        var isLeader = _core.Leader == _identity.Self;
        if (isLeader && _core.TransferTarget != NodeId.None)
        {
            return;
        }

        foreach (var told in _transfers)
        {
            told(isLeader ? TransferRefusal.UnderWay : null);
        }

        _transfers.Clear();
    }

    private void OnTransferAsked(NodeInput.TransferAsked asked)
    {
        if (_core.TransferLeadership(asked.Target) is { } refused)
        {
            asked.Told(refused);
        }
        else
        {
            _transfers.Add(asked.Told);
        }
    }

    private void Ask(NodeInput.ChangeAsked asked)
    {
        if (_departure is null)
        {
            _desk.Ask(asked.Change, asked.Force, asked.DeadlineTick, asked.Waiter, _completions);
        }
        else
        {
            asked.Waiter.Completed(ChangeOutcome.NotDone(ChangeRefusal.Busy, LeavingWords));
        }
    }

    private void OnProbed(NodeInput.Probed probed)
    {
        if (!_desk.Probed(probed.Token, probed.Result, _tick, _completions))
        {
            _keeper.Probed(probed.Token, probed.Result);
        }
    }

    // Peers are dialed by the configuration in force; who may be told to join, and who was removed, is said by a
    // committed one only.
    private void FollowConfig()
    {
        var config = _core.Config;
        var committed = _core.CommittedConfig is { } newest && newest.Index <= _core.Commit ? newest : null;
        if (ReferenceEquals(config, _followed) && ReferenceEquals(committed, _followedCommitted))
        {
            return;
        }

        (_followed, _followedCommitted) = (config, committed);
        var roster = Roster.Of(config.Config);
        _standing.Roster = roster;
        _facts.Members = roster.Members;
        if (!_isSilent)
        {
            _peers.SetPeers([.. roster.Members.Where(member => !member.IsAnnounced)]);
        }

        var standing = committed is null ? Roster.Empty : Roster.Of(committed.Config);
        _isRemoved = standing.Removed.Contains(_identity.Self);
        var invited = standing.Members.Where(member => !member.IsAnnounced).Select(member => member.Id);
        _peers.SetStanding([.. invited], standing.Removed);
        PublishStatus();
    }

    // A leader that was removed hands over first. Ids are never used again, so this is for good.
    private void FallSilentWhenRemoved()
    {
        if (!_isSilent && _isRemoved && _core.Leader != _identity.Self)
        {
            _isSilent = true;
            _peers.SetPeers([]);
            TellRemoved();
        }
    }

    private NodeState ComputeState()
    {
        if (_identity.ClusterId == UInt128.Zero)
        {
            return NodeState.Unconfigured;
        }

        if (_isRemoved || (_isToldRemoved && _core.Leader == NodeId.None))
        {
            return NodeState.Removed;
        }

        // A log that holds more than its first configuration may hold data, until it has been applied once.
        _hasApplied |= _core.IsIdle || _core.LastIndex <= LogIndex.Zero.Next;
        return _standing.Roster.Members is not [var only] || only.Id != _identity.Self ? NodeState.Member
            : !_hasApplied ? NodeState.Starting
            : !IsEmpty ? NodeState.AloneWithData
            : _departure is null ? NodeState.Alone
            : NodeState.Starting;
    }

    // The core knows configurations, and one that does not name us may be older than our membership. Which ids were
    // removed is said by the newest one, whatever was compacted behind it.
    private RefusalReason Explain(RefusalReason reason) =>
        reason == RefusalReason.NoLeader && ComputeState() == NodeState.Removed ? RefusalReason.Removed : reason;

    private void TellRemoved()
    {
        if (!_isToldRemoved)
        {
            _isToldRemoved = true;
            _facts.WasRemoved();
        }
    }

    /// <summary>This node is to go on under another identity, if it holds nothing.</summary>
    private sealed record Departure(Action WhenEmpty, Action WhenNot, long Ends);
}
