using System.Text;
using Quorate.Raft;
using Quorate.Storage;

namespace Quorate.Node;

/// <summary>The settings of one member. Every bound in the node is here, with its default.</summary>
public sealed class MemberOptions
{
    /// <summary>This member's name; with a start list, the line of the list that is this member.</summary>
    public required string Name { get; init; }

    /// <summary>Nobody has said the name: a data directory that has another one keeps it, and is not refused.</summary>
    public bool NameIsAssumed { get; init; }

    /// <summary>Where log, snapshots and identity are kept.</summary>
    public required string DataDirectory { get; init; }

    /// <summary>Who the cluster starts with; looked at only while the data directory is new.</summary>
    public required IReadOnlyList<StartMember> InitialCluster { get; init; }

    /// <summary>
    /// A new data directory belongs to no cluster: the node waits, with an empty log, until a member of one reaches it.
    /// </summary>
    public bool StartsUnconfigured { get; init; }

    /// <summary>
    /// Nothing is written to a disk: all is lost when the process ends. Who starts the member gives it files in memory;
    /// here it only keeps less in them.
    /// </summary>
    public bool InMemory { get; init; }

    /// <summary>Keeps clusters with equal start lists apart.</summary>
    public string InitialClusterToken { get; init; } = "etcd-cluster";

    /// <summary>Where others reach our Raft listener; told to them in the handshake.</summary>
    public IReadOnlyList<string> AdvertisePeerUrls { get; init; } = [];

    /// <summary>
    /// Nobody has said those URLs: a member whose cluster knows it under others does not ask to be moved to these.
    /// </summary>
    public bool AdvertisedIsAssumed { get; init; }

    /// <summary>Where clients reach us; published through the log, used for redirects.</summary>
    public IReadOnlyList<string> AdvertiseClientUrls { get; init; } = [];

    /// <summary>The first start goes on when a majority of the list has been met, not all of it.</summary>
    public bool BootstrapQuorum { get; init; }

    /// <summary>How long one tick is.</summary>
    public TimeSpan TickInterval { get; init; } = TimeSpan.FromMilliseconds(10);

    /// <summary>Time from one heartbeat to the next.</summary>
    public TimeSpan HeartbeatInterval { get; init; } = TimeSpan.FromMilliseconds(100);

    /// <summary>Shortest election timeout.</summary>
    public TimeSpan ElectionTimeout { get; init; } = TimeSpan.FromMilliseconds(1000);

    /// <summary>Longest election timeout; each is drawn between the two. Null: twice the shortest.</summary>
    public TimeSpan? ElectionTimeoutMax { get; init; }

    /// <summary>Applied entries from one snapshot to the next.</summary>
    public long SnapshotCount { get; init; } = 100_000;

    /// <summary>Applied entries that stay in the log behind a snapshot, for slow followers.</summary>
    public long KeepEntries { get; init; } = 5_000;

    /// <summary>Snapshots kept on disk.</summary>
    public int SnapshotsKept { get; init; } = 3;

    /// <summary>Bytes of one log segment.</summary>
    public int SegmentBytes { get; init; } = 16 * 1024 * 1024;

    /// <summary>Bytes of recent entries kept in memory for slow followers.</summary>
    public long EntryCacheBytes { get; init; } = 16 * 1024 * 1024;

    /// <summary>Proposals and reads that may wait for the node loop, each.</summary>
    public int RequestsMax { get; init; } = 16_384;

    /// <summary>Bytes of proposals that may wait for the node loop.</summary>
    public long RequestBytesMax { get; init; } = 64 * 1024 * 1024;

    /// <summary>Bytes of messages from one peer that may wait for the node loop.</summary>
    public long PeerBytesMax { get; init; } = 32 * 1024 * 1024;

    /// <summary>Bytes of entries handed to the disk and not acknowledged.</summary>
    public long UnstableBytesMax { get; init; } = 16 * 1024 * 1024;

    /// <summary>Bytes of entries proposed and not applied.</summary>
    public long UnappliedBytesMax { get; init; } = 64 * 1024 * 1024;

    /// <summary>Bytes of a snapshot written, read or loaded in one step.</summary>
    public int SnapshotStepBytes { get; init; } = 256 * 1024;

    /// <summary>Bytes a second at which a snapshot of our own is written, beside the writes of clients.</summary>
    public long SnapshotBytesPerSecond { get; init; } = 32 * 1024 * 1024;

    /// <summary>Bytes of one snapshot chunk on its way to a peer.</summary>
    public int SnapshotChunkBytes { get; init; } = 128 * 1024;

    /// <summary>Snapshot chunks sent and not acknowledged.</summary>
    public int SnapshotWindow { get; init; } = 4;

    /// <summary>Bytes of the store that one step of compaction may rewrite.</summary>
    public int CompactStepBytes { get; init; } = 256 * 1024;

    /// <summary>Snapshots that stay. In memory one is enough: the older ones are there for damage of a disk.</summary>
    internal int SnapshotsRetained => InMemory ? 1 : SnapshotsKept;

    /// <summary>Settings of the log. In memory a trimmed segment is given back, not kept for the next use.</summary>
    internal WalOptions Log => InMemory
        ? new WalOptions { SegmentBytes = SegmentBytes, SpareSegmentsMax = 0 }
        : new WalOptions { SegmentBytes = SegmentBytes };

    /// <summary>Ticks in an election timeout.</summary>
    public int ElectionTicks => Ticks(ElectionTimeout);

    /// <summary>Ticks from one heartbeat to the next.</summary>
    public int HeartbeatTicks => Ticks(HeartbeatInterval);

    /// <summary>Bytes of a snapshot that may be written in a tick.</summary>
    public long SnapshotBytesPerTick =>
        Math.Max(1, (long)(SnapshotBytesPerSecond * TickInterval.TotalSeconds));

    /// <summary>The number of ticks in a span, at least 1.</summary>
    public int Ticks(TimeSpan span) =>
        (int)Math.Clamp(Math.Ceiling(span.TotalMilliseconds / TickInterval.TotalMilliseconds), 1, int.MaxValue);

    /// <summary>Lists every setting that cannot be; empty when all are good.</summary>
    public IReadOnlyList<string> Validate()
    {
        var faults = new List<string>();
        Require(
            Name.Length > 0 && Encoding.UTF8.GetByteCount(Name) <= PeerHello.NameBytesMax && !Name.Any(char.IsControl),
            $"name must have 1 to {PeerHello.NameBytesMax} bytes and no control characters");
        Require(DataDirectory.Length > 0, "data directory must be named");
        Require(TickInterval > TimeSpan.Zero, "tick interval must be more than 0");
        Require(HeartbeatInterval >= TickInterval, $"heartbeat interval must be at least {TickInterval}");
        Require(
            ElectionTimeout > HeartbeatInterval,
            $"election timeout ({Ms(ElectionTimeout)}) must be more than heartbeat interval ({Ms(HeartbeatInterval)})");
        Require(
            ElectionTimeoutMax is null || ElectionTimeoutMax >= ElectionTimeout,
            $"the longest election timeout must be at least the shortest ({Ms(ElectionTimeout)})");
        Require(SnapshotCount >= 1, "snapshot count must be at least 1");
        Require(KeepEntries >= 0, "kept entries must not be negative");
        Require(SnapshotBytesPerSecond >= 1, "snapshots must be written at 1 byte a second or more");
        Require(SnapshotsKept >= 1, "at least one snapshot must be kept");
        Require(SegmentBytes >= 4096, "a log segment must have at least 4096 bytes");
        Require(RequestsMax >= 1 && RequestBytesMax >= 1, "the request queue must hold something");
        Require(PeerBytesMax >= 1, "the peer queue must hold something");
        Require(UnstableBytesMax >= 1 && UnappliedBytesMax >= 1, "entry bounds must be at least 1 byte");
        Require(SnapshotStepBytes >= 1 && SnapshotChunkBytes >= 1 && SnapshotWindow >= 1, "snapshot steps must move");
        RequireStartList();
        return faults;

        void Require(bool condition, string fault)
        {
            if (!condition)
            {
                faults.Add(fault);
            }
        }

        void RequireStartList()
        {
            var names = InitialCluster.Select(member => member.Name).ToArray();
            Require(IsDistinct(names), "initial cluster names a member twice");
            Require(
                names.Length == 0 || names.Contains(Name, StringComparer.Ordinal),
                $"initial cluster ({string.Join(", ", names)}) does not name this member ({Name})");
            var urls = InitialCluster.SelectMany(member => member.PeerUrls).ToArray();
            Require(IsDistinct(urls), "initial cluster names a URL twice");
        }
    }

    internal RaftOptions ToRaftOptions(NodeId self) => new()
    {
        Self = self,
        ElectionTicks = ElectionTicks,
        ElectionTicksMax = ElectionTimeoutMax is { } longest ? Ticks(longest) : 0,
        HeartbeatTicks = HeartbeatTicks,
        UnstableBytesMax = UnstableBytesMax,
        UnappliedBytesMax = UnappliedBytesMax,
        NoopBytes = EntryRecord.SizeOf(payloadLength: 0),
    };

    private static bool IsDistinct(string[] texts) =>
        texts.Distinct(StringComparer.Ordinal).Count() == texts.Length;

    private static string Ms(TimeSpan span) => $"{span.TotalMilliseconds:0} ms";
}
