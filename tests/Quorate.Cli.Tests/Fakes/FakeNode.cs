using System.Collections.Concurrent;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.Extensions.Logging;

namespace Quorate.Cli.Tests.Fakes;

/// <summary>A request as it came over the wire.</summary>
internal sealed record SeenRequest(string Method, string Target, string? ContentType, byte[] Body);

/// <summary>A node that answers what a test tells it to, and remembers what it was asked.</summary>
internal sealed class FakeNode : IAsyncDisposable
{
    private readonly WebApplication _app;

    private FakeNode(WebApplication app) => _app = app;

    public ConcurrentQueue<SeenRequest> Seen { get; } = new();

    public string Endpoint => new Uri(_app.Urls.First()).Authority;

    public static async Task<FakeNode> StartAsync(Func<SeenRequest, HttpResponse, Task> answer)
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        var node = new FakeNode(builder.Build());
        node._app.Run(async context =>
        {
            var body = new MemoryStream();
            await context.Request.Body.CopyToAsync(body);
            var request = new SeenRequest(
                context.Request.Method,
                context.Features.GetRequiredFeature<IHttpRequestFeature>().RawTarget,
                context.Request.ContentType,
                body.ToArray());
            node.Seen.Enqueue(request);
            await answer(request, context.Response);
        });
        await node._app.StartAsync();
        return node;
    }

    public static Task<FakeNode> StartAsync(int status, string body = "") => StartAsync((_, response) =>
    {
        response.StatusCode = status;
        response.Headers["Quorate-Revision"] = "17";
        response.Headers["Quorate-Term"] = "3";
        return response.WriteAsync(body);
    });

    public async ValueTask DisposeAsync() => await _app.DisposeAsync();
}
