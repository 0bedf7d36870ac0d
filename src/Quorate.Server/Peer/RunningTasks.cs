namespace Quorate.Server;

/// <summary>Counts tasks that nobody awaits: they can be waited for together, and none fails unseen.</summary>
internal sealed class RunningTasks
{
    private readonly TaskCompletionSource _failed = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly TaskCompletionSource _ended = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private int _count = 1;

    /// <summary>Fails with the first task that fails; else never ends.</summary>
    public Task Failed => _failed.Task;

    /// <summary>Takes a task on.</summary>
    public void Add(Task task)
    {
        Interlocked.Increment(ref _count);
        task.ContinueWith(
            static (task, self) => ((RunningTasks)self!).OnEnded(task), this, CancellationToken.None,
            TaskContinuationOptions.ExecuteSynchronously, TaskScheduler.Default);
    }

    /// <summary>Ends when all have ended. Called once.</summary>
    public Task WhenAllEnded()
    {
        CountDown();
        return _ended.Task;
    }

    private void OnEnded(Task task)
    {
        if (task.Exception is { } exception)
        {
            _failed.TrySetException(exception.InnerExceptions);
        }

        CountDown();
    }

    private void CountDown()
    {
        if (Interlocked.Decrement(ref _count) == 0)
        {
            _ended.TrySetResult();
        }
    }
}
