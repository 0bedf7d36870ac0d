using System.Net;
using System.Net.Http.Headers;
using System.Text.Json;

namespace Quorate.Server;

/// <summary>One question: <c>POST /join</c> with a name and a Raft address; see docs/operations/http-api.md.</summary>
internal sealed class JoinCall(TimeSpan timeout) : IDisposable
{
    private const int AnswerBytesMax = 64 * 1024;
    private const string Unreachable = "unreachable";

    // A redirect to the leader (307) keeps method and body.
    private readonly HttpClient _client = new(new SocketsHttpHandler
    {
        AllowAutoRedirect = true,
        MaxAutomaticRedirections = 5,
        UseProxy = false,
        ConnectTimeout = TimeSpan.FromSeconds(2),
    })
    {
        Timeout = timeout,
        MaxResponseContentBufferSize = AnswerBytesMax,
    };

    /// <summary>Asks, and waits for the answer within the time of one question.</summary>
    public async Task<JoinAnswer> AskAsync(Uri url, string name, string address, CancellationToken stopping)
    {
        try
        {
            using var content = new ByteArrayContent(BodyOf(name, address));
            content.Headers.ContentType = new MediaTypeHeaderValue("application/json");
            using var response = await _client.PostAsync(url, content, stopping);
            return Judge(response.StatusCode, await response.Content.ReadAsByteArrayAsync(stopping));
        }
        catch (HttpRequestException fault)
        {
            return new JoinAnswer(JoinAnswerKind.NotYet, $"nobody answers ({fault.Message})");
        }
        catch (OperationCanceledException) when (!stopping.IsCancellationRequested)
        {
            return new JoinAnswer(JoinAnswerKind.NotYet, "no answer in time");
        }
    }

    /// <inheritdoc/>
    public void Dispose() => _client.Dispose();

    /// <summary>What an answer means.</summary>
    internal static JoinAnswer Judge(HttpStatusCode status, ReadOnlySpan<byte> body)
    {
        if (status == HttpStatusCode.OK)
        {
            return new JoinAnswer(JoinAnswerKind.Accepted, "yes");
        }

        var (message, refusal, isRetryable) = Read(body);
        var words = message.Length > 0 ? message : $"it answered {(int)status}";
        var kind = refusal == Unreachable ? JoinAnswerKind.Unreachable
            : isRetryable || (int)status >= 500 ? JoinAnswerKind.NotYet
            : JoinAnswerKind.Refused;
        return new JoinAnswer(kind, words);
    }

    private static byte[] BodyOf(string name, string address)
    {
        using var bytes = new MemoryStream();
        using (var json = new Utf8JsonWriter(bytes))
        {
            json.WriteStartObject();
            json.WriteString("id"u8, name);
            json.WriteString("addr"u8, address);
            json.WriteEndObject();
        }

        return bytes.ToArray();
    }

    // Whoever answers may be no node of ours at all.
    private static (string Message, string Refusal, bool IsRetryable) Read(ReadOnlySpan<byte> body)
    {
        try
        {
            var reader = new Utf8JsonReader(body);
            using var answer = JsonDocument.ParseValue(ref reader);
            return answer.RootElement.ValueKind == JsonValueKind.Object
                ? (Text(answer, "message"), Text(answer, "refusal"), Flag(answer, "retryable"))
                : ("", "", false);
        }
        catch (JsonException)
        {
            return ("", "", false);
        }
    }

    private static string Text(JsonDocument answer, string field) =>
        answer.RootElement.TryGetProperty(field, out var value) && value.ValueKind == JsonValueKind.String
            ? value.GetString() ?? ""
            : "";

    private static bool Flag(JsonDocument answer, string field) =>
        answer.RootElement.TryGetProperty(field, out var value) && value.ValueKind == JsonValueKind.True;
}
