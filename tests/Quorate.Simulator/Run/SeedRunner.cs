namespace Quorate.Simulator;

/// <summary>
/// Runs many seeds, one on each core at a time; they share nothing. Stops at the first objection, and runs every
/// hundredth seed twice to see that a seed still stands for one run.
/// </summary>
internal sealed class SeedRunner(RunOptions options, ulong from, int count)
{
    private const int TwiceEvery = 100;
    private const int SeedsThatTellAll = 200;
    private const int OperationsMin = 1000;
    private readonly Lock _gate = new();
    private readonly FaultTable _faults = new();
    private int _taken;
    private SeedResult? _worst;

    public long Operations { get; private set; }

    public long VirtualUs { get; private set; }

    public FaultTable Faults => _faults;

    /// <summary>Runs them; the result of the lowest seed that failed, or null.</summary>
    public SeedResult? Run()
    {
        var workers = Enumerable.Range(0, Math.Min(Environment.ProcessorCount, count))
            .Select(number => new Thread(Work, maxStackSize: 16 * 1024 * 1024) { Name = $"seeds {number}" })
            .ToArray();
        foreach (var worker in workers)
        {
            worker.Start();
        }

        foreach (var worker in workers)
        {
            worker.Join();
        }

        return _worst ?? JudgeAll();
    }

    private void Work()
    {
        while (TryTake(out var number))
        {
            var seed = from + (ulong)number;
            var result = SeedResult.Of(seed, options);
            if (result.IsClean && (number + 1) % TwiceEvery == 0)
            {
                result = CompareWithSecondRun(result);
            }

            Add(result);
        }
    }

    private SeedResult CompareWithSecondRun(SeedResult first)
    {
        var second = SeedResult.Of(first.Seed, options);
        return second.Hash == first.Hash
            ? first
            : first with
            {
                Checker = "Determinism",
                Objection = $"Determinism: {first.Hash:x16}, then {second.Hash:x16}",
            };
    }

    private bool TryTake(out int number)
    {
        lock (_gate)
        {
            number = _taken;
            if (_worst is not null || _taken == count)
            {
                return false;
            }

            _taken++;
            return true;
        }
    }

    private void Add(SeedResult result)
    {
        lock (_gate)
        {
            Operations += result.Operations;
            VirtualUs += result.VirtualUs;
            _faults.Add(result.Faults);
            if (!result.IsClean && (_worst is null || result.Seed < _worst.Seed))
            {
                _worst = result;
            }
        }
    }

    // A run is worth something only if everything happened in it that was to happen.
    private SeedResult? JudgeAll()
    {
        if (count < SeedsThatTellAll || options.Workload != Workload.Swarm)
        {
            return null;
        }

        var missing = _faults.NeverFired.Select(FaultTable.NameOf).ToArray();
        if (missing.Length > 0)
        {
            return Objection($"Coverage: never fired: {string.Join(", ", missing)}");
        }

        return Operations < (long)OperationsMin * count
            ? Objection($"Coverage: {Operations / count} operations a seed, fewer than {OperationsMin}")
            : null;
    }

    private SeedResult Objection(string because) =>
        new(from, Operations, VirtualUs, Hash: 0, _faults, "Coverage", because);
}
