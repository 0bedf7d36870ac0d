using System.Net.Sockets;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.AspNetCore.Server.Kestrel.Transport.Sockets;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using Quorate.Server.Http;

namespace Quorate.Server;

/// <summary>
/// Kestrel on the client URLs, with the API as its whole application: no host, no middleware, nothing between the
/// parsed request and <see cref="HttpApi"/>.
/// </summary>
internal sealed class ClientListener : IHttpApplication<HttpContext>, IDisposable
{
    // A key in a path is up to three times as long as its bytes. Longer ones come in bodies.
    private const int RequestLineBytesMax = 64 * 1024;
    private readonly KestrelServerOptions _settings = new() { AddServerHeader = false };
    private readonly KestrelServer _kestrel;
    private readonly ServerOptions _options;
    private readonly HttpApi _api;

    /// <summary>Sets Kestrel up; nothing is looked up or bound before <see cref="StartAsync"/>.</summary>
    public ClientListener(ServerOptions options, HttpApi api, ILoggerFactory loggers)
    {
        _options = options;
        _api = api;
        _settings.Limits.MaxConcurrentConnections = options.ConnectionsMax;
        _settings.Limits.MaxRequestLineSize = RequestLineBytesMax;

        // The API counts bodies itself, so that its refusal can say which limit it was.
        _settings.Limits.MaxRequestBodySize = null;
        var sockets = new SocketTransportFactory(Options.Create(new SocketTransportOptions()), loggers);
        _kestrel = new KestrelServer(Options.Create(_settings), sockets, loggers);
    }

    /// <summary>Where clients are served, with the ports that were given for port 0.</summary>
    public IReadOnlyList<string> Urls =>
        _kestrel.Features.Get<IServerAddressesFeature>()?.Addresses.ToArray() ?? [];

    /// <summary>Binds and serves.</summary>
    /// <exception cref="IOException">An address cannot be bound; the message names it.</exception>
    public async Task StartAsync(CancellationToken cancellationToken)
    {
        foreach (var url in _options.ListenClientUrls)
        {
            Listen(url);
        }

        try
        {
            await _kestrel.StartAsync(this, cancellationToken);
        }
        catch (SocketException fault)
        {
            // Kestrel itself explains only a port in use.
            throw ListenUrl.CannotBind(string.Join(", ", _options.ListenClientUrls), fault);
        }
    }

    /// <summary>Takes no more connections and waits for requests under way; the token cuts the wait short.</summary>
    public Task StopAsync(CancellationToken cancellationToken) => _kestrel.StopAsync(cancellationToken);

    /// <inheritdoc/>
    public HttpContext CreateContext(IFeatureCollection contextFeatures)
    {
        if (contextFeatures.Get<RejectionWriter>() is { } writer)
        {
            writer.IsOurs = true;
        }

        return new DefaultHttpContext(contextFeatures);
    }

    /// <inheritdoc/>
    public Task ProcessRequestAsync(HttpContext context) => _api.HandleAsync(context);

    /// <inheritdoc/>
    public void DisposeContext(HttpContext context, Exception? exception)
    {
        if (context.Features.Get<RejectionWriter>() is { } writer)
        {
            writer.IsOurs = false;
        }
    }

    /// <inheritdoc/>
    public void Dispose() => _kestrel.Dispose();

    private static void Configure(ListenOptions listen)
    {
        listen.Protocols = HttpProtocols.Http1;
        listen.Use(next => connection =>
        {
            var writer = new RejectionWriter(connection.Transport.Output);
            connection.Transport = new RejectingTransport(connection.Transport.Input, writer);
            connection.Features.Set(writer);
            return next(connection);
        });
    }

    private void Listen(string text)
    {
        if (ListenUrl.Parse(text, out var url) is { } fault)
        {
            throw new ArgumentException($"The client URL {fault}.", nameof(text));
        }

        foreach (var endPoint in url.Resolve())
        {
            _settings.Listen(endPoint, Configure);
        }
    }
}
