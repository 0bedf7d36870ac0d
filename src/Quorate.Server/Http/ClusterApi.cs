using Microsoft.AspNetCore.Http;
using Quorate.Node;
using Quorate.Raft;

namespace Quorate.Server.Http;

/// <summary>What every endpoint of cluster life uses.</summary>
internal sealed record ClusterApiParts(
    IMemberGateway Member,
    INodeHost Host,
    LeaderGate Gate,
    AdminGuard Guard,
    Responder Responder,
    MemberOptions Settings,
    TimeProvider Time,
    TimeSpan UsualTimeout);

/// <summary>
/// Who belongs to the cluster, who leads it, and how it begins and ends; see docs/operations/http-api.md. What changes
/// something is taken from loopback and members only.
/// </summary>
internal sealed class ClusterApi(ClusterApiParts parts, ServerOptions options)
{
    private readonly MembersEndpoint _members = new(parts);
    private readonly LeaderEndpoint _leader = new(parts);
    private readonly JoinEndpoint _join = new(parts);
    private readonly SetupEndpoint _setup = new(parts);
    private readonly EndEndpoint _end = new(parts);

    /// <summary>Answers a request for one of its routes.</summary>
    public async Task AnswerAsync(HttpContext http, Route route, string rest, string query)
    {
        if (IsGuarded(route, http.Request.Method) && await parts.Guard.JudgeAsync(http) is { } refusal)
        {
            await parts.Responder.SendErrorAsync(http, refusal);
            return;
        }

        if (route == Route.Join)
        {
            await _join.AnswerAsync(http, query, Deadline.After(parts.Time, parts.UsualTimeout));
            return;
        }

        var parameters = Parameters.Of(query, "timeout", "force");
        var timeout = parameters.Time("timeout", options.RequestTimeoutMax) ?? parts.UsualTimeout;
        var force = parameters.Flag("force");
        if (parameters.Fault is { } fault)
        {
            await parts.Responder.SendErrorAsync(http, ApiError.Invalid(fault));
            return;
        }

        var deadline = Deadline.After(parts.Time, timeout);
        await (route switch
        {
            Route.Members => _members.AnswerAsync(http, rest, force, deadline),
            Route.Leader when HttpMethods.IsGet(http.Request.Method) => _leader.GetAsync(http),
            Route.Leader => _leader.TransferAsync(http, deadline),
            Route.StepDown => _leader.StepDownAsync(http, deadline),
            Route.Election => _leader.ElectAsync(http, deadline),
            Route.Setup => _setup.PostAsync(http, deadline),
            Route.Shutdown => _end.ShutdownAsync(http),
            Route.Kill => _end.KillAsync(http),
            Route.Init => _end.InitAsync(http),
            Route.Info => _end.InfoAsync(http),
            _ => throw new InvariantViolationException($"{route} is a route of cluster life"),
        });
    }

    private static bool IsGuarded(Route route, string method) => route switch
    {
        Route.Members or Route.Leader => !HttpMethods.IsGet(method),
        Route.Info => false,
        _ => true,
    };
}
