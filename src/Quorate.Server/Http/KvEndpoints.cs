using Microsoft.AspNetCore.Http;
using Quorate.Mvcc;

namespace Quorate.Server.Http;

/// <summary><c>/key</c>: from a request to a command or a read.</summary>
internal sealed class KvEndpoints(
    ServerOptions options, Responder responder, Writes writes, Reads reads)
{
    private static readonly ApiError NoKey = ApiError.Invalid(
        "no key is named; use /key/<key>, or /key?key=<base64url>");

    private static readonly ApiError KeyWithBody = ApiError.Invalid(
        "POST takes its keys from the body; to write the one key of ?key= use PUT");

    private static readonly ApiError TwoKeys = ApiError.Invalid("the key is given twice: in the path and as ?key=");

    /// <summary><c>POST /key</c>: all pairs of the body in one atomic entry.</summary>
    public async Task PostAsync(HttpContext http, KeyQuery query, Deadline deadline)
    {
        if (query.Key is not null)
        {
            await responder.SendErrorAsync(http, KeyWithBody);
            return;
        }

        using var body = await RequestBody.ReadAsync(http.Request, options.BodyBytesMax, http.RequestAborted);
        if (body is null)
        {
            await responder.SendErrorAsync(http, BodyTooLarge());
            return;
        }

        var pairs = new List<KeyPair>(1);
        if (KeyPairReader.Read(body.Bytes, query.Base64, pairs) is { } fault)
        {
            await responder.SendErrorAsync(http, ApiError.Invalid(fault));
            return;
        }

        if (pairs.Count > options.KeysMax)
        {
            await responder.SendErrorAsync(http, TooManyKeys(pairs.Count));
            return;
        }

        await writes.ProposeAsync(http, CommandOf(pairs), query, deadline);
    }

    /// <summary><c>GET</c>, <c>PUT</c> and <c>DELETE</c> of one key.</summary>
    /// <param name="http">The request.</param>
    /// <param name="path">The key from the path; null where the path names none.</param>
    /// <param name="query">How the caller wants it.</param>
    /// <param name="deadline">When the caller wants an answer.</param>
    public Task OneKeyAsync(HttpContext http, byte[]? path, KeyQuery query, Deadline deadline)
    {
        if (path is not null && query.Key is not null)
        {
            return responder.SendErrorAsync(http, TwoKeys);
        }

        var key = path ?? query.Key ?? [];
        if (key.Length == 0)
        {
            return responder.SendErrorAsync(http, NoKey);
        }

        var method = http.Request.Method;
        return HttpMethods.IsGet(method) ? reads.GetAsync(http, key, query, deadline)
            : HttpMethods.IsPut(method) ? PutAsync(http, key, query, deadline)
            : writes.ProposeAsync(http, new DeleteRangeCommand(key), query, deadline);
    }

    private async Task PutAsync(HttpContext http, byte[] key, KeyQuery query, Deadline deadline)
    {
        using var body = await RequestBody.ReadAsync(http.Request, options.BodyBytesMax, http.RequestAborted);
        if (body is null)
        {
            await responder.SendErrorAsync(http, BodyTooLarge());
            return;
        }

        var value = body.Bytes;
        if (query.Base64 && !KeyPairReader.TryBase64(body.Bytes.Span, out value))
        {
            await responder.SendErrorAsync(http, ApiError.Invalid("the body is not base64"));
            return;
        }

        await writes.ProposeAsync(http, new PutCommand(key, value), query, deadline);
    }

    // A transaction of one operation would do the same and cost more, in the log too.
    private static Command CommandOf(List<KeyPair> pairs) => pairs is [var only]
        ? new PutCommand(only.Key, only.Value)
        : new TxnCommand(
            [], [.. pairs.Select(pair => new TxnOperation.Put(new PutCommand(pair.Key, pair.Value)))], []);

    private ApiError BodyTooLarge() => new(
        ErrorCode.TooLarge,
        $"the body has more than {options.BodyBytesMax} bytes; a command has at most {CommandLimits.BytesMax}");

    private ApiError TooManyKeys(int count) => new(
        ErrorCode.TooLarge, $"the body names {count} keys; at most {options.KeysMax} fit in one request");
}
