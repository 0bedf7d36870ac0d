namespace Quorate.Raft;

/// <summary>What an entry carries. The numbers are part of the log format.</summary>
public enum EntryKind : byte
{
    /// <summary>Nothing: the first entry of each term (thesis 3.6.2, 6.4).</summary>
    Noop = 1,

    /// <summary>A command of the state machine.</summary>
    Command = 2,

    /// <summary>A cluster configuration, in force from its place in the log (thesis 4.1).</summary>
    ConfigChange = 3,
}
