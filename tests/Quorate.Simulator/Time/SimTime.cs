namespace Quorate.Simulator;

/// <summary>
/// One node's clock: virtual time at a rate of its own, and a wall clock that may jump. Monotonic time never goes
/// back. Nodes are ticked by the simulator, so a timer asked of this clock is a fault of the node.
/// </summary>
internal sealed class SimTime(EventQueue events, double rate) : TimeProvider
{
    private static readonly DateTimeOffset Epoch = new(2030, 1, 1, 0, 0, 0, TimeSpan.Zero);
    private TimeSpan _wallOffset;

    /// <summary>How fast this clock runs: 1.05 is five percent too fast.</summary>
    public double Rate { get; } = rate;

    public override long TimestampFrequency => 1_000_000;

    public override TimeZoneInfo LocalTimeZone => TimeZoneInfo.Utc;

    /// <summary>Virtual microseconds that pass while this clock counts <paramref name="localUs"/>.</summary>
    public long ToVirtual(long localUs) => Math.Max(1, (long)(localUs / Rate));

    public void JumpWall(TimeSpan by) => _wallOffset += by;

    public override long GetTimestamp() => (long)(events.Now * Rate);

    public override DateTimeOffset GetUtcNow() => Epoch + _wallOffset + TimeSpan.FromMicroseconds(GetTimestamp());

    public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period) =>
        throw new SimulatorException("a simulated node made a timer: nothing inside a node may wait");
}
