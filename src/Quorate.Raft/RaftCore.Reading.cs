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

    /// <summary>The configuration in force, and where it stands.</summary>
    public ConfigEntry Config => _log.Configs[^1];

    /// <summary>The newest configuration that is known to be committed.</summary>
    public ConfigEntry CommittedConfig => _log.ConfigAt(_commit);

    /// <summary>Whether a change of the configuration is not finished.</summary>
    public bool IsChanging => _log.Config.IsJoint || _log.Configs[^1].Index > _commit;

    /// <summary>On a leader: to whom leadership is being handed, or none.</summary>
    public NodeId TransferTarget => (_role as RoleState.Leader)?.Transfer?.Target ?? NodeId.None;

    /// <summary>Where the log ends.</summary>
    public LogIndex LastIndex => _log.LastIndex;

    /// <summary>Whether everything in the log is durable, committed and applied, and nothing is on its way.</summary>
    public bool IsIdle => _writes.IsIdle && _applied == _log.LastIndex && _held.Count == 0;
}
