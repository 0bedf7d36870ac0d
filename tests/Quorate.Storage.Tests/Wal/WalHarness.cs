using Quorate.Raft;

namespace Quorate.Storage.Tests;

/// <summary>A log on a disk in memory, and what it must hold by a simple twin.</summary>
public sealed class WalHarness
{
    public const string Directory = "data/wal";

    public static readonly LogIdentity Identity = new(new UInt128(1, 2), new NodeId(3), new UInt128(4, 5));

    private readonly WalOptions _options;
    private ulong _writes;

    public WalHarness(int segmentBytes = 4096, int spares = 1, CrashingFileSystem? disk = null)
    {
        _options = new WalOptions { SegmentBytes = segmentBytes, ZeroBytesPerStep = 2048, SpareSegmentsMax = spares };
        Disk = disk ?? new CrashingFileSystem();
        Wal = Wal.Open(_options, Disk, Directory, Identity);
        Model = LogModel.Of(Wal.Recovered, Wal.Store);
    }

    public CrashingFileSystem Disk { get; }

    public Wal Wal { get; private set; }

    /// <summary>What is durable.</summary>
    public LogModel Model { get; private set; }

    public WalBatch Batch { get; } = new();

    /// <summary>The segments on the disk, oldest first.</summary>
    public List<string> Segments => [.. Disk.Paths.Where(path => path.EndsWith(".wal", StringComparison.Ordinal))];

    public HardState HardState { get; private set; }

    public static byte[] Payload(EntryId id, int length)
    {
        var payload = new byte[length];
        new Random(unchecked((int)(id.Index.Value * 31 + id.Term.Value))).NextBytes(payload);
        return payload;
    }

    public static (EntryHeader Header, byte[] Record) Record(EntryId id, int payloadLength = 40)
    {
        var payload = Payload(id, payloadLength);
        return Record(id, EntryKind.Command, payload);
    }

    public static (EntryHeader Header, byte[] Record) Record(EntryId id, EntryKind kind, byte[] payload)
    {
        var proposal = new ProposalId(new NodeId(1), 77, id.Index.Value);
        var header = new EntryHeader(id, kind, proposal, EntryRecord.SizeOf(payload.Length));
        var record = new byte[header.Length];
        EntryRecord.Write(record, 0, header, payload);
        return (header, record);
    }

    public static EntryId Id(ulong index, ulong term) => new(new Term(term), new LogIndex(index));

    public static SnapshotMetadata Snapshot(ulong index, ulong term) =>
        new(Id(index, term), new LogIndex(1), new ClusterConfig([new NodeId(1), new NodeId(2)]));

    /// <summary>Starts the next hand-over of the batch.</summary>
    public WalHarness Begin(ulong? term = null, ulong vote = 0)
    {
        HardState = term is null ? HardState : new HardState(new Term(term.Value), new NodeId(vote));
        Batch.Begin(new WriteId(++_writes), HardState);
        return this;
    }

    public WalHarness Add(ulong index, ulong term, int payloadLength = 40)
    {
        var (header, record) = Record(Id(index, term), payloadLength);
        Batch.Add(header, record);
        return this;
    }

    /// <summary>Builds the frame of the batch, preparing segments as needed; it is not written.</summary>
    public DiskWrite Frame()
    {
        DiskWrite? write;
        while (!Wal.TryFrame(Batch, out write))
        {
            Assert.True(Wal.PumpBackground());
        }

        return write!;
    }

    /// <summary>Writes the batch and takes it into the twin.</summary>
    public DiskWrite Write()
    {
        var write = Frame();
        Finish(write);
        return write;
    }

    public void Finish(DiskWrite write)
    {
        DiskWrite.Run(write);
        Wal.Written(write);
        Model = write.Records == 0 && Batch.IsEmpty ? Model : Model.With(Batch);
        Batch.Clear();
    }

    public DiskWrite WriteOne(ulong index, ulong term, int payloadLength = 40) =>
        Begin(HardState.Term.Value >= term ? null : term).Add(index, term, payloadLength).Write();

    public void PumpAll()
    {
        while (Wal.PumpBackground())
        {
        }
    }

    /// <summary>Opens the log again, as a new process does.</summary>
    public WalRecovered Reopen()
    {
        Wal.Dispose();
        Batch.Clear();
        Wal = Wal.Open(_options, Disk, Directory, Identity);
        HardState = Wal.Recovered.HardState;
        return Wal.Recovered;
    }

    /// <summary>Goes on from what a crash left.</summary>
    public void Adopt(LogModel found) => Model = found;

    /// <summary>Opens the log again and compares it with the twin.</summary>
    public WalRecovered ReopenAndCheck()
    {
        var recovered = Reopen();
        Model = Model.TrimmedTo(recovered.Before);
        LogModel.Of(recovered, Wal.Store).MustEqual(Model);
        return recovered;
    }
}
