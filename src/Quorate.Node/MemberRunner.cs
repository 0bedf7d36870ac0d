namespace Quorate.Node;

/// <summary>
/// Runs a member in production: a thread for each loop and one that ticks. When a loop fails the node stops; the
/// process is to end with the message of <see cref="Stopped"/>.
/// </summary>
public sealed class MemberRunner : IAsyncDisposable
{
    private readonly Member _member;
    private readonly MemberOptions _options;
    private readonly TimeProvider _time;
    private readonly PumpThread _node;
    private readonly PumpThread _apply;
    private readonly PumpThread _background;
    private readonly Thread _ticker;
    private readonly ManualResetEventSlim _stopTicking = new();
    private readonly TaskCompletionSource _stopped = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private int _disposed;
    private bool _failed;

    private MemberRunner(Member member, MemberOptions options, TimeProvider time)
    {
        _member = member;
        _options = options;
        _time = time;
        _node = new PumpThread("quorate-node", member.PumpNode, Fail);
        _apply = new PumpThread("quorate-apply", member.PumpApply, Fail);
        _background = new PumpThread("quorate-background", member.PumpBackground, Fail);
        _ticker = new Thread(Tick) { Name = "quorate-tick", IsBackground = true };
    }

    /// <summary>
    /// Ends when the runner was disposed; faults (<see cref="NodeFailedException"/>) when a loop failed.
    /// </summary>
    public Task Stopped => _stopped.Task;

    /// <summary>Starts the threads.</summary>
    public static MemberRunner Start(Member member, MemberOptions options, TimeProvider time)
    {
        ArgumentNullException.ThrowIfNull(member);
        var runner = new MemberRunner(member, options, time);
        member.OnSignals(runner._node.Signal, runner._apply.Signal, runner._background.Signal);
        runner._node.Start();
        runner._apply.Start();
        runner._background.Start();
        runner._ticker.Start();
        return runner;
    }

    /// <summary>Stops the loops, tells every waiter that is left, closes the files.</summary>
    public ValueTask DisposeAsync()
    {
        if (Interlocked.Exchange(ref _disposed, 1) == 0)
        {
            _stopTicking.Set();
            _ticker.Join();
            _node.Stop();
            _apply.Stop();
            _background.Stop();
            _member.Stop();
            _member.Dispose();
            _stopTicking.Dispose();
            _stopped.TrySetResult();
        }

        return ValueTask.CompletedTask;
    }

    // Monotonic time to ticks. After a pause of the process not more than one election timeout is told at once.
    private void Tick()
    {
        var last = _time.GetTimestamp();
        while (!_stopTicking.Wait(_options.TickInterval))
        {
            var passed = _time.GetElapsedTime(last).Ticks / _options.TickInterval.Ticks;
            if (passed == 0)
            {
                continue;
            }

            last += (long)(passed * _options.TickInterval.TotalSeconds * _time.TimestampFrequency);
            for (var i = 0; i < Math.Min(passed, _options.ElectionTicks); i++)
            {
                _member.Tick();
            }
        }
    }

    private void Fail(Exception fault)
    {
        var cause = fault is NodeFailedException failed ? failed : new NodeFailedException(fault);
        if (Interlocked.Exchange(ref _failed, true))
        {
            return;
        }

        // Said before the task faults: the process may end right then.
        _member.Fail(cause.InnerException ?? cause);
        _stopped.TrySetException(cause);
    }
}
