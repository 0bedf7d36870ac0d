using Quorate.Mvcc;
using Quorate.Node;
using Quorate.Raft;
using Quorate.Server.Http;

namespace Quorate.Server.Tests.Http;

/// <summary>Answers in a member's place, as a test tells it; what it is asked to propose it keeps.</summary>
internal sealed class FakeMember : IMemberGateway, IDisposable
{
    public const ulong Self = 0xa1;
    public const ulong Other = 0xb2;

    private readonly StateMachine _machine = new(new StateMachineOptions());
    private ulong _index;

    public List<Command> Proposed { get; } = [];

    public Func<ProposeOutcome> Propose { get; set; } = static () => ProposeOutcome.Done(
        new ApplyResult { Revision = new Revision(18), Deleted = 1 }, new EntryId(new Term(3), new LogIndex(43)));

    public Func<ReadOutcome> ReadIndex { get; set; } = static () => new ReadOutcome(true, null, new LogIndex(40));

    public MemberStatus Status { get; set; } = StatusOf(leader: Self);

    public TimeSpan? LastTimeout { get; private set; }

    public TimeSpan? LastWait { get; private set; }

    public ValueTask<ProposeOutcome> ProposeAsync(ReadOnlyMemory<byte> command, TimeSpan timeout)
    {
        Assert.True(CommandCodec.TryRead(command.Span, out var decoded, out var error), error);
        Proposed.Add(decoded);
        LastTimeout = timeout;
        return ValueTask.FromResult(Propose());
    }

    public ValueTask<ReadOutcome> ReadIndexAsync(TimeSpan timeout)
    {
        LastTimeout = timeout;
        return ValueTask.FromResult(ReadIndex());
    }

    public ReadView OpenView() => _machine.OpenView();

    public Func<CancellationToken, Task<bool>> WaitForLeader { get; set; } = static _ => Task.FromResult(false);

    public Task<bool> WaitForLeaderAsync(TimeSpan timeout, CancellationToken cancellationToken)
    {
        LastWait = timeout;
        return WaitForLeader(cancellationToken);
    }

    /// <summary>The changes that were asked for.</summary>
    public List<MemberChange> Changes { get; } = [];

    public Func<MemberChange, ChangeOutcome> Change { get; set; } = static _ => ChangeOutcome.Done(new NodeId(Other));

    public Func<NodeId, TransferRefusal?> Transfer { get; set; } = static _ => null;

    public Task<ChangeOutcome> ChangeAsync(MemberChange change, bool force, TimeSpan timeout)
    {
        Changes.Add(change);
        LastTimeout = timeout;
        return Task.FromResult(Change(change));
    }

    public Task<TransferRefusal?> TransferLeadershipAsync(NodeId target, TimeSpan timeout) =>
        Task.FromResult(Transfer(target));

    public Task<TransferRefusal?> ForceElectionAsync(TimeSpan timeout) => Task.FromResult(Transfer(NodeId.None));

    public Task<bool> WaitForAsync(
        Func<MemberStatus, bool> holds, TimeSpan timeout, CancellationToken cancellationToken) =>
        Task.FromResult(holds(Status));

    public void Dispose() => _machine.Dispose();

    /// <summary>Puts a value into the store, as if it had been committed.</summary>
    public void Store(byte[] key, byte[] value)
    {
        var id = new AppliedId(3, ++_index);
        var payload = CommandCodec.ToBytes(new PutCommand(key, value));
        _machine.ApplyBatch([new CommittedEntry(id, CommittedKind.Command, payload, WantsResult: false)], new NoSink());
    }

    /// <summary>What a member has published about itself.</summary>
    public static MemberTable Publishing(ulong member, string name, string clientUrl)
    {
        using var machine = new StateMachine(new StateMachineOptions());
        var payload = CommandCodec.ToBytes(new MemberPublishCommand(member, name, [clientUrl]));
        var entry = new CommittedEntry(new AppliedId(1, 1), CommittedKind.Command, payload, WantsResult: false);
        machine.ApplyBatch([entry], new NoSink());
        return machine.Members;
    }

    public static MemberStatus StatusOf(ulong leader, bool noSpace = false) => new()
    {
        Raft = new RaftStatus
        {
            Self = new NodeId(Self),
            Role = leader == Self ? RaftRole.Leader : RaftRole.Follower,
            HardState = new HardState(new Term(3), NodeId.None),
            Leader = new NodeId(leader),
            First = new LogIndex(1),
            Last = new EntryId(new Term(3), new LogIndex(42)),
            Persisted = new LogIndex(42),
            Commit = new LogIndex(41),
            Applied = new LogIndex(40),
            Config = new ClusterConfig([new NodeId(Self), new NodeId(Other)]),
            TicksSinceLeader = 0,
            ConfigIndex = new LogIndex(1),
            Followers = leader == Self
                ? [new FollowerStatus(
                    new NodeId(Other), new LogIndex(40), new LogIndex(43), ProgressState.Replicate, false, 2, 0)]
                : [],
        },
        Name = "n1",
        ClusterId = 7,
        DirectoryId = 8,
        NodeState = NodeState.Member,
        Members =
        [
            new MemberInfo(new NodeId(Self), "n1", ["http://127.0.0.1:2380"]),
            new MemberInfo(new NodeId(Other), "n2", ["http://127.0.0.1:22380"]),
        ],
        Published = MemberTable.Empty,
        Revision = new Revision(17),
        State = (0xfeed, new AppliedId(3, 40)),
        Syncs = 5,
        UnappliedBytes = 0,
        MsSinceLeader = leader == 0 ? null : 0,
        WaitingFor = [],
        NoSpace = noSpace,
    };

    private sealed class NoSink : IApplySink
    {
        public void Completed(int ordinal, ApplyResult result)
        {
        }
    }
}
