namespace Quorate.Raft;

/// <summary>
/// One member of one Raft group: synchronous, deterministic, without clock, thread, I/O or randomness of its own.
/// Inputs change it, <see cref="TakeReady"/> says what is to be done; see README.md for the order.
/// </summary>
public sealed partial class RaftCore
{
    private readonly RaftOptions _options;
    private readonly NodeId _self;
    private readonly ElectionTimer _timer;
    private readonly RaftLog _log;
    private readonly WritesInFlight _writes;
    private readonly ForwardMemory _forwards = new();

    // Changes wait for their turn where proposals do not, so the two come in no common order.
    private readonly ForwardMemory _forwardedChanges = new();
    private readonly List<Message> _held = [];

    private RoleState _role;
    private HardState _hard;
    private LogIndex _commit;
    private LogIndex _applied;
    private LogIndex _handedToApply;
    private SnapshotMetadata? _snapshot;
    private PendingInstall? _install;
    private ulong _tick = 1;
    private ulong _leaderHeardAt;
    private ulong _contactAt;
    private ulong _termSince = 1;
    private bool _isTimeoutTold;
    private bool _isLeaderGone;
    private ulong _readNumber;

    // What happened since the last Ready, told as one fact each.
    private LogIndex _appendedFrom;
    private LogIndex _commitTold;

    private Ready _next = new();
    private Ready _taken = new();

    /// <summary>Starts as a follower from what recovery found.</summary>
    /// <exception cref="ArgumentException">The options, or what recovery found, cannot be.</exception>
    public RaftCore(RaftOptions options, RaftStart start, IRandomSource random)
    {
        ArgumentNullException.ThrowIfNull(options);
        ArgumentNullException.ThrowIfNull(start);
        ArgumentNullException.ThrowIfNull(random);
        if (options.Validate() is { Count: > 0 } faults)
        {
            throw new ArgumentException(string.Join("; ", faults), nameof(options));
        }

        _options = options;
        _self = options.Self;
        _timer = new ElectionTimer(options, random);
        _log = StartLog.Build(start, out var voidsLog);
        _snapshot = start.Snapshot;
        _install = voidsLog ? new PendingInstall(start.Snapshot!, HasTables: true) : null;
        _hard = start.HardState;
        _writes = new WritesInFlight(_hard, voidsLog ? LogIndex.Zero : _log.LastIndex);
        _commit = _applied = _handedToApply = _commitTold = start.Applied;
        _readNumber = random.Next() & ~(ulong)uint.MaxValue;
        _role = new RoleState.Follower(NodeId.None, options.PendingReadsMax);
        AdoptAtLeast(_log.Last.Term);
        _timer.Restart();
    }

    /// <summary>A picture of the state now.</summary>
    public RaftStatus Status() => new()
    {
        Self = _self,
        Role = _role.Role,
        HardState = _hard,
        Leader = LeaderId,
        First = _log.First,
        Last = _log.Last,
        Persisted = _writes.Stable,
        Commit = _commit,
        Applied = _applied,
        Config = _log.Config,
        ConfigIndex = _log.Configs[^1].Index,
        TransferTarget = (_role as RoleState.Leader)?.Transfer?.Target ?? NodeId.None,
        TicksSinceLeader = _role is RoleState.Leader ? 0 : _contactAt == 0 ? -1 : (int)(_tick - _contactAt),
        TicksInTerm = (long)(_tick - _termSince),
        TicksToElection = _role is RoleState.Leader || !IsVoter ? null : _timer.TicksLeft,
        VotesGranted = _role switch
        {
            RoleState.PreCandidate asking => asking.Votes.CountGranted(_log.Config),
            RoleState.Candidate asking => asking.Votes.CountGranted(_log.Config),
            _ => 0,
        },
        Followers = _role is RoleState.Leader leader ? FollowersOf(leader) : [],
    };

    /// <summary>The configuration in force at an index at or above the newest snapshot, and where it stood.</summary>
    public ConfigEntry ConfigAt(LogIndex index) => _log.ConfigAt(index);

    /// <summary>One tick of the clock has passed.</summary>
    public void Tick()
    {
        _tick++;
        switch (_role)
        {
            case RoleState.Leader leader:
                TickLeader(leader);
                break;

            // The timer of a candidate starts when its requests are released: a slow disk brings no second campaign.
            case RoleState.Candidate { IsReleased: false }:
                break;

            case RoleState.Follower follower:
                follower.Reads.GiveUpAfter(_options.HeartbeatTicks * ReadRetryBeats, _tick);
                TickElection();
                break;

            default:
                TickElection();
                break;
        }
    }

    /// <summary>Every write up to this one is durable.</summary>
    public void Persisted(WriteId upTo)
    {
        if (!_writes.TryAcknowledge(upTo))
        {
            return;
        }

        switch (_role)
        {
            case RoleState.Candidate { IsReleased: false } candidate when _writes.DurableHardState == _hard:
                Release(candidate);
                break;
            case RoleState.Leader leader:
                leader.HasNewAcknowledgements = true;
                break;
        }
    }

    /// <summary>Every entry up to this one is applied.</summary>
    public void Applied(LogIndex upTo)
    {
        Invariant.Holds(upTo <= _handedToApply, "only what was handed out is applied");
        _applied = LogIndex.Max(_applied, upTo);
    }

    internal NodeId Self => _self;

    internal RaftLog Log => _log;

    internal WritesInFlight Writes => _writes;

    internal RoleState Role => _role;

    internal HardState HardState => _hard;

    internal LogIndex CommitIndex => _commit;

    internal LogIndex AppliedIndex => _applied;

    internal LogIndex HandedToApply => _handedToApply;

    private NodeId LeaderId => _role switch
    {
        RoleState.Leader => _self,
        RoleState.Follower follower => follower.Following,
        _ => NodeId.None,
    };

    // Thesis 4.2.2: a voter that a configuration leaves out runs until it knows that to be committed. It may hold the
    // only copy of that entry, and then nobody else can win: those who lack it need its vote, and it must refuse.
    private bool IsVoter
    {
        get
        {
            var newest = _log.Configs[^1];
            return newest.Config.IsVoter(_self)
                || (newest.Index > _commit && _log.ConfigAt(newest.Index.Previous).Config.IsVoter(_self));
        }
    }

    private void Tell(RaftFact fact) => _next.FactList.Add(fact);

    private void SendNow(Message message) => _next.MessageList.Add(message);

    /// <summary>Leaves when everything it was judged on is durable; see docs/raft/durability.md.</summary>
    private void SendHeld(Message message) => _held.Add(message);

    private FollowerStatus[] FollowersOf(RoleState.Leader leader)
    {
        var followers = new List<FollowerStatus>(leader.Peers.Peers.Length);
        foreach (var peer in leader.Peers.Peers)
        {
            if (peer.RemovedAt == 0)
            {
                followers.Add(new FollowerStatus(
                    peer.Id, peer.Match, peer.Next, peer.State, peer.IsLearner,
                    peer.WasHeard ? (int)(_tick - peer.HeardAt) : -1, _log.BytesBetween(peer.Match, _log.LastIndex)));
            }
        }

        return [.. followers];
    }

    /// <summary>
    /// A snapshot whose marker is to be written. <paramref name="HasTables"/>: apply started from it.
    /// </summary>
    private sealed record PendingInstall(SnapshotMetadata Snapshot, bool HasTables);
}
