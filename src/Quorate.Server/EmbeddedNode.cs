using System.Diagnostics.Metrics;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Quorate.Node;

namespace Quorate.Server;

/// <summary>A node in somebody's host: starts and stops with the host, and the host stops when the node must.</summary>
internal sealed class EmbeddedNode(
    ServerOptions options,
    MemberOptions settings,
    ILoggerFactory loggers,
    IMeterFactory? meters,
    IHostApplicationLifetime lifetime) : BackgroundService
{
    private QuorateServer? _server;

    /// <summary>Answers a request from the host's pipeline.</summary>
    public Task HandleAsync(HttpContext http)
    {
        if (_server is { } server)
        {
            return server.HandleAsync(http);
        }

        http.Response.StatusCode = StatusCodes.Status503ServiceUnavailable;
        http.Response.Headers.RetryAfter = "1";
        return Task.CompletedTask;
    }

    /// <inheritdoc/>
    public override async Task StartAsync(CancellationToken cancellationToken)
    {
        _server = await QuorateServer.StartAsync(options, settings, loggers, meters, cancellationToken);
        await base.StartAsync(cancellationToken);
    }

    /// <inheritdoc/>
    public override async Task StopAsync(CancellationToken cancellationToken)
    {
        if (_server is { } server)
        {
            await server.StopAsync();
        }

        await base.StopAsync(cancellationToken);
    }

    /// <inheritdoc/>
    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        try
        {
            await _server!.Stopped;
        }
        finally
        {
            lifetime.StopApplication();
        }
    }
}
