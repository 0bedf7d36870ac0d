using BenchmarkDotNet.Attributes;
using Quorate.Raft;
using Quorate.Storage;

namespace Quorate.Benchmarks;

/// <summary>
/// One frame of the log, written and synced on the real disk under the temporary folder. Segments are made ready and
/// trimmed between the frames, as the product does it in the background.
/// </summary>
[InvocationCount(64, unrollFactor: 1)]
[IterationCount(30)]
public class LogBenchmarks
{
    private const int ValueBytes = 256;

    private readonly WalBatch _batch = new();
    private readonly byte[] _payload = new byte[ValueBytes];
    private string _folder = "";
    private byte[][] _records = [];
    private Wal? _wal;
    private ulong _write;
    private ulong _index;

    /// <summary>Entries that share the frame and its sync.</summary>
    [Params(1, 16, 256)]
    public int Entries { get; set; }

    [GlobalSetup]
    public void Open()
    {
        _folder = Directory.CreateTempSubdirectory("quorate-bench-").FullName;
        _records = [.. Enumerable.Range(0, Entries).Select(_ => new byte[EntryRecord.SizeOf(ValueBytes)])];
        var identity = new LogIdentity(Cluster: 1, new NodeId(2), Directory: 3);
        _wal = Wal.Open(new WalOptions(), new RealFileSystem(), _folder, identity);
    }

    [IterationSetup]
    public void MakeReady()
    {
        _wal!.TrimPrefix(new LogIndex(_index));
        while (_wal.PumpBackground())
        {
        }
    }

    [GlobalCleanup]
    public void Close()
    {
        _wal!.Dispose();
        Directory.Delete(_folder, recursive: true);
    }

    [Benchmark]
    public void AppendAndSync()
    {
        var term = new Term(1);
        _batch.Clear();
        _batch.Begin(new WriteId(++_write), new HardState(term, NodeId.None));
        foreach (var record in _records)
        {
            var id = new EntryId(term, new LogIndex(++_index));
            var header = new EntryHeader(id, EntryKind.Command, ProposalId.None, record.Length);
            EntryRecord.Write(record, group: 0, header, _payload);
            _batch.Add(header, record);
        }

        DiskWrite? write;
        while (!_wal!.TryFrame(_batch, out write))
        {
            _wal.PumpBackground();
        }

        DiskWrite.Run(write!);
        _wal.Written(write!);
    }
}
