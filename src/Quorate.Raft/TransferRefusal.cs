namespace Quorate.Raft;

/// <summary>Why leadership is not handed over, or no election is begun.</summary>
public enum TransferRefusal : byte
{
    /// <summary>This member does not lead.</summary>
    NotLeader = 1,

    /// <summary>The member named leads already.</summary>
    LeadsAlready = 2,

    /// <summary>No voter of that id, or no other voter at all.</summary>
    NoSuchVoter = 3,

    /// <summary>A transfer is under way.</summary>
    UnderWay = 4,

    /// <summary>This member is no voter.</summary>
    NotAVoter = 5,

    /// <summary>Term and vote of an earlier election are not durable yet.</summary>
    NotDurable = 6,
}
