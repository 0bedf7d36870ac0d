using System.Buffers;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;
using Quorate.Mvcc;
using Quorate.Node;
using Quorate.Raft;

namespace Quorate.Server.Http;

/// <summary>Proposes commands and answers when they are applied, never before.</summary>
internal sealed class Writes(
    IMemberGateway member, Responder responder, LeaderGate gate, Compat compat, ILogger logger)
{
    /// <summary>Proposes <paramref name="command"/> and answers the request.</summary>
    /// <param name="http">The request.</param>
    /// <param name="command">What to do; it must stay as it is until the task has ended.</param>
    /// <param name="query">How the caller wants it.</param>
    /// <param name="deadline">When the caller wants an answer.</param>
    public async Task ProposeAsync(HttpContext http, Command command, KeyQuery query, Deadline deadline)
    {
        var length = CommandCodec.EncodedLength(command);
        if (length > CommandLimits.BytesMax)
        {
            await responder.SendErrorAsync(http, TooLarge(length));
            return;
        }

        if ((query.Wait > TimeSpan.Zero || query.Redirect) && await gate.AnsweredAsync(http, query, deadline))
        {
            return;
        }

        if (compat != Compat.None && member.Raft.Role != RaftRole.Leader && member.Raft.Leader != NodeId.None)
        {
            await AnswerAtFollowerAsync(http);
            return;
        }

        // The member has taken its copy of the bytes, or refused them, before it answers.
        var encoded = ArrayPool<byte>.Shared.Rent(length);
        CommandCodec.Write(command, encoded.AsSpan(0, length));
        ProposeOutcome outcome;
        do
        {
            outcome = await member.ProposeAsync(encoded.AsMemory(0, length), deadline.Left);
        }
        while (outcome.Kind == OutcomeKind.NotDone
            && await gate.MayTryAgainAsync(http, outcome.Refused, query, deadline));
        ArrayPool<byte>.Shared.Return(encoded);

        if (Refusals.Of(outcome) is { } refusal)
        {
            await responder.SendErrorAsync(http, refusal);
            return;
        }

        responder.StampMember(http.Response, member.Raft);
        responder.StampRevision(http.Response, outcome.Result.Revision);
        await (query.Verbose ? SendVerboseAsync(http, command, outcome) : responder.SendNothingAsync(http.Response));
    }

    // As raftdb and balsa have it: a follower does not pass a write on.
    private Task AnswerAtFollowerAsync(HttpContext http)
    {
        if (compat == Compat.Raftdb)
        {
            return gate.RedirectAsync(http);
        }

        logger.NotALeader(http.Request.Method);
        return responder.SendErrorAsync(
            http, new ApiError(ErrorCode.NotLeader, "this member is not a leader; nothing was stored"));
    }

    private Task SendVerboseAsync(HttpContext http, Command command, in ProposeOutcome outcome)
    {
        var buffer = responder.Rent();
        buffer.Json.WriteStartObject();
        buffer.Json.WriteNumber("revision"u8, outcome.Result.Revision.Value);
        if (command is DeleteRangeCommand)
        {
            buffer.Json.WriteBoolean("existed"u8, outcome.Result.Deleted > 0);
        }

        buffer.Json.WriteEndObject();
        return responder.SendAsync(http.Response, buffer);
    }

    private static ApiError TooLarge(int length) => new(
        ErrorCode.TooLarge,
        $"the command takes {length} bytes; at most {CommandLimits.BytesMax} are allowed, keys and values together");
}
