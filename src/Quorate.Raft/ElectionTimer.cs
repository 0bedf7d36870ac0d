namespace Quorate.Raft;

/// <summary>
/// Counts ticks down to an election. Each timeout is drawn anew, so that members seldom fire together.
/// </summary>
internal sealed class ElectionTimer(RaftOptions options, IRandomSource random)
{
    private int _ticksLeft;

    /// <summary>Ticks until the timeout has passed.</summary>
    public int TicksLeft => _ticksLeft;

    /// <summary>A whole timeout: from <c>ElectionTicks</c> to below twice that (thesis 3.4).</summary>
    public void Restart() => _ticksLeft = options.ElectionTicks + Draw(options.ElectionTicks);

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
