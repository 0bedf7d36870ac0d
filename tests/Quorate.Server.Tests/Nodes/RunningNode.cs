using System.Net;
using System.Net.Sockets;
using System.Text;
using Microsoft.Extensions.Logging.Abstractions;
using Quorate.Node;
using Quorate.Server.Tests.Http;

namespace Quorate.Server.Tests.Nodes;

/// <summary>One real node on loopback: files in a directory of its own, ports that were free.</summary>
internal sealed class RunningNode(
    string name, string directory, IReadOnlyList<StartMember> cluster, string clientUrl) : IAsyncDisposable
{
    private QuorateServer? _server;

    /// <summary>Whose habits the HTTP API keeps.</summary>
    public Compat Compat { get; init; }

    public string Name => name;

    public string ClientUrl => clientUrl;

    public QuorateServer Server => _server ?? throw new InvalidOperationException($"{name} does not run.");

    public HttpClient Client { get; } = new(new SocketsHttpHandler { AllowAutoRedirect = false, UseProxy = false })
    {
        BaseAddress = new Uri(clientUrl),
        Timeout = TimeSpan.FromMinutes(2),
    };

    public static RunningNode[] Cluster(string directory, params string[] names)
    {
        var ports = FreePorts(2 * names.Length);
        var members = names.Select((name, at) => new StartMember(name, [$"http://127.0.0.1:{ports[at]}"])).ToArray();
        return [.. names.Select((name, at) => new RunningNode(
            name, Path.Combine(directory, name), members, $"http://127.0.0.1:{ports[names.Length + at]}"))];
    }

    /// <summary>Nodes that know nothing of each other, each a cluster of one when it is started.</summary>
    public static RunningNode[] Lone(string directory, Compat compat, params string[] names)
    {
        var ports = FreePorts(2 * names.Length);
        return [.. names.Select((name, at) => new RunningNode(
            name,
            Path.Combine(directory, name),
            [new StartMember(name, [$"http://127.0.0.1:{ports[at]}"])],
            $"http://127.0.0.1:{ports[names.Length + at]}")
        {
            Compat = compat,
        })];
    }

    /// <summary>Host and port of its Raft listener.</summary>
    public string PeerAddress => new Uri(MemberOptions.AdvertisePeerUrls[0]).Authority;

    public ServerOptions ServerOptions => new()
    {
        ListenClientUrls = [clientUrl],
        ListenPeerUrls = cluster.Single(member => member.Name == name).PeerUrls,
        Compat = Compat,
    };

    public MemberOptions MemberOptions => new()
    {
        Name = name,
        DataDirectory = directory,
        InitialCluster = cluster,
        AdvertisePeerUrls = cluster.Single(member => member.Name == name).PeerUrls,
        AdvertiseClientUrls = [clientUrl],
    };

    public async Task StartAsync() => _server = await QuorateServer.StartAsync(
        ServerOptions, MemberOptions, NullLoggerFactory.Instance, meters: null, CancellationToken.None);

    public async Task StopAsync()
    {
        if (_server is { } server)
        {
            await server.StopAsync();
            _server = null;
        }
    }

    public async Task<Answer> SendAsync(HttpMethod method, string target, byte[]? body = null)
    {
        using var request = new HttpRequestMessage(method, target);
        request.Content = body is null ? null : new ByteArrayContent(body);
        using var response = await Client.SendAsync(request);
        return await Answer.ReadAsync(response);
    }

    public Task<Answer> GetAsync(string target) => SendAsync(HttpMethod.Get, target);

    public Task<Answer> PostAsync(string target, string body) =>
        SendAsync(HttpMethod.Post, target, Encoding.UTF8.GetBytes(body));

    public async ValueTask DisposeAsync()
    {
        await StopAsync();
        Client.Dispose();
    }

    private static int[] FreePorts(int count)
    {
        var listeners = Enumerable.Range(0, count).Select(_ => new TcpListener(IPAddress.Loopback, 0)).ToArray();
        foreach (var listener in listeners)
        {
            listener.Start();
        }

        var ports = listeners.Select(listener => ((IPEndPoint)listener.LocalEndpoint).Port).ToArray();
        foreach (var listener in listeners)
        {
            listener.Dispose();
        }

        return ports;
    }
}
