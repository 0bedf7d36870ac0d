namespace Quorate.Simulator;

/// <summary>
/// The one change of configuration that the abstract model knows, from three voters to the third alone: a majority of
/// the three need not contain it, so the two configurations decide together in between. In force is what the log says.
/// </summary>
internal static class AbstractConfig
{
    private const int New = 3;

    /// <summary>Whether the change makes this node unlike the others.</summary>
    public static bool IsSpecial(AbstractBounds bounds, int id) => bounds.Change != AbstractChange.None && id == New;

    /// <summary>
    /// Whether a leader may take the next step: behind an entry of its own term that is committed, and, to leave the
    /// joint configuration, once that is.
    /// </summary>
    public static bool MayChange(AbstractBounds bounds, in AbstractNode node)
    {
        var steps = bounds.Change switch
        {
            AbstractChange.Joint => 2,
            AbstractChange.AtOnce => 1,
            _ => 0,
        };
        return Changes(node.Log) < steps && Changes(node.Log) == Changes(node.Log.Prefix(node.Commit))
            && node.Commit > 0 && node.Log.TermAt(node.Commit) == node.Term;
    }

    /// <summary>Section 3.6.2, counted by the configuration in force.</summary>
    public static bool MayCommit(AbstractBounds bounds, in AbstractNode leader, int index, int holders) =>
        leader.Log.TermAt(index) == leader.Term && IsQuorum(bounds, leader.Log, holders);

    /// <summary>Whether these nodes, one bit each, are a quorum of what a log says.</summary>
    public static bool IsQuorum(AbstractBounds bounds, AbstractLog log, int nodes)
    {
        var changes = Changes(log);
        var isJoint = bounds.Change == AbstractChange.Joint && changes == 1;
        return ((changes > 0 && !isJoint) || IsOldQuorum(nodes)) && (changes == 0 || IsNewQuorum(nodes));
    }

    /// <summary>
    /// Whether a committed log is where it must be. Its end may have been counted by a configuration behind it.
    /// </summary>
    public static bool IsKept(AbstractBounds bounds, AbstractLog committed, int holders) =>
        IsQuorum(bounds, committed, holders) || (Changes(committed) > 0 && IsNewQuorum(holders));

    private static int Changes(AbstractLog log) => int.PopCount(log.Bits >> 5);

    private static bool IsOldQuorum(int nodes) => AbstractRules.IsQuorum(int.PopCount(nodes), AbstractState.Voters);

    private static bool IsNewQuorum(int nodes) => (nodes & (1 << New)) != 0;
}
