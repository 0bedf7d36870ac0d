using Quorate.Raft;

namespace Quorate.Node;

/// <content>The same requests for callers that await: a pooled layer over the callbacks.</content>
public sealed partial class Member
{
    private readonly Lock _leaderGate = new();
    private readonly List<TaskCompletionSource> _leaderWaiters = [];
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
    public async Task<bool> WaitForLeaderAsync(
        TimeSpan timeout, TimeProvider time, CancellationToken cancellationToken)
    {
        var waiter = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        lock (_leaderGate)
        {
            if (_loop.RaftStatus.Leader != NodeId.None)
            {
                return true;
            }

            _leaderWaiters.Add(waiter);
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
            lock (_leaderGate)
            {
                _leaderWaiters.Remove(waiter);
            }
        }
    }

    private void CompleteLeaderWaiters()
    {
        if (_loop.RaftStatus.Leader == NodeId.None)
        {
            return;
        }

        lock (_leaderGate)
        {
            foreach (var waiter in _leaderWaiters)
            {
                waiter.TrySetResult();
            }
        }
    }
}
