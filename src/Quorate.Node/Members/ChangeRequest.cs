using Quorate.Raft;

namespace Quorate.Node;

/// <summary>A change on its way from the member that was asked to its leader. Sent once, judged once.</summary>
/// <param name="Proposal">Its name; the log entry that it becomes carries it.</param>
/// <param name="Change">What to change.</param>
/// <param name="Force">Takes it although too few of the voters that remain are connected.</param>
/// <param name="TimeoutMs">How long it may wait for its turn.</param>
public sealed record ChangeRequest(ProposalId Proposal, MemberChange Change, bool Force, uint TimeoutMs);

/// <summary>What the leader says of a change that was asked elsewhere. The log says whether it was done.</summary>
/// <param name="Proposal">The change.</param>
/// <param name="Verdict">What became of it.</param>
/// <param name="Refused">Why it was refused.</param>
/// <param name="Member">Whom it is about.</param>
/// <param name="Words">What is wrong, and what to do.</param>
public sealed record ChangeAnswer(
    ProposalId Proposal, ChangeVerdict Verdict, ChangeRefusal? Refused, NodeId Member, string Words)
{
    /// <summary>Most bytes of the words on the wire.</summary>
    public const int WordsBytesMax = 1024;
}

/// <summary>What a leader says of a change. The numbers are part of the format; see docs/format/peer.md.</summary>
public enum ChangeVerdict : byte
{
    /// <summary>It stands in the leader's log.</summary>
    Taken = 1,

    /// <summary>Everything is so already.</summary>
    NothingToDo = 2,

    /// <summary>It was not done, and never will be.</summary>
    Refused = 3,
}
