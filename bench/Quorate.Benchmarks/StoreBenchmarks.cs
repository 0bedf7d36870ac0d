using BenchmarkDotNet.Attributes;
using Quorate.Mvcc;

namespace Quorate.Benchmarks;

/// <summary>The versioned store and its index: overwrites in batches, gets, ranges, with many keys in it.</summary>
[MemoryDiagnoser]
public class StoreBenchmarks
{
    private const int PutsPerBatch = 16;
    private const int ValueBytes = 256;

    private readonly StateMachine _store = new(new StateMachineOptions());
    private readonly CommittedEntry[] _batch = new CommittedEntry[PutsPerBatch];
    private byte[][] _keys = [];
    private byte[][] _commands = [];
    private ReadView? _view;
    private ulong _index;
    private uint _chance = 1;

    [Params(100_000, 1_000_000)]
    public int Keys { get; set; }

    /// <summary>Whether a view of the loaded state stays open, as it does while a snapshot is written.</summary>
    [Params(false, true)]
    public bool HeldView { get; set; }

    [GlobalSetup]
    public void Load()
    {
        _keys = Inputs.Keys(Keys);
        _commands = [.. _keys.Select(key => CommandCodec.ToBytes(new PutCommand(key, new byte[ValueBytes])))];
        for (var at = 0; at < Keys; at += PutsPerBatch)
        {
            Apply(first: at, step: 1);
        }

        _view = HeldView ? _store.OpenView() : null;
    }

    [GlobalCleanup]
    public void Close()
    {
        _view?.Dispose();
        _store.Dispose();
    }

    /// <summary>One batch, one published root; the time is that of one put.</summary>
    [Benchmark(OperationsPerInvoke = PutsPerBatch)]
    public void Put() => Apply(first: Next(), step: 7_919);

    [Benchmark]
    public bool Get()
    {
        using var view = _store.OpenView();
        return view.TryGet(_keys[Next()], out _);
    }

    [Benchmark]
    public RangeResult RangeOfHundred()
    {
        using var view = _store.OpenView();
        return view.Range(new RangeQuery(_keys[Next()], KeyRange.FromKey) { Limit = 100 });
    }

    private void Apply(int first, int step)
    {
        for (var at = 0; at < PutsPerBatch; at++)
        {
            var payload = _commands[(first + at * step) % Keys];
            _batch[at] = new CommittedEntry(new AppliedId(1, ++_index), CommittedKind.Command, payload, false);
        }

        _store.ApplyBatch(_batch, Inputs.NoSink);
    }

    private int Next() => (int)((_chance = _chance * 1_664_525 + 1_013_904_223) % (uint)Keys);
}
