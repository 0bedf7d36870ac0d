using System.Net;
using System.Net.Http.Headers;
using System.Text.Json;
using System.Text.Json.Serialization.Metadata;

namespace Quorate.Cli.Client;

/// <summary>
/// The simple HTTP API as a client sees it. It stands where the client library will stand.
/// A read may be tried anywhere; a write goes to another node only when it is certain that nothing was done,
/// so that no write ever happens twice.
/// </summary>
internal sealed class HttpKv : IDisposable
{
    private const string Bytes = "application/octet-stream";
    private readonly HttpKvOptions _options;
    private readonly HttpExchange _exchange;

    public HttpKv(HttpKvOptions options)
    {
        _options = options;
        _exchange = new HttpExchange(options);
    }

    public Task<PutAnswer> PutAsync(byte[] key, byte[] value, CancellationToken cancellationToken) =>
        _exchange.SendAsync(
            endpoint => new HttpRequestMessage(HttpMethod.Put, KeyUri(endpoint, key, ""))
            {
                Content = new ByteArrayContent(value) { Headers = { ContentType = new MediaTypeHeaderValue(Bytes) } },
            },
            Sending.Write,
            (reply, _) => new PutAnswer(Ours(reply)),
            cancellationToken);

    public Task<GetAnswer> GetAsync(byte[] key, string level, CancellationToken cancellationToken) =>
        _exchange.SendAsync(
            endpoint => new HttpRequestMessage(
                HttpMethod.Get, KeyUri(endpoint, key, $"&verbose&encoding=base64&level={level}")),
            Sending.Read,
            (reply, body) => new GetAnswer(
                Ours(reply), reply.Status == HttpStatusCode.NotFound ? null : ToVersion(body)),
            cancellationToken);

    public Task<DeleteAnswer> DeleteAsync(byte[] key, CancellationToken cancellationToken) =>
        _exchange.SendAsync(
            endpoint => new HttpRequestMessage(HttpMethod.Delete, KeyUri(endpoint, key, "&verbose")),
            Sending.Write,
            (reply, body) => new DeleteAnswer(Ours(reply), Read(body, ClientJson.Default.VerboseDelete).Existed),
            cancellationToken);

    /// <summary>What one node says of itself; it answers without a leader.</summary>
    public async Task<NodeStatus> StatusAsync(Endpoint endpoint, CancellationToken cancellationToken) =>
        Read(await StatusBytesAsync(endpoint, cancellationToken), ClientJson.Default.NodeStatus);

    /// <summary>The same as the node wrote it.</summary>
    public Task<byte[]> StatusBytesAsync(Endpoint endpoint, CancellationToken cancellationToken) =>
        _exchange.SendToAsync(
            endpoint,
            to => new HttpRequestMessage(HttpMethod.Get, new Uri(to.Uri, "status")),
            (_, body) => body,
            cancellationToken);

    public void Dispose() => _exchange.Dispose();

    internal static NodeStatus ReadStatus(byte[] body) => Read(body, ClientJson.Default.NodeStatus);

    // A node with raftdb's habits answers for a key that is not there too, without a version.
    private static KeyVersion? ToVersion(byte[] body)
    {
        var found = Read(body, ClientJson.Default.VerboseValue);
        return found.Version == 0
            ? null
            : new KeyVersion(found.Value ?? [], found.CreateRevision, found.ModRevision, found.Version);
    }

    internal static T Read<T>(byte[] body, JsonTypeInfo<T> type)
    {
        try
        {
            return JsonSerializer.Deserialize(body, type) ?? throw NotOurs();
        }
        catch (JsonException)
        {
            throw NotOurs();
        }
    }

    // Any server may answer 200 to a PUT. Only a node says the revision, which is never 0.
    private static AnswerHeader Ours(Reply reply) => reply.Header.Revision > 0 ? reply.Header : throw NotOurs();

    internal static KvException NotOurs() => new(
        KvFault.Refused, "the answer is not that of a Quorate node; check --endpoints");

    // The path is sent as written here: "%2F", "." and ".." are part of the key.
    private Uri KeyUri(Endpoint endpoint, byte[] key, string query)
    {
        var wait = _options.Wait > TimeSpan.Zero ? $"&wait={Milliseconds(_options.Wait)}ms" : "";
        return new Uri(
            $"{endpoint.Uri}key/{PercentEncode(key)}?timeout={Milliseconds(_options.Timeout)}ms{wait}{query}",
            new UriCreationOptions { DangerousDisablePathAndQueryCanonicalization = true });
    }

    private static long Milliseconds(TimeSpan span) => (long)span.TotalMilliseconds;

    internal static string PercentEncode(byte[] key) => string.Concat(key.Select(
        b => b < 0x80 && (char.IsAsciiLetterOrDigit((char)b) || b is (byte)'-' or (byte)'_')
            ? $"{(char)b}"
            : $"%{b:X2}"));
}
