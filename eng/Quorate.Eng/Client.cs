using System.Net;
using System.Net.Sockets;
using System.Text;
using System.Text.Json;

namespace Quorate.Eng;

/// <summary>Puts and gets over HTTP at one node at a time, with the outcomes kept apart.</summary>
public sealed class Client(TimeSpan timeout) : IDisposable
{
    private readonly HttpClient _http = new(new SocketsHttpHandler { MaxConnectionsPerServer = 1024 })
    {
        Timeout = timeout,
    };

    public async Task<Outcome> PutAsync(string node, string key, string value)
    {
        try
        {
            using var content = new ByteArrayContent(Encoding.UTF8.GetBytes(value));
            content.Headers.ContentType = new("application/octet-stream");
            using var answer = await _http.PutAsync($"{node}/key/{key}", content);
            return answer.StatusCode switch
            {
                >= HttpStatusCode.OK and < HttpStatusCode.MultipleChoices => Outcome.Acknowledged,
                HttpStatusCode.InternalServerError or HttpStatusCode.BadGateway or HttpStatusCode.GatewayTimeout
                    => Outcome.Unknown,
                _ => Outcome.Refused,
            };
        }
        catch (HttpRequestException e)
            when (e.InnerException is SocketException { SocketErrorCode: SocketError.ConnectionRefused })
        {
            return Outcome.Refused;
        }
        catch (Exception e) when (e is HttpRequestException or TaskCanceledException)
        {
            return Outcome.Unknown;
        }
    }

    /// <summary>The value of a key, null if there is none. Throws when the node does not answer.</summary>
    public async Task<string?> GetAsync(string node, string key)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, $"{node}/key/{key}");
        request.Headers.Accept.Add(new("application/octet-stream"));
        using var answer = await _http.SendAsync(request);
        if (answer.StatusCode == HttpStatusCode.NotFound)
        {
            return null;
        }

        answer.EnsureSuccessStatusCode();
        return await answer.Content.ReadAsStringAsync();
    }

    /// <summary>The node's status, null when it does not answer.</summary>
    public async Task<NodeStatus?> StatusAsync(string node)
    {
        try
        {
            using var limit = new CancellationTokenSource(TimeSpan.FromSeconds(2));
            await using var answer = await _http.GetStreamAsync($"{node}/status", limit.Token);
            using var json = await JsonDocument.ParseAsync(answer, cancellationToken: limit.Token);
            return NodeStatus.From(json.RootElement);
        }
        catch (Exception e)
            when (e is HttpRequestException or OperationCanceledException or JsonException or IOException)
        {
            return null;
        }
    }

    /// <summary>Drops the history below the current revision.</summary>
    public async Task CompactAsync(string node)
    {
        using var answer = await _http.PostAsync($"{node}/compact", content: null);
        answer.EnsureSuccessStatusCode();
    }

    public void Dispose() => _http.Dispose();
}
