using System.Text.Json;
using Microsoft.AspNetCore.Http;
using Quorate.Mvcc;

namespace Quorate.Server.Http;

/// <summary><c>POST /compact</c>: gives up the history below a revision.</summary>
internal sealed class CompactEndpoint(Responder responder, Writes writes, AdminGuard guard)
{
    private const int BodyBytesMax = 1024;

    private static readonly ApiError BadBody = ApiError.Invalid(
        "the body must be {\"revision\":n} with a whole number n of 1 or more, or empty for the current revision");

    /// <summary>Answers the request.</summary>
    public async Task PostAsync(HttpContext http, KeyQuery query, Deadline deadline)
    {
        if (await guard.JudgeAsync(http) is { } refusal)
        {
            await responder.SendErrorAsync(http, refusal);
            return;
        }

        using var body = await RequestBody.ReadAsync(http.Request, BodyBytesMax, http.RequestAborted);
        if (body is null || !TryRevision(body.Bytes.Span, out var revision))
        {
            await responder.SendErrorAsync(http, BadBody);
            return;
        }

        await writes.ProposeAsync(http, new CompactCommand(revision), query, deadline);
    }

    private static bool TryRevision(ReadOnlySpan<byte> body, out long revision)
    {
        revision = 0;
        if (body.IsEmpty)
        {
            return true;
        }

        try
        {
            var reader = new Utf8JsonReader(body);
            return reader.Read() && reader.TokenType == JsonTokenType.StartObject
                && reader.Read() && reader.TokenType == JsonTokenType.PropertyName
                && reader.ValueTextEquals("revision"u8)
                && reader.Read() && reader.TokenType == JsonTokenType.Number
                && reader.TryGetInt64(out revision) && revision > 0
                && reader.Read() && reader.TokenType == JsonTokenType.EndObject
                && !reader.Read();
        }
        catch (JsonException)
        {
            return false;
        }
    }
}
