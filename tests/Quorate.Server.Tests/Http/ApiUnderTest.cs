using System.Net;
using System.Net.Http.Headers;
using System.Net.Sockets;
using System.Text;
using System.Text.Json;
using Microsoft.Extensions.Logging.Abstractions;
using Quorate.Node;
using Quorate.Server.Http;

namespace Quorate.Server.Tests.Http;

/// <summary>The HTTP API on a real Kestrel over a fake member.</summary>
internal sealed class ApiUnderTest : IAsyncDisposable
{
    private readonly ClientListener _listener;
    private readonly ServerMetrics _metrics;

    private ApiUnderTest(ServerOptions options)
    {
        _metrics = new ServerMetrics(meterFactory: null);
        var settings = new MemberOptions { Name = "n1", DataDirectory = "none", InitialCluster = [] };
        var services = new HttpApiServices(TimeProvider.System, _metrics, NullLogger.Instance);
        Api = new HttpApi(Member, Host, options, settings, services, Faults.Add);
        _listener = new ClientListener(options, Api, NullLoggerFactory.Instance);
        Client = new HttpClient(new SocketsHttpHandler { AllowAutoRedirect = false, UseProxy = false });
    }

    public FakeMember Member { get; } = new();

    public FakeHost Host { get; } = new();

    public HttpApi Api { get; }

    public List<Exception> Faults { get; } = [];

    public HttpClient Client { get; }

    public static async Task<ApiUnderTest> StartAsync(ServerOptions? options = null)
    {
        var api = new ApiUnderTest(options ?? new ServerOptions { ListenClientUrls = ["http://127.0.0.1:0"] });
        await api._listener.StartAsync(CancellationToken.None);
        api.Client.BaseAddress = new Uri(api._listener.Urls[0]);
        return api;
    }

    public async Task<Answer> SendAsync(
        HttpMethod method, string target, HttpContent? body = null, string? accept = null)
    {
        using var request = new HttpRequestMessage(method, target) { Content = body };
        if (accept is not null)
        {
            request.Headers.Accept.Add(MediaTypeWithQualityHeaderValue.Parse(accept));
        }

        using var response = await Client.SendAsync(request);
        return await Answer.ReadAsync(response);
    }

    public Task<Answer> GetAsync(string target) => SendAsync(HttpMethod.Get, target);

    public Task<Answer> PostAsync(string target, string body) =>
        SendAsync(HttpMethod.Post, target, new ByteArrayContent(Encoding.UTF8.GetBytes(body)));

    /// <summary>Sends bytes as they are and reads until the server closes.</summary>
    public async Task<string> SendRawAsync(string request)
    {
        using var socket = new TcpClient();
        await socket.ConnectAsync(IPAddress.Loopback, Client.BaseAddress!.Port);
        var stream = socket.GetStream();
        await stream.WriteAsync(Encoding.UTF8.GetBytes(request));
        using var reader = new StreamReader(stream, Encoding.UTF8);
        return await reader.ReadToEndAsync();
    }

    public Task<string> GetRawAsync(string target) =>
        SendRawAsync($"GET {target} HTTP/1.1\r\nHost: h\r\nConnection: close\r\n\r\n");

    public async ValueTask DisposeAsync()
    {
        Client.Dispose();
        await _listener.StopAsync(new CancellationToken(canceled: true));
        _listener.Dispose();
        Api.Dispose();
        _metrics.Dispose();
        Member.Dispose();
    }
}

/// <summary>An answer, read whole.</summary>
internal sealed record Answer(HttpStatusCode Status, IReadOnlyDictionary<string, string> Headers, byte[] Bytes)
{
    public string Text => Encoding.UTF8.GetString(Bytes);

    public JsonElement Json => JsonDocument.Parse(Bytes).RootElement;

    public string? Code => Json.GetProperty("code").GetString();

    public string? Message => Json.GetProperty("message").GetString();

    public string? Outcome => Json.GetProperty("outcome").GetString();

    public string? Header(string name) => Headers.GetValueOrDefault(name);

    public static async Task<Answer> ReadAsync(HttpResponseMessage response)
    {
        var all = response.Headers.Concat(response.Content.Headers);
        var headers = all.ToDictionary(
            pair => pair.Key, pair => string.Join(", ", pair.Value), StringComparer.OrdinalIgnoreCase);
        return new Answer(response.StatusCode, headers, await response.Content.ReadAsByteArrayAsync());
    }
}
