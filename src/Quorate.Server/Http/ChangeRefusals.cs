using Quorate.Node;
using Quorate.Raft;

namespace Quorate.Server.Http;

/// <summary>Why the cluster was not changed, in the words of the HTTP API.</summary>
internal static class ChangeRefusals
{
    private static readonly ApiError Replaced = new(
        ErrorCode.NoLeader, "the leader changed before the change was committed, and dropped it; it was not done");

    private static readonly ApiError TimedOut = new(
        ErrorCode.Timeout, "the change was proposed, and whether it is done was not known in time; GET /members tells");

    /// <summary>Why a change brought no success; null when it did.</summary>
    public static ApiError? Of(in ChangeOutcome outcome) => outcome.Kind switch
    {
        OutcomeKind.Done => null,
        OutcomeKind.NotDone => outcome.Refused is { } why ? Of(why, outcome.Words) : Replaced,
        _ => TimedOut,
    };

    /// <summary>Why leadership was not handed over, or no election begun.</summary>
    public static ApiError Of(TransferRefusal why) => why switch
    {
        TransferRefusal.NotLeader => Named(why, ErrorCode.NotLeader, "this member does not lead"),
        TransferRefusal.LeadsAlready => Named(why, ErrorCode.Conflict, "that member leads already"),
        TransferRefusal.NoSuchVoter => Named(why, ErrorCode.PreconditionFailed, "there is no other voter to lead"),
        TransferRefusal.NotAVoter => Named(
            why, ErrorCode.PreconditionFailed, "this node is no voter of a cluster, and cannot lead"),
        TransferRefusal.UnderWay => Named(
            why, ErrorCode.Conflict, "leadership was not taken in time, and stays or is being handed over; try again")
            with { HarmlessToRepeat = true },
        _ => Named(why, ErrorCode.Conflict, "an earlier election is not settled here; try again")
            with { HarmlessToRepeat = true },
    };

    private static ApiError Of(ChangeRefusal why, string words) =>
        new(CodeOf(why), words)
        {
            Refusal = WordOf(why.ToString()),
            HarmlessToRepeat = why is ChangeRefusal.ChangeUnderWay or ChangeRefusal.NotCaughtUp or ChangeRefusal.Busy
                or ChangeRefusal.Unreachable,
        };

    private static ErrorCode CodeOf(ChangeRefusal why) => why switch
    {
        ChangeRefusal.NoLeader or ChangeRefusal.NotReady => ErrorCode.NoLeader,
        ChangeRefusal.Unconfigured or ChangeRefusal.Removed => ErrorCode.Unconfigured,
        ChangeRefusal.ShuttingDown => ErrorCode.ShuttingDown,
        ChangeRefusal.Overloaded => ErrorCode.TooManyRequests,
        ChangeRefusal.NoSuchMember => ErrorCode.NotFound,
        ChangeRefusal.Invalid => ErrorCode.InvalidArgument,
        ChangeRefusal.NameTaken => ErrorCode.NameTaken,
        ChangeRefusal.HasData => ErrorCode.HasData,
        ChangeRefusal.OtherCluster or ChangeRefusal.OtherDirectory => ErrorCode.OtherCluster,
        ChangeRefusal.LastVoter or ChangeRefusal.WouldLoseQuorum or ChangeRefusal.NotALearner
            or ChangeRefusal.TooMany => ErrorCode.PreconditionFailed,
        _ => ErrorCode.Conflict,
    };

    private static ApiError Named(TransferRefusal why, ErrorCode code, string words) =>
        new(code, words) { Refusal = WordOf(why.ToString()) };

    // As in no_such_member.
    private static string WordOf(string name) => string.Concat(
        name.Select((letter, i) => char.IsUpper(letter) && i > 0
            ? $"_{char.ToLowerInvariant(letter)}"
            : $"{char.ToLowerInvariant(letter)}"));
}
