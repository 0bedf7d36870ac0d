using Quorate.Raft;

namespace Quorate.Node;

/// <content>The same requests for callers that await: a pooled layer over the callbacks.</content>
public sealed partial class Member
{
    private readonly Lock _statusGate = new();
    private readonly List<StatusWaiter> _statusWaiters = [];
    private readonly WaiterPool<ProposeOutcome> _proposalWaiters = new();
    private readonly WaiterPool<ReadOutcome> _readWaiters = new();

    /// <summary>Proposes an encoded command that was validated; its bytes stay as they are until it returns.</summary>
    public ValueTask<ProposeOutcome> ProposeAsync(ReadOnlyMemory<byte> encodedCommand, TimeSpan timeout)
    {
        var waiter = _proposalWaiters.Rent();
        var task = waiter.Task;
        Propose(encodedCommand, _options.Ticks(timeout), waiter);
        return task;
    }

    /// <summary>Asks for a confirmed index; see <see cref="ReadIndex"/>.</summary>
    public ValueTask<ReadOutcome> ReadIndexAsync(TimeSpan timeout)
    {
        var waiter = _readWaiters.Rent();
        var task = waiter.Task;
        ReadIndex(_options.Ticks(timeout), waiter);
        return task;
    }

    /// <summary>Waits until a leader is known; false when none was in time.</summary>
    public Task<bool> WaitForLeaderAsync(
        TimeSpan timeout, TimeProvider time, CancellationToken cancellationToken) =>
        WaitAsync(() => _loop.RaftStatus.Leader != NodeId.None, timeout, time, cancellationToken);

    /// <summary>Waits until a published status fulfils something; false when none did in time.</summary>
    public Task<bool> WaitForAsync(
        Func<MemberStatus, bool> holds, TimeSpan timeout, TimeProvider time, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(holds);
        return WaitAsync(() => holds(Status()), timeout, time, cancellationToken);
    }

    private async Task<bool> WaitAsync(
        Func<bool> holds, TimeSpan timeout, TimeProvider time, CancellationToken cancellationToken)
    {
        var waiter = new StatusWaiter(holds);
        lock (_statusGate)
        {
            if (holds())
            {
                return true;
            }

            _statusWaiters.Add(waiter);
        }

        try
        {
            await waiter.Task.WaitAsync(timeout, time, cancellationToken);
            return true;
        }
        catch (TimeoutException)
        {
            return false;
        }
        finally
        {
            lock (_statusGate)
            {
                _statusWaiters.Remove(waiter);
            }
        }
    }

    private void TellStatusWaiters()
    {
        lock (_statusGate)
        {
            foreach (var waiter in _statusWaiters)
            {
                waiter.Look();
            }
        }
    }

    private sealed class StatusWaiter(Func<bool> holds)
    {
        private readonly TaskCompletionSource _seen = new(TaskCreationOptions.RunContinuationsAsynchronously);

        public Task Task => _seen.Task;

        public void Look()
        {
            if (!_seen.Task.IsCompleted && holds())
            {
                _seen.TrySetResult();
            }
        }
    }
}
