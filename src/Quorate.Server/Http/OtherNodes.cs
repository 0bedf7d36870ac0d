using System.Net;
using System.Text.Json;

namespace Quorate.Server.Http;

/// <summary>Who a node says it is; or why that is not known, a sentence.</summary>
internal readonly record struct NodeAnswer(string State, string ClusterId, string? Fault);

/// <summary>
/// What one node asks of another over its client listener, where no cluster joins them yet or any more.
/// </summary>
internal sealed class OtherNodes : IDisposable
{
    private const int AnswerBytesMax = 1024 * 1024;

    private readonly HttpClient _client = new(new SocketsHttpHandler
    {
        AllowAutoRedirect = false,
        UseProxy = false,
        ConnectTimeout = TimeSpan.FromSeconds(2),
    })
    {
        Timeout = TimeSpan.FromSeconds(3),
        MaxResponseContentBufferSize = AnswerBytesMax,
    };

    /// <summary>Asks a node who it is.</summary>
    public async Task<NodeAnswer> AskAsync(string url)
    {
        var (body, fault) = await SendAsync(HttpMethod.Get, url, "/status");
        if (body is null)
        {
            return new NodeAnswer("", "", fault);
        }

        try
        {
            using var status = JsonDocument.Parse(body);
            return new NodeAnswer(
                status.RootElement.GetProperty("nodeState").GetString() ?? "",
                status.RootElement.GetProperty("clusterId").GetString() ?? "",
                Fault: null);
        }
        catch (Exception wrong) when (wrong is JsonException or KeyNotFoundException or InvalidOperationException)
        {
            return new NodeAnswer("", "", $"what answers at {url} is no Quorate node");
        }
    }

    /// <summary>Ends a node in order.</summary>
    /// <returns>Null when it ends, else why not, a sentence.</returns>
    public async Task<string?> KillAsync(string url) => (await SendAsync(HttpMethod.Post, url, "/kill")).Fault;

    /// <inheritdoc/>
    public void Dispose() => _client.Dispose();

    private async Task<(byte[]? Body, string? Fault)> SendAsync(HttpMethod method, string url, string path)
    {
        if (!Uri.TryCreate($"{url.TrimEnd('/')}{path}", UriKind.Absolute, out var uri))
        {
            return (null, $"'{url}' is no address such as 127.0.0.1:7150");
        }

        try
        {
            using var request = new HttpRequestMessage(method, uri);
            using var response = await _client.SendAsync(request);
            var body = await response.Content.ReadAsByteArrayAsync();
            return response.StatusCode == HttpStatusCode.OK
                ? (body, null)
                : (null, $"{url} answered {(int)response.StatusCode}");
        }
        catch (HttpRequestException fault)
        {
            return (null, $"nobody answers at {url}: {fault.Message}");
        }
        catch (TaskCanceledException)
        {
            return (null, $"nobody answers at {url} in time");
        }
    }
}
