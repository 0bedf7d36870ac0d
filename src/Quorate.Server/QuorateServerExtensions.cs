using System.Diagnostics.Metrics;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Quorate.Node;

namespace Quorate.Server;

/// <summary>Puts a node into a .NET program that has a host of its own.</summary>
public static class QuorateServerExtensions
{
    /// <summary>Adds a node that starts and stops with the host.</summary>
    /// <param name="services">The host's services.</param>
    /// <param name="options">The client side; without URLs only <see cref="MapQuorate"/> serves the API.</param>
    /// <param name="settings">The member.</param>
    public static IServiceCollection AddQuorateServer(
        this IServiceCollection services, ServerOptions options, MemberOptions settings)
    {
        ArgumentNullException.ThrowIfNull(services);
        services.AddSingleton(provider => new EmbeddedNode(
            options,
            settings,
            provider.GetRequiredService<ILoggerFactory>(),
            provider.GetService<IMeterFactory>(),
            provider.GetRequiredService<IHostApplicationLifetime>()));
        return services.AddHostedService(provider => provider.GetRequiredService<EmbeddedNode>());
    }

    /// <summary>Serves the paths of the HTTP API from the host's own listeners.</summary>
    /// <param name="endpoints">The host's endpoints.</param>
    public static IEndpointRouteBuilder MapQuorate(this IEndpointRouteBuilder endpoints)
    {
        ArgumentNullException.ThrowIfNull(endpoints);
        var node = endpoints.ServiceProvider.GetRequiredService<EmbeddedNode>();
        string[] patterns =
        [
            "/key/{**key}", "/compact", "/status", "/health", "/readyz/{check?}", "/livez/{check?}", "/version",
            "/members/{**rest}", "/leader/{**rest}", "/election", "/join", "/set", "/get", "/remove",
            "/setup", "/shutdown", "/kill", "/init", "/info",
        ];
        foreach (var pattern in patterns)
        {
            endpoints.Map(pattern, (RequestDelegate)node.HandleAsync);
        }

        return endpoints;
    }
}
