namespace Quorate.Raft;

/// <summary>
/// The laws of one core, on a state and between two states. Cheap ones are also asserted where they could break;
/// tests and the simulator check all of them after every step.
/// </summary>
internal static class RaftInvariants
{
    /// <summary>What is compared between two states of one core.</summary>
    public readonly record struct Mark(
        HardState HardState, LogIndex Commit, LogIndex Applied, RaftRole Role, EntryId Last, WriteId Acknowledged);

    /// <summary>A mark of the state now.</summary>
    public static Mark MarkOf(RaftCore core) => new(
        core.HardState, core.CommitIndex, core.AppliedIndex, core.Role.Role, core.Log.Last, core.Writes.Acknowledged);

    /// <summary>The laws of a state.</summary>
    public static void Check(RaftCore core)
    {
        var log = core.Log;
        var writes = core.Writes;
        Invariant.Holds(core.AppliedIndex <= core.HandedToApply, "only what was handed out is applied");
        Invariant.Holds(core.HandedToApply <= core.CommitIndex, "only what is committed is handed to apply");
        Invariant.Holds(core.CommitIndex <= log.LastIndex, "only what is in the log commits");
        Invariant.Holds(log.Before.Index <= core.CommitIndex, "only what is committed leaves the log's head");
        Invariant.Holds(log.Last.Term <= core.HardState.Term, "no entry is newer than our term");
        Invariant.Holds(writes.Stable <= log.LastIndex, "only what is in the log counts as durable");
        Invariant.Holds(writes.Handed <= log.LastIndex, "only what is in the log counts as handed out");
        Invariant.Holds(writes.DurableHardState.Term <= core.HardState.Term, "the disk is never ahead in term");
        Invariant.Holds(
            log.Configs[^1].Index <= log.LastIndex, "a configuration in force stands in the log or in a snapshot");
        switch (core.Role)
        {
            case RoleState.Leader leader:
                CheckLeader(core, leader);
                break;
            case RoleState.Follower follower:
                Invariant.Holds(follower.Matched <= log.LastIndex, "what is matched is in the log");
                break;
            default:
                Invariant.Holds(
                    core.Role is RoleState.PreCandidate || core.HardState.Vote == core.Self,
                    "a candidate votes for itself");
                break;
        }
    }

    /// <summary>The laws between two states of one process.</summary>
    public static void CheckStep(Mark before, Mark after)
    {
        Invariant.Holds(after.HardState.Term >= before.HardState.Term, "the term never goes back");
        Invariant.Holds(
            after.HardState.Term > before.HardState.Term || before.HardState.Vote == NodeId.None
            || before.HardState.Vote == after.HardState.Vote, "a vote is never changed in its term");
        Invariant.Holds(after.Commit >= before.Commit, "the commit index never goes back");
        Invariant.Holds(after.Applied >= before.Applied, "the applied index never goes back");
        Invariant.Holds(after.Acknowledged >= before.Acknowledged, "acknowledgements never go back");
        Invariant.Holds(
            before.Role != RaftRole.Leader || after.Role != RaftRole.Leader
            || before.HardState.Term != after.HardState.Term || after.Last >= before.Last,
            "a leader never truncates its log");
    }

    // Once an entry of its term is committed, a leader knows of every change there was.
    private static void CheckChange(RaftCore core, RoleState.Leader leader)
    {
        if (core.CommitIndex < leader.Noop)
        {
            return;
        }

        var open = 0;
        foreach (var config in core.Log.Configs)
        {
            open += config.Index > core.CommitIndex ? 1 : 0;
        }

        Invariant.Holds(open <= 1, "one change of the configuration is under way at a time");
    }

    private static void CheckLeader(RaftCore core, RoleState.Leader leader)
    {
        CheckChange(core, leader);
        Invariant.Holds(core.HardState.Vote == core.Self, "a leader voted for itself");
        Invariant.Holds(core.Writes.DurableHardState == core.HardState, "a leader's term is durable");
        foreach (var peer in leader.Peers.Peers)
        {
            Invariant.Holds(peer.Match < peer.Next, "an acknowledged entry is never the next to send");
            Invariant.Holds(peer.Next <= core.Log.LastIndex.Next, "only what is in the log is sent");
            Invariant.Holds(
                peer.State == ProgressState.Replicate || peer.Inflights.Count == 0, "only replicating sends ahead");
            Invariant.Holds(peer.EchoedRound <= leader.Reads.Round, "no round is echoed before it starts");
        }
    }
}
