namespace Quorate.Load;

/// <summary>What is still to be done, shared by all connections.</summary>
internal sealed class Work(LoadOptions options, long count, bool everyKeyOnce)
{
    private long _taken;
    private volatile bool _over;

    public bool IsOver => _over;

    /// <summary>Nothing more is handed out; what is in flight is waited for.</summary>
    public void End() => _over = true;

    /// <summary>Hands out the next operation, drawn by the connection's own source of chance.</summary>
    public bool TryTake(ref Chance chance, out Operation operation)
    {
        operation = default;
        if (_over)
        {
            return false;
        }

        long number = 0;
        if (count > 0)
        {
            number = Interlocked.Increment(ref _taken) - 1;
            if (number >= count)
            {
                _over = true;
                return false;
            }
        }

        operation = everyKeyOnce
            ? new Operation(OperationKind.Put, (int)number)
            : Draw(ref chance);
        return true;
    }

    private Operation Draw(ref Chance chance)
    {
        var kind = chance.Below(100) < options.Mix.PutPercent ? OperationKind.Put : OperationKind.Get;
        return new Operation(kind, chance.Below(options.Keys));
    }
}
