namespace Quorate.Raft;

/// <summary>
/// Why a change of the configuration was not taken. Each means: not done, and never will be. Part of the wire.
/// </summary>
public enum ConfigRefusal : byte
{
    /// <summary>This member does not lead.</summary>
    NotLeader = 1,

    /// <summary>No entry of the leader's term is committed yet: an older change may still be on its way.</summary>
    NotReady = 2,

    /// <summary>Leadership is being handed over.</summary>
    Transferring = 3,

    /// <summary>Another change is not finished; one at a time.</summary>
    ChangeUnderWay = 4,

    /// <summary>Too much is waiting for disk, quorum or apply.</summary>
    Overloaded = 5,

    /// <summary>It would leave no voter.</summary>
    LastVoter = 6,

    /// <summary>It names a voter that was no learner before.</summary>
    NotALearner = 7,

    /// <summary>It names a learner that is a voter now.</summary>
    StillAVoter = 8,

    /// <summary>The learner to be promoted has not caught up with the log.</summary>
    NotCaughtUp = 9,

    /// <summary>Too few of the voters it names are connected to the leader: it would cost the quorum.</summary>
    WouldLoseQuorum = 10,
}
