using Microsoft.Extensions.Logging;
using Quorate.Mvcc;
using Quorate.Raft;
using Quorate.Storage;

namespace Quorate.Node;

/// <summary>
/// One member of a cluster: core, log, state machine and loops put together. Nothing here has a thread: a
/// <see cref="MemberRunner"/>, or the simulator, calls the pumps.
/// </summary>
/// <remarks>
/// Requests are told their outcome exactly once, from a pump or from the call itself when it is refused. Before the
/// first leader everything answers: proposals and reads are refused, views and status show what is there.
/// </remarks>
public sealed partial class Member : IDisposable
{
    private readonly MemberOptions _options;
    private readonly MemberIdentity _identity;
    private readonly DataDirectory _directory;
    private readonly Wal _wal;
    private readonly Inbox _inbox;
    private readonly NodeLoop _loop;
    private readonly ApplyLoop _apply;
    private readonly BackgroundLoop _background;
    private readonly LogWriter _logWriter;
    private readonly ILogDisk _disk;
    private readonly PeerHub _peers;
    private readonly Meeting _meeting;
    private readonly ILogger _logger;
    private readonly MemberStanding _standing;
    private readonly RecoveryNote? _recovered;

    private Member(MemberOptions options, MemberSeams seams, NodeStarter.Recovered start)
    {
        _options = options;
        _directory = start.Directory;
        _recovered = start.Directory.Recovery;
        _wal = start.Wal;
        _logger = seams.Loggers.CreateLogger("Quorate.Node");
        var stored = start.Directory.Identity;
        _identity = new MemberIdentity(
            stored.Member, stored.Cluster, stored.Directory, stored.Name, seams.Random.Next() | 1);

        var core = new RaftCore(options.ToRaftOptions(_identity.Self), start.ToRaftStart(), seams.Random);
        var roster = Roster.Of(core.Config.Config);
        var metrics = new NodeMetrics(seams.Meters);
        var facts = new FactTeller(_logger, metrics, roster.Members);
        var notes = new PeerNotes(start.Directory.Peers);
        _standing = new MemberStanding(
            roster,
            _identity.ClusterId == UInt128.Zero ? NodeState.Unconfigured
                : roster.Members.Count == 1 ? NodeState.Starting
                : NodeState.Member,
            notes,
            () => _apply!.Machine);
        _inbox = new Inbox(new InboxBounds(options.RequestsMax, options.RequestBytesMax, options.PeerBytesMax));
        var port = new PeerPort(_inbox, notes);
        var snapshots = new SnapshotKeeper(start.Snapshots, seams.State, options, port, _inbox, facts);
        var log = new LogRanges(_wal.Store);
        _background = new BackgroundLoop(_wal, log, snapshots, _directory, _inbox, facts);
        _logWriter = new LogWriter(_wal, port, _inbox, metrics, options.Ticks(TimeSpan.FromSeconds(1)));
        _disk = seams.LogDisk(_logWriter);
        _logWriter.Attach(_disk);
        _peers = new PeerHub(
            HubOptions(), seams.Transport, port, seams.Random, _logger, new PeerMetrics(seams.Meters));
        port.Attach(_peers, snapshots, _background);
        var proposals = new ProposalTable(_identity.Self, _identity.BootNonce);
        var reads = new PendingReads();
        _apply = new ApplyLoop(
            ApplyParts(proposals, reads, snapshots, log, metrics, seams), start.Machine, start.Snapshot);
        _meeting = NewMeeting(start, core, notes);
        var desk = new ChangeDesk(new ChangeDeskParts
        {
            Identity = _identity,
            Core = core,
            Peers = _peers,
            Proposals = proposals,
            Random = seams.Random,
            Options = options,
            Standing = _standing,
            Facts = facts,
        });
        var keeper = new MemberKeeper(new MemberKeeperParts
        {
            Identity = _identity,
            Core = core,
            Peers = _peers,
            Notes = notes,
            Desk = desk,
            Options = options,
            Logger = _logger,
            CameBack = core.Last.Index > LogIndex.Zero && !start.IsFirstStart,
        });
        _loop = new NodeLoop(new NodeLoopParts
        {
            Options = options,
            Identity = _identity,
            Metrics = metrics,
            Core = core,
            Arena = new LogArena(new LogArenaOptions { CacheBytes = options.EntryCacheBytes }),
            LogWriter = _logWriter,
            Apply = _apply,
            Snapshots = snapshots,
            Background = _background,
            Facts = facts,
            Peers = _peers,
            Proposals = proposals,
            Reads = reads,
            Dispatcher = seams.Completions,
            Meeting = _meeting,
            Publisher = new AttributePublisher(
                new MemberAttributes(_identity.Self.Value, _identity.Name, options.AdvertiseClientUrls),
                options.ElectionTicks),
            Inbox = _inbox,
            Desk = desk,
            Keeper = keeper,
            Standing = _standing,
        });
        snapshots.Signal = () => _background.Signal?.Invoke();
        _loop.StatusPublished = TellStatusWaiters;
        facts.Tell(_directory.TakeFacts());
        facts.Tell(_wal.Recovered.Facts);
        facts.Tell(start.Snapshots.TakeFacts());
    }

    /// <summary>This member's id.</summary>
    public NodeId Self => _identity.Self;

    /// <summary>Ticks since this process started.</summary>
    public long Now => _loop.Now;

    /// <summary>Whether <see cref="PumpNode"/> would find anything to do.</summary>
    public bool NodeHasWork => _loop.HasWork;

    /// <summary>Whether <see cref="PumpApply"/> would find anything to do.</summary>
    public bool ApplyHasWork => _apply.HasWork;

    /// <summary>Whether <see cref="PumpBackground"/> would find anything to do.</summary>
    public bool BackgroundHasWork => _background.HasWork;

    /// <summary>The core, for the simulator's checkers.</summary>
    internal RaftCore Core => _loop.Core;

    /// <summary>The node loop, for the simulator's checkers.</summary>
    internal NodeLoop Loop => _loop;

    /// <summary>What this node is to a cluster, for the simulator's checkers.</summary>
    internal NodeState NodeState => _standing.State;

    /// <summary>The state machine in use, for the simulator's checkers.</summary>
    internal StateMachine Machine => _apply.Machine;

    /// <summary>Recovers the data directory and puts a member together; it talks to nobody before a pump.</summary>
    /// <exception cref="MemberStartException">The settings do not fit the directory.</exception>
    /// <exception cref="StorageException">The directory cannot be used; the message says why.</exception>
    public static Member Start(MemberOptions options, MemberSeams seams)
    {
        ArgumentNullException.ThrowIfNull(options);
        ArgumentNullException.ThrowIfNull(seams);
        var member = new Member(options, seams, NodeStarter.Open(options, seams));
        member.Begin();
        return member;
    }

    /// <summary>Turns of the node loop; at most <paramref name="max"/>. Returns how many did something.</summary>
    public int PumpNode(int max) => _loop.Pump(max);

    /// <summary>Units of apply; at most <paramref name="max"/>. Returns how many did something.</summary>
    public int PumpApply(int max) => _apply.Pump(max);

    /// <summary>Steps of background work; at most <paramref name="max"/>. Returns how many did something.</summary>
    public int PumpBackground(int max) => _background.Pump(max);

    /// <summary>A tick has passed.</summary>
    public void Tick() => _inbox.PostTick();

    /// <summary>
    /// Proposes an encoded command that was validated. Its bytes stay as they are until the waiter is told.
    /// </summary>
    public void Propose(ReadOnlyMemory<byte> encodedCommand, int deadlineTicks, IProposalWaiter waiter)
    {
        ArgumentNullException.ThrowIfNull(waiter);
        if (!_inbox.TryPost(new ProposalRequest(encodedCommand, Now + deadlineTicks, waiter)))
        {
            waiter.Completed(ProposeOutcome.NotDone(WhyNotTaken));
        }
    }

    /// <summary>
    /// Asks for a confirmed index: when it is told, <see cref="OpenView"/> shows at least everything that was
    /// acknowledged before this call.
    /// </summary>
    public void ReadIndex(int deadlineTicks, IReadWaiter waiter)
    {
        ArgumentNullException.ThrowIfNull(waiter);
        if (!_inbox.TryPost(new ReadRequest(Now + deadlineTicks, waiter)))
        {
            waiter.Completed(new ReadOutcome(false, WhyNotTaken, LogIndex.Zero));
        }
    }

    /// <summary>A view of the local state as it is now: consistent, maybe stale. Any thread; dispose it.</summary>
    public ReadView OpenView()
    {
        while (true)
        {
            var machine = _apply.Machine;
            try
            {
                return machine.OpenView();
            }
            catch (ObjectDisposedException) when (!ReferenceEquals(machine, _apply.Machine))
            {
                // A snapshot has just taken its place.
            }
        }
    }

    /// <summary>The core as of the last tick or change of role. Any thread; costs nothing.</summary>
    public RaftStatus Raft => _loop.RaftStatus;

    /// <summary>A picture of the member as of the last tick. Any thread.</summary>
    public MemberStatus Status()
    {
        var raft = _loop.RaftStatus;
        using var view = OpenView();
        var sinceLeader = raft.TicksSinceLeader;
        return new MemberStatus
        {
            Raft = raft,
            Name = _identity.Name,
            ClusterId = _identity.ClusterId,
            DirectoryId = _identity.DirectoryId,
            NodeState = _standing.State,
            Members = _standing.Roster.Members,
            Published = _apply.Members,
            Revision = view.Revision,
            State = (view.Hash, view.Applied),
            Syncs = _logWriter.Syncs,
            UnappliedBytes = _apply.QueuedBytes,
            MsSinceLeader = sinceLeader < 0 ? null : (long)(sinceLeader * _options.TickInterval.TotalMilliseconds),
            WaitingFor = _meeting.WaitingFor,
            NoSpace = _logWriter.NoSpace,
            InMemory = _options.InMemory,
            Recovered = _recovered,
        };
    }

    /// <summary>Takes no more requests, says goodbye to peers and tells every waiter. Not pumped any more.</summary>
    public void Stop()
    {
        _inbox.Close();
        _peers.Close();
        _loop.Stop();
    }

    /// <summary>
    /// Ends the log's disk after the write under way, closes files and lets go of memory. Call when nothing pumps
    /// any more.
    /// </summary>
    public void Dispose()
    {
        (_disk as IDisposable)?.Dispose();
        _apply.Dispose();
        _wal.Dispose();
        _directory.Dispose();
    }

    internal void OnSignals(Action node, Action apply, Action background)
    {
        _inbox.Signal = node;
        _apply.Signal = apply;
        _background.Signal = background;
    }

    private RefusalReason WhyNotTaken => _inbox.IsClosed ? RefusalReason.ShuttingDown : RefusalReason.Overloaded;

    internal void Fail(Exception cause) => _logger.Stops(cause.Message, cause);

    private void Begin()
    {
        var raft = _loop.RaftStatus;
        if (_identity.ClusterId == UInt128.Zero)
        {
            _logger.BelongsToNoCluster(_identity.Name, string.Join(", ", _options.AdvertisePeerUrls));
        }
        else
        {
            _logger.Started(
                _identity.Name, _identity.Self, _identity.ClusterId.ToString("x32"), raft.First, raft.Last,
                raft.HardState.Term, raft.Applied);
        }

        if (_options.InMemory)
        {
            _logger.KeepsNothing();
        }

        if (_recovered is { } recovery)
        {
            _logger.WasRecovered(recovery, recovery.From.Cluster.ToString("x32"), recovery.KnownCommitted);
        }

        if (!_meeting.IsOver)
        {
            _logger.WaitsForMembers(string.Join(", ", _meeting.WaitingFor));
        }

        _peers.SetPeers([.. _standing.Roster.Members.Where(member => !member.IsAnnounced)]);
        _peers.Listen();
    }

    private Meeting NewMeeting(NodeStarter.Recovered start, RaftCore core, PeerNotes notes)
    {
        var config = core.Status().Config;
        var voters = config.Voters.Length;
        var missing = start.IsFirstStart && config.IsVoter(Self)
            ? _standing.Roster.Members.Where(member => member.Id != Self && notes.Find(member.Id) is null)
            : [];
        return new Meeting(missing, _options.BootstrapQuorum ? (voters - 1) / 2 : 0);
    }

    private PeerHubOptions HubOptions() => new()
    {
        Self = _identity.Self,
        Name = _identity.Name,
        ClusterId = _identity.ClusterId,
        DirectoryId = _identity.DirectoryId,
        AdvertisedPeerUrls = _options.AdvertisePeerUrls,
        KnownDirectory = _standing.DirectoryOf,
        State = () => _standing.State,
        HeartbeatInterval = _options.HeartbeatInterval,
        ElectionTimeout = _options.ElectionTimeout,
        RedialTicksMax = _options.ElectionTicks,
        FarewellTicks = 10 * _options.ElectionTicks,
    };

    private ApplyLoopParts ApplyParts(
        ProposalTable proposals, PendingReads reads, SnapshotKeeper snapshots, LogRanges log, NodeMetrics metrics,
        MemberSeams seams) => new()
    {
        Proposals = proposals,
        Reads = reads,
        Snapshots = snapshots,
        Log = log,
        Inbox = _inbox,
        Metrics = metrics,
        Dispatcher = seams.Completions,
        SnapshotCount = _options.SnapshotCount,
        BehindBytes = _options.UnappliedBytesMax,
        CompactStepBytes = _options.CompactStepBytes,
    };
}
