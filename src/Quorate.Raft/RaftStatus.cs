namespace Quorate.Raft;

/// <summary>What a member is at the moment.</summary>
public enum RaftRole : byte
{
    /// <summary>Follows a leader, or waits for one.</summary>
    Follower,

    /// <summary>Asks whether it would be elected.</summary>
    PreCandidate,

    /// <summary>Asks for votes.</summary>
    Candidate,

    /// <summary>Leads.</summary>
    Leader,
}

/// <summary>How the leader treats a follower.</summary>
public enum ProgressState : byte
{
    /// <summary>Looks for the place where the logs meet: one append at a time.</summary>
    Probe,

    /// <summary>Sends ahead of the acknowledgements.</summary>
    Replicate,

    /// <summary>Waits until a snapshot has arrived.</summary>
    Snapshot,
}

/// <summary>One follower as its leader sees it.</summary>
/// <param name="Id">The follower.</param>
/// <param name="Match">Known durable and equal up to here.</param>
/// <param name="Next">The next index to send.</param>
/// <param name="State">How it is treated.</param>
/// <param name="IsLearner">Whether it counts in no quorum.</param>
/// <param name="TicksSinceContact">Ticks since anything of this term came from it; -1 for never.</param>
/// <param name="LagBytes">Bytes of our log that it is not known to hold.</param>
public readonly record struct FollowerStatus(
    NodeId Id, LogIndex Match, LogIndex Next, ProgressState State, bool IsLearner, int TicksSinceContact, long LagBytes)
{
    /// <summary>As in <c>n2 40→43 replicate</c>.</summary>
    public override string ToString() => $"{Id} {Match}→{Next} {State.ToString().ToLowerInvariant()}";
}

/// <summary>An immutable picture of a core, for status, dashboard and tests.</summary>
public sealed record RaftStatus
{
    /// <summary>This member.</summary>
    public required NodeId Self { get; init; }

    /// <summary>Its role.</summary>
    public required RaftRole Role { get; init; }

    /// <summary>Term and vote.</summary>
    public required HardState HardState { get; init; }

    /// <summary>The leader it knows in this term, or none.</summary>
    public required NodeId Leader { get; init; }

    /// <summary>First index in the log.</summary>
    public required LogIndex First { get; init; }

    /// <summary>Last entry of the log.</summary>
    public required EntryId Last { get; init; }

    /// <summary>Highest index durable on this disk.</summary>
    public required LogIndex Persisted { get; init; }

    /// <summary>Highest index known safe on a quorum.</summary>
    public required LogIndex Commit { get; init; }

    /// <summary>Highest index applied.</summary>
    public required LogIndex Applied { get; init; }

    /// <summary>The configuration in force.</summary>
    public required ClusterConfig Config { get; init; }

    /// <summary>Where the configuration in force stands in the log.</summary>
    public required LogIndex ConfigIndex { get; init; }

    /// <summary>On a leader: to whom leadership is being handed, or none.</summary>
    public NodeId TransferTarget { get; init; }

    /// <summary>Whether a change of the configuration is not finished.</summary>
    public bool IsChanging => Config.IsJoint || ConfigIndex > Commit;

    /// <summary>
    /// Ticks since a leader of any term was heard, or since this member, leading, was heard by a quorum: how old what
    /// it has applied may be. 0 on the leader itself; -1 for never in this process.
    /// </summary>
    public required int TicksSinceLeader { get; init; }

    /// <summary>Ticks since this member entered its term; counted from the start of the process at most.</summary>
    public long TicksInTerm { get; init; }

    /// <summary>Ticks until an election begins here if nothing is heard; null where no timer runs.</summary>
    public int? TicksToElection { get; init; }

    /// <summary>On a (pre-)candidate: how many voters have said yes; else 0.</summary>
    public int VotesGranted { get; init; }

    /// <summary>On a leader: its followers, sorted by id.</summary>
    public IReadOnlyList<FollowerStatus> Followers { get; init; } = [];

    /// <summary>
    /// As in <c>n1 leader t3 log=1..42@3 commit=40 applied=40 {n2 40→43 replicate, n3 0→43 probe}</c>.
    /// </summary>
    public override string ToString()
    {
        var text = $"{Self} {NameOf(Role)} t{HardState.Term} log={First}..{Last} commit={Commit} applied={Applied}";
        return Followers.Count > 0 ? $"{text} {{{string.Join(", ", Followers)}}}" : text;
    }

    internal static string NameOf(RaftRole role) => role switch
    {
        RaftRole.PreCandidate => "pre-candidate",
        RaftRole.Candidate => "candidate",
        RaftRole.Leader => "leader",
        _ => "follower",
    };
}
