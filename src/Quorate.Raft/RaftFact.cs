namespace Quorate.Raft;

/// <summary>Something that happened in the core, told by <see cref="Ready.Facts"/>.</summary>
public abstract record RaftFact
{
    private RaftFact()
    {
    }

    /// <summary>The term moved.</summary>
    public sealed record TermChanged(Term From, Term To) : RaftFact;
}
