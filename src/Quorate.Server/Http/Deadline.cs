namespace Quorate.Server.Http;

/// <summary>When a request must be answered. Monotonic, so that no jump of the wall clock can move it.</summary>
internal readonly struct Deadline
{
    private readonly TimeProvider _time;
    private readonly long _startedAt;
    private readonly TimeSpan _total;

    private Deadline(TimeProvider time, TimeSpan total)
    {
        _time = time;
        _startedAt = time.GetTimestamp();
        _total = total;
    }

    /// <summary>What is left; never below a millisecond, so that whatever starts is decided by the member.</summary>
    public TimeSpan Left
    {
        get
        {
            var left = _total - Elapsed;
            return left > TimeSpan.FromMilliseconds(1) ? left : TimeSpan.FromMilliseconds(1);
        }
    }

    /// <summary>Whether nothing is left.</summary>
    public bool IsOver => Elapsed >= _total;

    /// <summary>Time since the request began.</summary>
    public TimeSpan Elapsed => _time.GetElapsedTime(_startedAt);

    /// <summary>Starts the clock of a request that has so long.</summary>
    public static Deadline After(TimeProvider time, TimeSpan total) => new(time, total);

    /// <summary>Starts the clock of a request.</summary>
    /// <remarks>A caller who waits for a leader and names no limit gets the usual one on top of the wait.</remarks>
    public static Deadline Start(TimeProvider time, KeyQuery query, TimeSpan usual) =>
        new(time, query.Timeout ?? usual + query.Wait);
}
