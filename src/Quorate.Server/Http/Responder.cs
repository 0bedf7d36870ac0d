using System.Globalization;
using System.Text.Json;
using Microsoft.AspNetCore.Http;
using Microsoft.Net.Http.Headers;
using Quorate.Mvcc;
using Quorate.Node;
using Quorate.Raft;

namespace Quorate.Server.Http;

/// <summary>Writes answers: headers, JSON, errors. Nothing here waits for more than the socket.</summary>
internal sealed class Responder(IMemberGateway member)
{
    private const string Json = "application/json";
    private const string Bytes = "application/octet-stream";
    private const string Text = "text/plain; charset=utf-8";
    private readonly AnswerBuffers _buffers = new();
    private Stamp _stamp = new(default, default, "", "");

    /// <summary>A buffer for a JSON answer; <see cref="SendAsync"/> takes it back.</summary>
    public AnswerBuffer Rent() => _buffers.Rent();

    /// <summary>Says which member answers, and in which term.</summary>
    public void StampMember(HttpResponse response, RaftStatus raft)
    {
        // Written on every request, made anew once a term: a race costs one string.
        var stamp = _stamp;
        if (stamp.Term != raft.HardState.Term.Value || stamp.Self != raft.Self.Value)
        {
            var term = raft.HardState.Term.Value;
            stamp = new Stamp(term, raft.Self.Value, Number(term), $"{raft.Self.Value:x16}");
            _stamp = stamp;
        }

        response.Headers["Quorate-Term"] = stamp.TermText;
        response.Headers["Quorate-Member"] = stamp.SelfText;
    }

    /// <summary>Says which revision was written or read.</summary>
    public void StampRevision(HttpResponse response, Revision revision) =>
        response.Headers["Quorate-Revision"] = revision.Value.ToString(CultureInfo.InvariantCulture);

    /// <summary>Says how old a stale read may be.</summary>
    public void StampAge(HttpResponse response, ulong index, long? ageMs)
    {
        response.Headers["Quorate-Index"] = Number(index);
        if (ageMs is { } age)
        {
            response.Headers["Quorate-Age-Ms"] = age.ToString(CultureInfo.InvariantCulture);
        }
    }

    /// <summary>200 and nothing else.</summary>
    public Task SendNothingAsync(HttpResponse response)
    {
        response.ContentLength = 0;
        return Task.CompletedTask;
    }

    /// <summary>Sends a JSON answer and takes its buffer back.</summary>
    public async Task SendAsync(HttpResponse response, AnswerBuffer buffer)
    {
        await WriteAsync(response, buffer.Finish(), Json);
        _buffers.Return(buffer);
    }

    /// <summary>Sends a value as it is.</summary>
    public Task SendBytesAsync(HttpResponse response, ReadOnlyMemory<byte> value) =>
        WriteAsync(response, value, Bytes);

    /// <summary>Sends lines of text.</summary>
    public Task SendTextAsync(HttpResponse response, string text) =>
        WriteAsync(response, System.Text.Encoding.UTF8.GetBytes(text), Text);

    /// <summary>Sends the caller to the leader.</summary>
    public Task RedirectAsync(HttpResponse response, string location)
    {
        response.StatusCode = StatusCodes.Status307TemporaryRedirect;
        response.Headers[HeaderNames.Location] = location;
        return SendNothingAsync(response);
    }

    /// <summary>Sends a refusal; see docs/operations/http-api.md for its fields.</summary>
    public Task SendErrorAsync(HttpContext http, ApiError error) => SendErrorAsync(http, error, static _ => { });

    /// <summary>Sends a refusal with more fields of its own.</summary>
    public Task SendErrorAsync(HttpContext http, ApiError error, Action<Utf8JsonWriter> writeMore)
    {
        var status = member.Status;
        var response = http.Response;
        response.StatusCode = error.Kind.Status;
        StampMember(response, status.Raft);
        if (error.Kind.SaysWhen)
        {
            response.Headers[HeaderNames.RetryAfter] = "1";
        }

        if (error.Allow is { } allowed)
        {
            response.Headers[HeaderNames.Allow] = allowed;
        }

        var buffer = Rent();
        var json = buffer.Json;
        json.WriteStartObject();
        json.WriteString("code"u8, error.Kind.Name);
        json.WriteString("message"u8, error.Message);
        WriteLeader(buffer, LeaderInfo.Of(status), http.Request.Scheme);
        json.WriteBoolean("retryable"u8, error.Retryable);
        json.WriteString("outcome"u8, error.Outcome);
        if (error.Refusal is { } refusal)
        {
            json.WriteString("refusal"u8, refusal);
        }

        writeMore(json);
        json.WriteEndObject();
        return SendAsync(response, buffer);
    }

    private static void WriteLeader(AnswerBuffer buffer, LeaderInfo? leader, string scheme)
    {
        var json = buffer.Json;
        if (leader is null)
        {
            json.WriteNull("leader"u8);
            return;
        }

        json.WriteStartObject("leader"u8);
        json.WriteString("id"u8, leader.Name);
        json.WriteString("address"u8, leader.PeerAddress);
        json.WriteString("url"u8, leader.ClientUrl(scheme));
        json.WriteEndObject();
    }

    private static async Task WriteAsync(HttpResponse response, ReadOnlyMemory<byte> body, string contentType)
    {
        response.ContentType = contentType;
        response.ContentLength = body.Length;
        await response.BodyWriter.WriteAsync(body);
    }

    private static string Number(ulong value) => value.ToString(CultureInfo.InvariantCulture);

    private sealed record Stamp(ulong Term, ulong Self, string TermText, string SelfText);
}
