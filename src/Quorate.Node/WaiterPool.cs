using System.Threading.Tasks.Sources;

namespace Quorate.Node;

/// <summary>Waiters that callers await, used again and again: a request allocates nothing to wait.</summary>
internal sealed class WaiterPool<T>
    where T : struct
{
    private const int KeptMax = 4096;
    private readonly Lock _gate = new();
    private readonly Stack<Waiter> _free = new();

    public Waiter Rent()
    {
        lock (_gate)
        {
            return _free.TryPop(out var waiter) ? waiter : new Waiter(this);
        }
    }

    private void Return(Waiter waiter)
    {
        lock (_gate)
        {
            if (_free.Count < KeptMax)
            {
                _free.Push(waiter);
            }
        }
    }

    /// <summary>One wait. Goes back to the pool when its result is taken, so it is awaited exactly once.</summary>
    public sealed class Waiter(WaiterPool<T> pool) : IValueTaskSource<T>, IProposalWaiter, IReadWaiter
    {
        private ManualResetValueTaskSourceCore<T> _core;

        public ValueTask<T> Task => new(this, _core.Version);

        // The casts box nothing: the compiler knows T in each of its two uses.
        public void Completed(in ProposeOutcome outcome) => _core.SetResult((T)(object)outcome);

        public void Completed(in ReadOutcome outcome) => _core.SetResult((T)(object)outcome);

        public T GetResult(short token)
        {
            try
            {
                return _core.GetResult(token);
            }
            finally
            {
                _core.Reset();
                pool.Return(this);
            }
        }

        public ValueTaskSourceStatus GetStatus(short token) => _core.GetStatus(token);

        public void OnCompleted(
            Action<object?> continuation, object? state, short token, ValueTaskSourceOnCompletedFlags flags) =>
            _core.OnCompleted(continuation, state, token, flags);
    }
}
