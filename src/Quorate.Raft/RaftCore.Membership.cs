namespace Quorate.Raft;

/// <summary>
/// Changes of the configuration by joint consensus (thesis 4.3); see docs/raft/joint.md. A configuration holds from
/// the moment its entry is in the log; one change is under way at a time.
/// </summary>
public sealed partial class RaftCore
{
    // How long a leader goes on sending to a member that was removed, so that it learns of it.
    private const int FarewellTimeouts = 10;

    /// <summary>
    /// Proposes the configuration that a change is to end in. When the voters differ, the core enters a joint
    /// configuration first and leaves it by itself, also under a later leader.
    /// </summary>
    /// <param name="proposal">Who asks; the entry carries it.</param>
    /// <param name="target">Not joint. Its new voters are learners now, and have caught up.</param>
    /// <param name="force">Takes the change although too few of its voters are connected.</param>
    public ConfigOutcome ProposeConfig(ProposalId proposal, ClusterConfig target, bool force = false)
    {
        ArgumentNullException.ThrowIfNull(target);
        if (_role is not RoleState.Leader leader)
        {
            return Refuse(ConfigRefusal.NotLeader);
        }

        var refused = WhyNoChangeNow(leader)
            ?? ConfigChanger.Judge(_log.Config, target)
            ?? JudgeMembers(leader, target, force);
        return refused is { } why
            ? Refuse(why)
            : new ConfigOutcome(null, AppendConfig(leader, proposal, ConfigChanger.Enter(_log.Config, target)));

        static ConfigOutcome Refuse(ConfigRefusal why) => new(why, EntryId.Zero);
    }

    /// <summary>
    /// Whether a change that another member forwarded is new here. Like a forwarded proposal it is judged once, when
    /// it arrives; what is false is dropped in silence. A member sends its changes in the order of their sequences.
    /// </summary>
    public bool TryJudgeForward(ProposalId proposal) =>
        _forwardedChanges.CountJudgedAndNote([new ProposalHeader(proposal, EntryKind.ConfigChange, 0)]) == 0;

    private ConfigRefusal? WhyNoChangeNow(RoleState.Leader leader)
    {
        RecomputeCommit(leader);

        // The flaw of single-server changes, and its cure: before an entry of our own term is committed, another
        // leader's change may be committed without our knowing.
        if (_commit < leader.Noop)
        {
            return ConfigRefusal.NotReady;
        }

        if (_log.Config.IsJoint || _log.Configs[^1].Index > _commit)
        {
            return ConfigRefusal.ChangeUnderWay;
        }

        return WhyNotNow(leader) switch
        {
            null => null,
            RefusalReason.Transferring => ConfigRefusal.Transferring,
            _ => ConfigRefusal.Overloaded,
        };
    }

    private ConfigRefusal? JudgeMembers(RoleState.Leader leader, ClusterConfig target, bool force)
    {
        var connected = 0;
        foreach (var voter in target.Voters)
        {
            var peer = leader.Peers.Find(voter);
            if (!_log.Config.IsVoter(voter) && !IsCaughtUp(peer!))
            {
                return ConfigRefusal.NotCaughtUp;
            }

            connected += voter == _self || IsConnected(peer!) ? 1 : 0;
        }

        return force || connected >= MajorityQuorum.Size(target.Voters.Length) ? null : ConfigRefusal.WouldLoseQuorum;
    }

    private bool IsConnected(Progress peer) =>
        peer.WasHeard && _tick - peer.HeardAt < (ulong)_options.ElectionTicks;

    // Thesis 4.2.1: its last round of catching up took less than an election timeout, and ended not longer ago.
    private bool IsCaughtUp(Progress peer) =>
        peer.State == ProgressState.Replicate && IsConnected(peer)
        && peer.CaughtUpAt != 0 && _tick - peer.CaughtUpAt < (ulong)_options.ElectionTicks;

    private EntryId AppendConfig(RoleState.Leader leader, ProposalId proposal, ClusterConfig config)
    {
        var id = new EntryId(_hard.Term, _log.LastIndex.Next);
        AppendToLog(new EntryHeader(
            id, EntryKind.ConfigChange, proposal, _options.NoopBytes + config.EncodedLength));
        PutInForce(new ConfigEntry(id.Index, config));
        leader.Peers.Reconfigure(config, id.Index, _commit, _tick);
        if (leader.Transfer is { } transfer && !config.IsVoter(transfer.Target))
        {
            EndTransfer(leader, "it is no voter any more");
        }

        // Another quorum may have agreed already.
        leader.HasNewAcknowledgements = true;
        leader.HasNewEchoes = true;
        return id;
    }

    /// <summary>Takes the next step of a change whose last one is committed.</summary>
    private void AdvanceConfig(RoleState.Leader leader)
    {
        if (_log.Configs[^1].Index > _commit || _commit < leader.Noop)
        {
            return;
        }

        if (_log.Config.IsJoint)
        {
            AppendConfig(leader, ProposalId.None, ConfigChanger.Leave(_log.Config));
            RecomputeCommit(leader);
        }

        leader.IsRemoved = !_log.Config.Contains(_self) && _log.Configs[^1].Index <= _commit;
    }

    // Thesis 4.2.2: a leader that the configuration does not name leads until that is committed.
    private void LeaveAsRemoved(RoleState.Leader leader)
    {
        if (leader.Peers.MostAdvancedVoter() is { } heir)
        {
            Tell(new RaftFact.TransferStarted(heir.Id, heir.Match, _log.LastIndex));
            SendNow(new Message.TimeoutNow(_self, heir.Id, _hard.Term));
        }

        BecomeFollower(_hard.Term, NodeId.None, "the configuration does not name it any more");
    }

    private void ForgetRemovedPeers(RoleState.Leader leader) =>
        leader.Peers.ForgetRemoved(_tick, (ulong)(_options.ElectionTicks * FarewellTimeouts));
}
