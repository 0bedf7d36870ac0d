namespace Quorate.Node;

/// <summary>
/// Waiters that are decided and not yet told. Gathered under a table's lock, told outside of it, so that no waiter
/// runs inside a turn's critical part.
/// </summary>
internal sealed class Completions(ICompletionDispatcher dispatcher)
{
    private List<ProposalCompletion> _proposals = [];
    private List<ReadCompletion> _reads = [];

    public void Add(IProposalWaiter waiter, in ProposeOutcome outcome) => _proposals.Add(new(waiter, outcome));

    public void Add(IReadWaiter waiter, in ReadOutcome outcome) => _reads.Add(new(waiter, outcome));

    /// <summary>Hands everything gathered to the dispatcher.</summary>
    public void Tell()
    {
        if (_proposals.Count > 0)
        {
            _proposals = dispatcher.Tell(_proposals);
        }

        if (_reads.Count > 0)
        {
            _reads = dispatcher.Tell(_reads);
        }
    }
}

/// <summary>A proposal's waiter and what it is to be told.</summary>
public readonly record struct ProposalCompletion(IProposalWaiter Waiter, ProposeOutcome Outcome)
{
    /// <summary>Tells it.</summary>
    public void Tell() => Waiter.Completed(Outcome);
}

/// <summary>A read's waiter and what it is to be told.</summary>
public readonly record struct ReadCompletion(IReadWaiter Waiter, ReadOutcome Outcome)
{
    /// <summary>Tells it.</summary>
    public void Tell() => Waiter.Completed(Outcome);
}

/// <summary>Where waiters are told: at once in the simulator, in a few pool items in production.</summary>
public interface ICompletionDispatcher
{
    /// <summary>Tells all of them and returns an empty list to gather into; the one given may be kept.</summary>
    List<ProposalCompletion> Tell(List<ProposalCompletion> completions);

    /// <summary>Tells all of them and returns an empty list to gather into; the one given may be kept.</summary>
    List<ReadCompletion> Tell(List<ReadCompletion> completions);
}

/// <summary>Tells waiters on the calling thread, in order.</summary>
public sealed class InlineCompletions : ICompletionDispatcher
{
    /// <inheritdoc/>
    public List<ProposalCompletion> Tell(List<ProposalCompletion> completions)
    {
        foreach (var completion in completions)
        {
            completion.Tell();
        }

        completions.Clear();
        return completions;
    }

    /// <inheritdoc/>
    public List<ReadCompletion> Tell(List<ReadCompletion> completions)
    {
        foreach (var completion in completions)
        {
            completion.Tell();
        }

        completions.Clear();
        return completions;
    }
}
