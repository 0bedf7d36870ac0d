namespace Quorate.Raft;

/// <summary>What the shell may ask at any time.</summary>
public sealed partial class RaftCore
{
    /// <summary>The term this member is in.</summary>
    public Term Term => _hard.Term;

    /// <summary>The leader it knows in this term, itself included, or none.</summary>
    public NodeId Leader => LeaderId;

    /// <summary>Highest index known safe on a quorum.</summary>
    public LogIndex Commit => _commit;

    /// <summary>First index of the log.</summary>
    public LogIndex First => _log.First;

    /// <summary>Last entry of the log.</summary>
    public EntryId Last => _log.Last;

    /// <summary>The header of an entry of the log, from <see cref="First"/> to <see cref="Last"/>.</summary>
    public EntryHeader HeaderAt(LogIndex index) => _log.HeaderAt(index);
}
