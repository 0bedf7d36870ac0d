namespace Quorate.Node;

/// <summary>
/// Tells waiters on the thread pool, a batch in at most as many items as there are cores, so that apply goes on and
/// the answers of one batch do not cost a wake-up each.
/// </summary>
public sealed class PoolCompletions(int itemsMax) : ICompletionDispatcher
{
    private const int ItemSizeMin = 8;

    /// <inheritdoc/>
    public List<ProposalCompletion> Tell(List<ProposalCompletion> completions)
    {
        Queue(completions, static completion => completion.Tell());
        return [];
    }

    /// <inheritdoc/>
    public List<ReadCompletion> Tell(List<ReadCompletion> completions)
    {
        Queue(completions, static completion => completion.Tell());
        return [];
    }

    private void Queue<T>(List<T> completions, Action<T> tell)
    {
        var size = Math.Max(ItemSizeMin, (completions.Count + itemsMax - 1) / itemsMax);
        for (var from = 0; from < completions.Count; from += size)
        {
            var item = new Item<T>(completions, from, Math.Min(completions.Count, from + size), tell);
            ThreadPool.UnsafeQueueUserWorkItem(item, preferLocal: false);
        }
    }

    private sealed class Item<T>(List<T> completions, int from, int to, Action<T> tell) : IThreadPoolWorkItem
    {
        public void Execute()
        {
            for (var i = from; i < to; i++)
            {
                tell(completions[i]);
            }
        }
    }
}
