using Quorate.Mvcc;
using Quorate.Node;
using Quorate.Raft;

namespace Quorate.Server.Http;

/// <summary>The member's words for what went wrong, in the words of the HTTP API.</summary>
internal static class Refusals
{
    private static readonly ApiError Replaced = new(
        ErrorCode.NoLeader, "the leader changed before the write was committed, and dropped it; it was not done");

    private static readonly ApiError WriteTimeout = new(
        ErrorCode.Timeout, "the write was proposed, and whether it is done was not known in time");

    private static readonly ApiError ReadTimeout = new(
        ErrorCode.Timeout, "no majority confirmed the read in time") { HarmlessToRepeat = true };

    /// <summary>Why a write brought no success; null when it did.</summary>
    public static ApiError? Of(in ProposeOutcome outcome) => outcome.Kind switch
    {
        OutcomeKind.Done => Of(outcome.Result),
        OutcomeKind.NotDone => outcome.Refused is { } reason ? Of(reason) : Replaced,
        _ => WriteTimeout,
    };

    /// <summary>Why a read may not be answered; null when it may.</summary>
    public static ApiError? Of(in ReadOutcome outcome) =>
        outcome.Confirmed ? null : outcome.Refused is { } reason ? Of(reason) : ReadTimeout;

    /// <summary>Why a proposal or read was not taken.</summary>
    public static ApiError Of(RefusalReason reason) => reason switch
    {
        RefusalReason.NoLeader => new(ErrorCode.NoLeader, "no leader is known; an election may be under way"),
        RefusalReason.NotLeader => new(ErrorCode.NotLeader, "the member that was asked does not lead any more"),
        RefusalReason.NotReady => new(ErrorCode.NoLeader, "the leader is new and cannot serve yet"),
        RefusalReason.Overloaded => new(ErrorCode.TooManyRequests, "too much is waiting for disk, quorum or apply"),
        RefusalReason.Transferring => new(ErrorCode.NoLeader, "leadership is being handed over"),
        RefusalReason.NoSpace => new(ErrorCode.NoSpace, "the leader's disk has no room for more log"),
        RefusalReason.Unconfigured => new(
            ErrorCode.Unconfigured,
            "this node belongs to no cluster yet; add it at a member of one (quorate member add, or POST /join there), "
            + "or make it the first of a new one (quorate raft-add with its own name)"),
        RefusalReason.Removed => new(
            ErrorCode.Unconfigured, "this node was removed from its cluster; empty it with quorate reset, then add it")
        {
            Refusal = "removed",
        },
        RefusalReason.Joining => new(ErrorCode.NoLeader, "this node is being taken into another cluster"),
        RefusalReason.ShuttingDown => new(ErrorCode.ShuttingDown, "this node is stopping"),
        _ => new(ErrorCode.Internal, $"refused for a reason that has no name here: {reason}"),
    };

    private static ApiError? Of(in ApplyResult result) => result.Error switch
    {
        ApplyError.None => null,
        ApplyError.Compacted => new(ErrorCode.PreconditionFailed, "that revision is compacted already"),
        ApplyError.FutureRevision => new(
            ErrorCode.PreconditionFailed, $"that revision is not there yet; the store stands at {result.Revision}"),
        var error => new(ErrorCode.Internal, $"committed and without effect: {ErrorTexts.Of(error)}"),
    };
}
