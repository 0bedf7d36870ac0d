namespace Quorate.Raft;

/// <summary>What must be durable before anything that rests on it may leave (thesis, figure 3.1).</summary>
/// <param name="Term">The newest term this member knows.</param>
/// <param name="Vote">Whom it voted for in that term, or <see cref="NodeId.None"/>.</param>
public readonly record struct HardState(Term Term, NodeId Vote)
{
    /// <summary>As in <c>t3 vote=n1</c>.</summary>
    public override string ToString() => $"t{Term} vote={Vote}";
}
