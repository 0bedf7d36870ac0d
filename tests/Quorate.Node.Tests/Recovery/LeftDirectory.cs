using System.Text;
using Quorate.Mvcc;
using Quorate.Raft;
using Quorate.Storage;

namespace Quorate.Node.Tests.Recovery;

/// <summary>
/// A data directory as a voter of the list n1, n2, n3 has left it. Entry 1 of term 1 names the three; the rest is told.
/// </summary>
internal sealed class LeftDirectory(int number)
{
    public static readonly UInt128 Cluster = new(4, 2);
    private readonly List<(ulong Term, EntryKind Kind, byte[] Payload)> _entries =
        [(1, EntryKind.ConfigChange, Voters(1, 2, 3).ToBytes())];

    public string Path => $"/data/n{number}";

    public DirectoryIdentity Identity { get; init; } =
        new(Cluster, new NodeId((ulong)number), DirectoryOf(number), $"n{number}");

    /// <summary>Up to here it knows its entries to be committed.</summary>
    public ulong Commit { get; init; }

    /// <summary>The newest term that it has seen; at least that of its last entry.</summary>
    public ulong Term { get; init; }

    /// <summary>Entries up to this one are in a snapshot, and the log begins behind.</summary>
    public int SnapshotAt { get; init; }

    /// <summary>Members whose directories it has met.</summary>
    public IReadOnlyList<PeerNote> Met { get; init; } = [];

    public static UInt128 DirectoryOf(int number) => (UInt128)(ulong)number << 64;

    public static ClusterConfig Voters(params int[] numbers) => ConfigOf(numbers, learners: [], removed: []);

    public static ClusterConfig ConfigOf(int[] voters, int[] learners, int[] removed)
    {
        var roster = new Roster(
            voters.Concat(learners).Select(at => new MemberInfo(new NodeId((ulong)at), $"n{at}", [UrlOf(at)])),
            removed.Select(at => new NodeId((ulong)at)));
        return new ClusterConfig(
            voters.Select(at => new NodeId((ulong)at)), learners: learners.Select(at => new NodeId((ulong)at)),
            attachment: roster.ToBytes());
    }

    public static string UrlOf(int number) => $"http://n{number}:2380";

    /// <summary>Adds puts of keys named after their index, one in each of these terms.</summary>
    public LeftDirectory Puts(params ulong[] terms)
    {
        foreach (var term in terms)
        {
            var key = Encoding.UTF8.GetBytes($"k{_entries.Count + 1}");
            _entries.Add((term, EntryKind.Command, CommandCodec.ToBytes(new PutCommand(key, "v"u8.ToArray()))));
        }

        return this;
    }

    /// <summary>Adds a configuration.</summary>
    public LeftDirectory Config(ulong term, ClusterConfig config)
    {
        _entries.Add((term, EntryKind.ConfigChange, config.ToBytes()));
        return this;
    }

    /// <summary>Adds an entry that only a newer program knows.</summary>
    public LeftDirectory FromTheFuture(ulong term)
    {
        _entries.Add((term, EntryKind.Command, [255, 255, 255]));
        return this;
    }

    /// <summary>Writes it.</summary>
    public LeftDirectory On(IFileSystem files)
    {
        files.CreateDirectory("/data");
        var start = new DirectoryStart
        {
            Log = new WalOptions { SegmentBytes = 16 * 1024 },
            FirstFrame = Frame(),
            WriteSnapshot = SnapshotAt > 0 ? WriteSnapshot : null,
        };
        using var directory = DataDirectory.Create(files, Path, Identity, start);
        foreach (var note in Met)
        {
            directory.NotePeer(note);
        }

        return this;
    }

    /// <summary>Surveys it.</summary>
    public DirectorySurvey Survey(IFileSystem files)
    {
        using var directory = DataDirectory.Open(files, Path);
        return DirectorySurvey.Read(directory);
    }

    private WalBatch Frame()
    {
        var batch = new WalBatch();
        batch.Begin(new WriteId(1), new HardState(new Term(Math.Max(Term, _entries[^1].Term)), NodeId.None));
        if (SnapshotAt > 0)
        {
            batch.AddInstall(Snapshot(), keepSuffix: false);
        }

        for (var at = SnapshotAt; at < _entries.Count; at++)
        {
            var (_, kind, payload) = _entries[at];
            var record = new byte[EntryRecord.SizeOf(payload.Length)];
            var header = new EntryHeader(IdOf(at), kind, ProposalId.None, record.Length);
            EntryRecord.Write(record, LogGroup.Only, header, payload);
            batch.Add(header, record);
        }

        batch.CommitHint = new LogIndex(Commit);
        return batch;
    }

    private EntryId IdOf(int at) => new(new Term(_entries[at].Term), new LogIndex((ulong)at + 1));

    private SnapshotMetadata Snapshot()
    {
        var at = _entries.FindLastIndex(SnapshotAt - 1, entry => entry.Kind == EntryKind.ConfigChange);
        Assert.True(ClusterConfig.TryRead(_entries[at].Payload, out var config));
        return new SnapshotMetadata(IdOf(SnapshotAt - 1), IdOf(at).Index, config);
    }

    private void WriteSnapshot(SnapshotDirectory snapshots)
    {
        using var machine = new StateMachine(new StateMachineOptions());
        var replay = new LogReplay(machine);
        for (var at = 0; at < SnapshotAt; at++)
        {
            replay.Apply(IdOf(at), _entries[at].Kind, _entries[at].Payload);
        }

        using var state = machine.BeginSnapshot();
        using var writer = snapshots.Create(Snapshot());
        var buffer = new System.Buffers.ArrayBufferWriter<byte>();
        while (state.WriteNext(buffer, 1024))
        {
            writer.Append(buffer.WrittenSpan);
            buffer.ResetWrittenCount();
        }

        writer.Complete();
    }
}
