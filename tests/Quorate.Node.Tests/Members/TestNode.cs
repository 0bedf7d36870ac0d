using System.Buffers;
using System.Text;
using Microsoft.Extensions.Logging.Abstractions;
using Quorate.Mvcc;
using Quorate.Node.Tests.Peer;
using Quorate.Raft;
using Quorate.Storage;

namespace Quorate.Node.Tests.Members;

/// <summary>One machine: its disk, which stays, and the member that runs on it.</summary>
internal sealed class TestNode(TestCluster cluster, int number, StartMember[] list)
{
    public const string Path = "data";
    private bool _startsUnconfigured;
    private int _followed;
    private HeldDisk? _disk;
    private Member? _member;

    public int Number { get; } = number;

    /// <summary>Its disk.</summary>
    public MemoryFileSystem Files { get; private set; } = new();

    public string Name { get; } = $"n{number}";

    /// <summary>What its next process sees of the disk.</summary>
    public Func<IFileSystem, IFileSystem> Seen { get; set; } = static files => files;

    /// <summary>Where it listens from its next start on.</summary>
    public string Url { get; set; } = TestCluster.UrlOf(number);

    /// <summary>How often a process was started on its disk.</summary>
    public int Starts { get; private set; }

    public Member Member => _member ?? throw new InvalidOperationException($"{Name} does not run");

    /// <summary>Settings of its next start, where the usual ones do not do.</summary>
    public MemberOptions? Options { get; set; }

    /// <summary>Hangs: neither ticked nor pumped, and its connections stay.</summary>
    public bool IsPaused { get; set; }

    public bool IsRunning => _member is not null && !IsPaused;

    public bool Leads => _member?.Raft.Role == RaftRole.Leader;

    /// <summary>Invitations that it got.</summary>
    public List<Invitation> Invitations { get; } = [];

    /// <summary>Whether it got one that it has not followed.</summary>
    public bool IsInvited => IsRunning && Invitations.Count > _followed;

    /// <summary>Starts a process on what the disk holds.</summary>
    public void Start(params string[] advertised)
    {
        Starts++;
        _member = Member.Start(
            Options ?? Usual(advertised),
            new MemberSeams
            {
                Files = Seen(Files),
                LogDisk = listener => _disk = new HeldDisk(listener),
                Transport = cluster.Network.TransportOf(Url),
                Random = new TestRandom((ulong)(Number + (1000 * Starts))),
                Loggers = NullLoggerFactory.Instance,
            });
        _member.TakenOver = Invitations.Add;
    }

    /// <summary>Starts a process that belongs to no cluster.</summary>
    public void StartUnconfigured()
    {
        _startsUnconfigured = true;
        Start();
    }

    /// <summary>Its machine gets a new disk; only while nothing runs on it.</summary>
    public void LoseDisk() => Files = new MemoryFileSystem();

    /// <summary>Its directory becomes that of a node that belongs to no cluster, as by quorate reset.</summary>
    public void Reset()
    {
        using var directory = DataDirectory.Open(Files, Path);
        IdentityStep.LeaveAll(directory, new TestRandom((ulong)(Number + (1000 * Starts) + 500)), Usual());
    }

    /// <summary>
    /// Starts again as the member that it was invited to be, with an empty log in the same directory.
    /// </summary>
    public void FollowInvitation()
    {
        _followed = Invitations.Count;
        Stop();
        using (var directory = DataDirectory.Open(Files, Path))
        {
            IdentityStep.Follow(directory, Invitations[^1], Usual());
        }

        Start();
    }

    /// <summary>The process ends in order; the disk stays.</summary>
    public void Stop()
    {
        IsPaused = false;
        cluster.Network.StopListening(Url);
        _member?.Stop();
        _member?.Dispose();
        _member = null;
    }

    /// <summary>Asks it for a change; what it is told is in the result.</summary>
    public Told Change(MemberChange change, int deadlineTicks = 1000, bool force = false)
    {
        var told = new Told();
        Member.Change(change, force, deadlineTicks, told);
        return told;
    }

    /// <summary>Asks it to write a key.</summary>
    public ToldPut Put(string key, int deadlineTicks = 1000)
    {
        var bytes = new ArrayBufferWriter<byte>();
        CommandCodec.Write(new PutCommand(Encoding.UTF8.GetBytes(key), "value"u8.ToArray()), bytes);
        var told = new ToldPut();
        Member.Propose(bytes.WrittenMemory, deadlineTicks, told);
        return told;
    }

    /// <summary>Whether a key stands in its store.</summary>
    public bool Holds(string key)
    {
        using var view = Member.OpenView();
        return view.TryGet(Encoding.UTF8.GetBytes(key), out _);
    }

    public bool Pump(int max)
    {
        var done = Member.PumpNode(max) + Member.PumpApply(max) + Member.PumpBackground(max);
        return RunDisk() || done > 0;
    }

    /// <summary>Does the write that its log waits for; false when there is none.</summary>
    public bool RunDisk() => _disk!.Run();

    /// <summary>Options by which a snapshot leaves no entry in the log.</summary>
    public MemberOptions KeepingNoEntries(int snapshotCount, int snapshotsKept = 3) => new()
    {
        Name = Name, DataDirectory = Path, InitialCluster = list, SegmentBytes = 64 * 1024,
        SnapshotCount = snapshotCount,
        KeepEntries = 0,
        SnapshotsKept = snapshotsKept,
    };

    private MemberOptions Usual(params string[] advertised) => new()
    {
        Name = Name, DataDirectory = Path, InitialCluster = list, SegmentBytes = 64 * 1024,
        StartsUnconfigured = _startsUnconfigured,
        SnapshotCount = cluster.SnapshotCount,
        KeepEntries = cluster.SnapshotCount,
        AdvertisePeerUrls = advertised,
    };

    public override string ToString() =>
        _member is null ? $"{Name} down" : $"{Name} {_member.Status().NodeState} {_member.Raft}";

    /// <summary>A write is done when the node is pumped, not before.</summary>
    private sealed class HeldDisk(ILogDiskListener listener) : ILogDisk
    {
        private DiskWrite? _next;

        public void Submit(DiskWrite write) => _next = write;

        public bool Run()
        {
            if (_next is not { } write)
            {
                return false;
            }

            _next = null;
            DiskWrite.Run(write);
            listener.Written(write);
            return true;
        }
    }
}

/// <summary>What the waiter of a change was told.</summary>
internal sealed class Told : IChangeWaiter
{
    private ChangeOutcome? _outcome;

    public int Times { get; private set; }

    public bool IsTold => Times > 0;

    public ChangeOutcome Outcome => _outcome ?? throw new InvalidOperationException("not told yet");

    public void Completed(in ChangeOutcome outcome)
    {
        Times++;
        _outcome = outcome;
    }
}

/// <summary>What the waiter of a put was told.</summary>
internal sealed class ToldPut : IProposalWaiter
{
    private ProposeOutcome? _outcome;

    public int Times { get; private set; }

    public bool IsTold => Times > 0;

    public ProposeOutcome Outcome => _outcome ?? throw new InvalidOperationException("not told yet");

    public void Completed(in ProposeOutcome outcome)
    {
        Times++;
        _outcome = outcome;
    }
}

/// <summary>What the waiter of a read was told.</summary>
internal sealed class ToldRead : IReadWaiter
{
    public int Times { get; private set; }

    public RefusalReason? Refused { get; private set; }

    public void Completed(in ReadOutcome outcome)
    {
        Times++;
        Refused = outcome.Refused;
    }
}
