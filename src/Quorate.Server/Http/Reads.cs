using System.Buffers.Text;
using System.Text.Unicode;
using Microsoft.AspNetCore.Http;
using Microsoft.Net.Http.Headers;
using Quorate.Mvcc;
using Quorate.Node;

namespace Quorate.Server.Http;

/// <summary>Answers <c>GET</c> of one key, linearizable unless the caller asks for less.</summary>
internal sealed class Reads(IMemberGateway member, Responder responder, LeaderGate gate, Compat compat)
{
    private static readonly ApiError ValueIsNoText = new(
        ErrorCode.NotAcceptable,
        "the value is not UTF-8; ask with ?encoding=base64, or with Accept: application/octet-stream");

    private static readonly ApiError KeyIsNoText = new(
        ErrorCode.NotAcceptable,
        "the key is not UTF-8 and cannot stand in JSON; ask with /key?key=<base64url>&encoding=base64, "
        + "or with Accept: application/octet-stream");

    /// <summary>Reads <paramref name="key"/> and answers the request.</summary>
    public async Task GetAsync(HttpContext http, byte[] key, KeyQuery query, Deadline deadline)
    {
        if (query.Level != ReadLevel.Stale)
        {
            if ((query.Wait > TimeSpan.Zero || query.Redirect) && await gate.AnsweredAsync(http, query, deadline))
            {
                return;
            }

            ReadOutcome confirmed;
            do
            {
                confirmed = await member.ReadIndexAsync(deadline.Left);
            }
            while (confirmed.Refused is { } refused && await gate.MayTryAgainAsync(http, refused, query, deadline));
            if (Refusals.Of(confirmed) is { } refusal)
            {
                await responder.SendErrorAsync(http, refusal);
                return;
            }
        }

        var found = Look(key, query.Level);
        Stamp(http.Response, found);
        await AnswerAsync(http, key, query, found);
    }

    private Found Look(byte[] key, ReadLevel level)
    {
        // Taken before the view, so that the age is never understated.
        var age = level == ReadLevel.Stale ? member.Status.MsSinceLeader : null;
        using var view = member.OpenView();
        var exists = view.TryGet(key, out var kv);
        return new Found(exists, kv, view.Revision, view.Applied.Index, level, age);
    }

    private void Stamp(HttpResponse response, in Found found)
    {
        responder.StampMember(response, member.Raft);
        responder.StampRevision(response, found.Revision);
        if (found.Level == ReadLevel.Stale)
        {
            responder.StampAge(response, found.Index, found.AgeMs);
        }
    }

    private Task AnswerAsync(HttpContext http, byte[] key, KeyQuery query, in Found found)
    {
        if (!found.Exists && compat == Compat.Raftdb && Utf8.IsValid(key))
        {
            return SendEmptyAsync(http, key);
        }

        if (!found.Exists)
        {
            var missing = new ApiError(ErrorCode.NotFound, $"the key \"{KeyText.Shown(key)}\" does not exist");
            return responder.SendErrorAsync(http, missing);
        }

        if (WantsBytes(http.Request))
        {
            return responder.SendBytesAsync(http.Response, found.Kv.Value);
        }

        var keyAsBase64 = query is { Base64: true, Key: not null };
        if (!keyAsBase64 && !Utf8.IsValid(key))
        {
            return responder.SendErrorAsync(http, KeyIsNoText);
        }

        return query.Base64 || Utf8.IsValid(found.Kv.Value.Span)
            ? SendJsonAsync(http, keyAsBase64 ? Base64Url.EncodeToUtf8(key) : key, query, found)
            : responder.SendErrorAsync(http, ValueIsNoText);
    }

    // As raftdb has it: a key that is not there reads as one without a value.
    private Task SendEmptyAsync(HttpContext http, byte[] key)
    {
        var buffer = responder.Rent();
        buffer.Json.WriteStartObject();
        buffer.Json.WriteString(key, ReadOnlySpan<byte>.Empty);
        buffer.Json.WriteEndObject();
        return responder.SendAsync(http.Response, buffer);
    }

    private Task SendJsonAsync(HttpContext http, ReadOnlySpan<byte> key, KeyQuery query, in Found found)
    {
        var buffer = responder.Rent();
        buffer.Json.WriteStartObject();
        if (query.Verbose)
        {
            buffer.Json.WriteString("key"u8, key);
            WriteValue(buffer, "value"u8, query, found);
            WriteDetails(buffer, found);
        }
        else
        {
            WriteValue(buffer, key, query, found);
        }

        buffer.Json.WriteEndObject();
        return responder.SendAsync(http.Response, buffer);
    }

    private static void WriteValue(AnswerBuffer buffer, ReadOnlySpan<byte> name, KeyQuery query, in Found found)
    {
        if (query.Base64)
        {
            buffer.Json.WriteBase64String(name, found.Kv.Value.Span);
        }
        else
        {
            buffer.Json.WriteString(name, found.Kv.Value.Span);
        }
    }

    private static void WriteDetails(AnswerBuffer buffer, in Found found)
    {
        var json = buffer.Json;
        json.WriteNumber("createRevision"u8, found.Kv.CreateRevision.Value);
        json.WriteNumber("modRevision"u8, found.Kv.ModRevision.Value);
        json.WriteNumber("version"u8, found.Kv.Version);
        json.WriteNumber("revision"u8, found.Revision.Value);
        json.WriteString("level"u8, found.Level.ToString().ToLowerInvariant());
        if (found.Level != ReadLevel.Stale)
        {
            return;
        }

        json.WriteNumber("index"u8, found.Index);
        if (found.AgeMs is { } age)
        {
            json.WriteNumber("ageMs"u8, age);
        }
        else
        {
            json.WriteNull("ageMs"u8);
        }
    }

    private static bool WantsBytes(HttpRequest request)
    {
        var accept = request.Headers[HeaderNames.Accept];
        foreach (var line in accept)
        {
            if (line is not null && line.Contains("application/octet-stream", StringComparison.OrdinalIgnoreCase))
            {
                return !line.Contains("application/json", StringComparison.OrdinalIgnoreCase);
            }
        }

        return false;
    }

    private readonly record struct Found(
        bool Exists, KeyValue Kv, Revision Revision, ulong Index, ReadLevel Level, long? AgeMs);
}
