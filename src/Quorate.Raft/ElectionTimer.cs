namespace Quorate.Raft;

/// <summary>
/// Counts ticks down to an election. Each timeout is drawn anew, so that members seldom fire together.
/// </summary>
internal sealed class ElectionTimer(RaftOptions options, IRandomSource random)
{
    // Thesis 3.4 draws from one to two times the shortest timeout.
    private readonly int _spread = options.ElectionTicksMax == 0
        ? options.ElectionTicks
        : Math.Max(1, options.ElectionTicksMax - options.ElectionTicks);

    private int _ticksLeft;

    /// <summary>Ticks until the timeout has passed.</summary>
    public int TicksLeft => _ticksLeft;

    /// <summary>A whole timeout: from <c>ElectionTicks</c> to below <c>ElectionTicksMax</c>.</summary>
    public void Restart() => _ticksLeft = options.ElectionTicks + Draw(_spread);

    /// <summary>The leader's process is known to be gone: one to three heartbeats.</summary>
    public void Hasten() => _ticksLeft = options.HeartbeatTicks + Draw((2 * options.HeartbeatTicks) + 1);

    /// <summary>One tick. True from the moment the timeout has passed until it is restarted.</summary>
    public bool Tick()
    {
        _ticksLeft = Math.Max(0, _ticksLeft - 1);
        return _ticksLeft == 0;
    }

    private int Draw(int below) => (int)(random.Next() % (ulong)below);
}
