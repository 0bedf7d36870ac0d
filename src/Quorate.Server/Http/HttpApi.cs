using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;
using Quorate.Node;
using Quorate.Raft;

namespace Quorate.Server.Http;

/// <summary>
/// The simple HTTP API; see docs/operations/http-api.md. Takes every request, finds its resource by the raw target
/// and answers it, whatever happens: a fault of ours is a 500 that says so.
/// </summary>
internal sealed class HttpApi : IDisposable
{
    private static readonly ApiError Stopping = Refusals.Of(RefusalReason.ShuttingDown);

    private static readonly ApiError Failed = new(
        ErrorCode.Internal, "this server failed; the request may have been done");

    private readonly ServerOptions _options;
    private readonly TimeProvider _time;
    private readonly ServerMetrics _metrics;
    private readonly ILogger _logger;
    private readonly Responder _responder;
    private readonly KvEndpoints _kv;
    private readonly PlainKvEndpoint _plain;
    private readonly CompactEndpoint _compact;
    private readonly ClusterApi _cluster;
    private readonly StatusEndpoint _status;
    private readonly ProbeEndpoints _probes;
    private readonly TimeSpan _usualTimeout;
    private readonly Action<Exception> _mustStop;
    private readonly CancellationTokenSource _stopping = new();

    /// <summary>Builds the API over a member.</summary>
    /// <param name="member">Who decides.</param>
    /// <param name="host">Who runs the member.</param>
    /// <param name="options">The bounds.</param>
    /// <param name="settings">The member's settings, for status and the usual time limit.</param>
    /// <param name="services">Time, metrics, log.</param>
    /// <param name="mustStop">Told when a law of the house is broken: the node must stop.</param>
    public HttpApi(
        IMemberGateway member,
        INodeHost host,
        ServerOptions options,
        MemberOptions settings,
        HttpApiServices services,
        Action<Exception> mustStop)
    {
        _options = options;
        _time = services.Time;
        _metrics = services.Metrics;
        _logger = services.Logger;
        _mustStop = mustStop;
        _usualTimeout = options.RequestTimeout ?? TimeSpan.FromSeconds(5) + 2 * settings.ElectionTimeout;
        _responder = new Responder(member);
        var gate = new LeaderGate(member, _responder, services.Time, _stopping.Token);
        var writes = new Writes(member, _responder, gate, options.Compat, services.Logger);
        var reads = new Reads(member, _responder, gate, options.Compat);
        var guard = new AdminGuard(member, options);
        _kv = new KvEndpoints(options, _responder, writes, reads);
        _plain = new PlainKvEndpoint(_responder, writes, reads);
        _compact = new CompactEndpoint(_responder, writes, guard);
        _cluster = new ClusterApi(
            new ClusterApiParts(member, host, gate, guard, _responder, settings, _time, _usualTimeout), options);
        _status = new StatusEndpoint(member, options, settings, _usualTimeout, _responder);
        _probes = new ProbeEndpoints(member, _responder, _usualTimeout);
    }

    /// <summary>From now on every request is refused and none waits for a leader: what is under way can end.</summary>
    public void BeginStop() => _stopping.Cancel();

    /// <inheritdoc/>
    public void Dispose() => _stopping.Dispose();

    /// <summary>Answers one request.</summary>
    public async Task HandleAsync(HttpContext http)
    {
        var startedAt = _time.GetTimestamp();
        var route = Route.None;
        try
        {
            await AnswerAsync(http, out route);
        }
        catch (BadHttpRequestException exception)
        {
            // The body broke off, came too slowly or was framed wrongly.
            await SendLateErrorAsync(http, ErrorOf(exception));
        }
        catch (MemberRestartingException restarting)
        {
            await SendLateErrorAsync(http, new ApiError(ErrorCode.NoLeader, restarting.Message));
        }
        catch (Exception exception) when (IsCallerGone(http, exception))
        {
            http.Abort();
        }
        catch (Exception exception)
        {
            // The edge: whatever was not foreseen is told to the caller and to the log, once.
            _logger.RequestFailed(exception, http.Request.Method, RawTarget.Of(http));
            if (exception is InvariantViolationException)
            {
                _mustStop(exception);
            }

            await SendLateErrorAsync(http, Failed);
        }

        _metrics.RequestAnswered(route, http.Response.StatusCode, _time.GetElapsedTime(startedAt));
    }

    private Task AnswerAsync(HttpContext http, out Route route)
    {
        route = Route.None;
        if (_stopping.IsCancellationRequested)
        {
            http.Response.Headers.Connection = "close";
            return _responder.SendErrorAsync(http, Stopping);
        }

        if (!RequestTarget.TryParse(RawTarget.Of(http), out var target))
        {
            return _responder.SendErrorAsync(http, NoSuchPath(RawTarget.Of(http)));
        }

        route = Routes.Match(target.Path, out var rest);
        if (route == Route.None)
        {
            return _responder.SendErrorAsync(http, NoSuchPath(target.Path));
        }

        if (!Routes.Allows(route, http.Request.Method))
        {
            return _responder.SendErrorAsync(http, WrongMethod(route, http.Request.Method));
        }

        return route switch
        {
            Route.Keys or Route.Key or Route.Compact => CheckedAsync(http, route, rest, target.Query),
            Route.Status => _status.GetAsync(http),
            Route.Health => _probes.HealthAsync(http, ProbeQuery.Parse(target.Query)),
            Route.Readyz => _probes.ReadyAsync(http, rest.ToString(), ProbeQuery.Parse(target.Query)),
            Route.Livez => _probes.LiveAsync(http, rest.ToString(), ProbeQuery.Parse(target.Query)),
            Route.Version => _probes.VersionAsync(http),
            Route.Set or Route.Get or Route.Remove => _plain.AnswerAsync(
                http, route, target.Query.ToString(), Deadline.After(_time, _usualTimeout)),
            _ => _cluster.AnswerAsync(http, route, rest.ToString(), target.Query.ToString()),
        };
    }

    private Task CheckedAsync(HttpContext http, Route route, ReadOnlySpan<char> rest, ReadOnlySpan<char> text)
    {
        if (KeyQuery.Parse(text, _options.RequestTimeoutMax, out var query) is { } fault)
        {
            return _responder.SendErrorAsync(http, ApiError.Invalid(fault));
        }

        var deadline = Deadline.Start(_time, query, _usualTimeout);
        if (route == Route.Compact)
        {
            return _compact.PostAsync(http, query, deadline);
        }

        if (route == Route.Keys)
        {
            return HttpMethods.IsPost(http.Request.Method)
                ? _kv.PostAsync(http, query, deadline)
                : _kv.OneKeyAsync(http, path: null, query, deadline);
        }

        return PercentDecoder.Decode(rest, out var key, out var faultAt) is var wrong and not PercentFault.None
            ? _responder.SendErrorAsync(http, ApiError.Invalid(KeyFault(wrong, faultAt)))
            : _kv.OneKeyAsync(http, key, query, deadline);
    }

    // An answer under way cannot be taken back: the caller sees it break off.
    private async Task SendLateErrorAsync(HttpContext http, ApiError error)
    {
        if (http.Response.HasStarted)
        {
            http.Abort();
            return;
        }

        http.Response.Clear();
        http.Response.Headers.Connection = "close";
        await _responder.SendErrorAsync(http, error);
    }

    private static bool IsCallerGone(HttpContext http, Exception exception) =>
        http.RequestAborted.IsCancellationRequested && exception is OperationCanceledException or IOException;

    private static string KeyFault(PercentFault fault, int at) => fault switch
    {
        PercentFault.BadEscape => $"the percent sign at character {at + 1} of the key has no two hex digits behind it",
        PercentFault.Zero => "a key in a path cannot hold a zero byte; use /key?key=<base64url>",
        _ => $"character {at + 1} of the key is not ASCII; percent-encode it",
    };

    private static ApiError ErrorOf(BadHttpRequestException exception) => exception.StatusCode switch
    {
        StatusCodes.Status413PayloadTooLarge => new(ErrorCode.TooLarge, exception.Message),
        StatusCodes.Status408RequestTimeout => ApiError.Invalid("the body came too slowly"),
        _ => ApiError.Invalid("the body broke off, or is framed wrongly"),
    };

    private static ApiError NoSuchPath(ReadOnlySpan<char> path) => new(ErrorCode.NotFound, $"there is no path {path}");

    private static ApiError WrongMethod(Route route, string method)
    {
        var allowed = Routes.Allowed(route);
        return new ApiError(ErrorCode.MethodNotAllowed, $"{method} is not possible here; {allowed} is")
        {
            Allow = allowed,
        };
    }
}

/// <summary>What every part of the API may use.</summary>
/// <param name="Time">The clock for time limits.</param>
/// <param name="Metrics">The counters.</param>
/// <param name="Logger">The log.</param>
internal sealed record HttpApiServices(TimeProvider Time, ServerMetrics Metrics, ILogger Logger);
