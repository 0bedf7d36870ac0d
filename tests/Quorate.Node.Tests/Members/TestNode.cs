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
    private const int PumpMax = 16;
    public const string Path = "data";
    private bool _startsUnconfigured;
    private HeldDisk? _disk;
    private Member? _member;

    public int Number { get; } = number;

    /// <summary>Its disk.</summary>
    public MemoryFileSystem Files { get; } = new();

    public string Name { get; } = $"n{number}";

    public string Url { get; } = TestCluster.UrlOf(number);

    public Member Member => _member ?? throw new InvalidOperationException($"{Name} does not run");

    /// <summary>Settings of its next start, where the usual ones do not do.</summary>
    public MemberOptions? Options { get; set; }

    /// <summary>Hangs: neither ticked nor pumped, and its connections stay.</summary>
    public bool IsPaused { get; set; }

    public bool IsRunning => _member is not null && !IsPaused;

    public bool Leads => _member?.Raft.Role == RaftRole.Leader;

    /// <summary>Invitations that it followed.</summary>
    public List<Invitation> Invitations { get; } = [];

    /// <summary>Starts a process on what the disk holds.</summary>
    public void Start(params string[] advertised)
    {
        _member = Member.Start(
            Options ?? new MemberOptions
            {
                Name = Name, DataDirectory = Path, InitialCluster = list, SegmentBytes = 64 * 1024,
                StartsUnconfigured = _startsUnconfigured,
                AdvertisePeerUrls = advertised,
            },
            new MemberSeams
            {
                Files = Files,
                LogDisk = listener => _disk = new HeldDisk(listener),
                Transport = cluster.Network.TransportOf(Url),
                Random = new TestRandom((ulong)Number),
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

    /// <summary>
    /// Starts again as the member that it was invited to be, with an empty log in the same directory.
    /// </summary>
    public void FollowInvitation()
    {
        var invitation = Invitations[^1];
        Stop();
        using (var directory = DataDirectory.Open(Files, Path))
        {
            directory.TakeOver(invitation.Cluster, invitation.Member, invitation.Name, new WalOptions());
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

    public bool Pump()
    {
        var done = Member.PumpNode(PumpMax) + Member.PumpApply(PumpMax) + Member.PumpBackground(PumpMax);
        return _disk!.Run() || done > 0;
    }

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
