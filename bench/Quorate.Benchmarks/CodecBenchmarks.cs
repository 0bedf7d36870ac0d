using BenchmarkDotNet.Attributes;
using Quorate.Mvcc;
using Quorate.Raft;
using Quorate.Storage;

namespace Quorate.Benchmarks;

/// <summary>A put as a command and as an entry record, there and back.</summary>
[MemoryDiagnoser]
public class CodecBenchmarks
{
    private PutCommand _put = new(ReadOnlyMemory<byte>.Empty, ReadOnlyMemory<byte>.Empty);
    private byte[] _command = [];
    private byte[] _record = [];
    private EntryHeader _header;

    [Params(16, 256, 4096)]
    public int ValueBytes { get; set; }

    [GlobalSetup]
    public void Prepare()
    {
        _put = new PutCommand(Inputs.Keys(1)[0], new byte[ValueBytes]);
        _command = CommandCodec.ToBytes(_put);
        _record = new byte[EntryRecord.SizeOf(_command.Length)];
        var proposal = new ProposalId(new NodeId(1), BootNonce: 2, Sequence: 3);
        _header = new EntryHeader(
            new EntryId(new Term(4), new LogIndex(5)), EntryKind.Command, proposal, _record.Length);
        WriteRecord();
    }

    [Benchmark]
    public void WriteCommand() => CommandCodec.Write(_put, _command.AsSpan());

    [Benchmark]
    public bool ReadCommand() => CommandCodec.TryRead(_command.AsMemory(), out _, out _);

    [Benchmark]
    public void WriteRecord() => EntryRecord.Write(_record, group: 0, _header, _command);

    [Benchmark]
    public bool ReadRecord() => EntryRecord.TryRead(_record, out _, out _);
}
