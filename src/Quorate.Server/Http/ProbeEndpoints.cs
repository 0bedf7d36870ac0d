using System.Text;
using Microsoft.AspNetCore.Http;
using Quorate.Raft;

namespace Quorate.Server.Http;

/// <summary>
/// <c>/health</c>, <c>/readyz</c>, <c>/livez</c> and <c>/version</c>, in the forms that probes made for etcd know.
/// </summary>
internal sealed class ProbeEndpoints(IMemberGateway member, Responder responder, TimeSpan timeout)
{
    private const string StateWhole = "data_corruption";
    private const string LocalRead = "serializable_read";
    private const string QuorumRead = "linearizable_read";
    private const string Voter = "non_learner";
    private static readonly string[] ReadyChecks = [StateWhole, LocalRead, QuorumRead, Voter];
    private static readonly string[] LiveChecks = [LocalRead];
    private static readonly Term BootstrapTerm = new(1);

    /// <summary><c>GET /health</c>: may this member serve linearizable requests?</summary>
    public async Task HealthAsync(HttpContext http, ProbeQuery query)
    {
        var reason = await IllnessAsync(query);
        http.Response.StatusCode = reason.Length == 0
            ? StatusCodes.Status200OK
            : StatusCodes.Status503ServiceUnavailable;
        var buffer = responder.Rent();
        buffer.Json.WriteStartObject();

        // A string and no boolean: so it is in etcd, and its clients compare it as such.
        buffer.Json.WriteString("health"u8, reason.Length == 0 ? "true"u8 : "false"u8);
        buffer.Json.WriteString("reason"u8, reason);
        buffer.Json.WriteEndObject();
        await responder.SendAsync(http.Response, buffer);
    }

    /// <summary><c>GET /readyz</c>: should traffic come here?</summary>
    public Task ReadyAsync(HttpContext http, string only, ProbeQuery query) =>
        ProbeAsync(http, only, query, ReadyChecks);

    /// <summary><c>GET /livez</c>: should this process be left alone?</summary>
    public Task LiveAsync(HttpContext http, string only, ProbeQuery query) =>
        ProbeAsync(http, only, query, LiveChecks);

    /// <summary><c>GET /version</c>.</summary>
    public Task VersionAsync(HttpContext http)
    {
        // The entry that every start list begins with has term 1; the first election makes term 2.
        var elected = member.Status.Raft.HardState.Term > BootstrapTerm;
        var buffer = responder.Rent();
        buffer.Json.WriteStartObject();
        buffer.Json.WriteString("quorate"u8, ProductVersion.Text);
        buffer.Json.WriteString("etcdserver"u8, ProductVersion.Text);
        buffer.Json.WriteString("etcdcluster"u8, elected ? ProductVersion.Text : "not_decided");
        buffer.Json.WriteEndObject();
        return responder.SendAsync(http.Response, buffer);
    }

    private async ValueTask<string> IllnessAsync(ProbeQuery query)
    {
        if (member.Status.NoSpace && !query.Excludes("NOSPACE"))
        {
            return "ALARM NOSPACE";
        }

        if (query.Serializable)
        {
            return "";
        }

        if (member.Status.Raft.Leader == NodeId.None)
        {
            return "RAFT NO LEADER";
        }

        return await FailureAsync(QuorumRead) is { } failure ? $"RANGE ERROR:{failure}" : "";
    }

    private async Task ProbeAsync(HttpContext http, string only, ProbeQuery query, string[] checks)
    {
        if (only.Length > 0 && !checks.Contains(only, StringComparer.Ordinal))
        {
            await responder.SendErrorAsync(http, new ApiError(ErrorCode.NotFound, $"there is no check '{only}'"));
            return;
        }

        var report = new StringBuilder();
        var healthy = true;
        foreach (var check in only.Length > 0 ? [only] : checks)
        {
            if (!query.Excludes(check))
            {
                var failure = await FailureAsync(check);
                healthy &= failure is null;
                report.Append(failure is null ? $"[+]{check} ok\n" : $"[-]{check} failed: {failure}\n");
            }
        }

        http.Response.StatusCode = healthy ? StatusCodes.Status200OK : StatusCodes.Status503ServiceUnavailable;
        report.Append(healthy ? "ok\n" : "");
        await responder.SendTextAsync(http.Response, healthy && !query.Verbose ? "ok\n" : report.ToString());
    }

    // A node that finds damage in its state stops, so whoever answers has none that is known.
    private async ValueTask<string?> FailureAsync(string check)
    {
        switch (check)
        {
            case LocalRead:
                using (member.OpenView())
                {
                    return null;
                }

            case QuorumRead:
                return Refusals.Of(await member.ReadIndexAsync(timeout))?.Message;
            case Voter:
                return member.Status.Raft.Config.IsLearner(member.Status.Raft.Self) ? "this member is a learner" : null;
            default:
                return null;
        }
    }
}
