using System.Globalization;
using System.Text;
using Microsoft.AspNetCore.Http;
using Quorate.Node;

namespace Quorate.Server.Http;

/// <summary>
/// <c>/join</c>, as raftdb, hraftd and balsa have it: takes a node in, at any member, or changes where a member is
/// reached. The node is reached first, so that a stray request costs nothing.
/// </summary>
internal sealed class JoinEndpoint(ClusterApiParts parts)
{
    private const int BodyBytesMax = 64 * 1024;
    private readonly IMemberGateway _member = parts.Member;
    private readonly Responder _responder = parts.Responder;

    /// <summary>Answers the request.</summary>
    public async Task AnswerAsync(HttpContext http, string query, Deadline deadline)
    {
        var (id, url, fault) = await ReadAsync(http, query);
        if (fault is not null)
        {
            await _responder.SendErrorAsync(http, ApiError.Invalid(fault));
            return;
        }

        var outcome = await _member.ChangeAsync(ChangeOf(id, url), force: false, deadline.Left);
        if (ChangeRefusals.Of(outcome) is { } refusal)
        {
            await _responder.SendErrorAsync(http, refusal);
            return;
        }

        _responder.StampMember(http.Response, _member.Raft);
        await _responder.SendNothingAsync(http.Response);
    }

    // A member that comes back at another address is moved in one step: the quorum is never smaller.
    private MemberChange ChangeOf(string id, string url)
    {
        var known = _member.Status.FindName(id);
        return known is null || known.PeerUrls.Contains(url)
            ? new MemberChange.Add(id, [url], StaysLearner: false)
            : new MemberChange.Update(known.Id, [url]);
    }

    // Told apart by the body itself: curl calls everything a form.
    private static async ValueTask<(string Id, string Url, string? Fault)> ReadAsync(HttpContext http, string query)
    {
        using var body = await RequestBody.RequireAsync(http.Request, BodyBytesMax, http.RequestAborted);
        var text = Encoding.UTF8.GetString(body.Bytes.Span).Trim();
        return text.StartsWith('{')
            ? ReadJson(http, JsonFields.Parse(body.Bytes))
            : ReadPlain(http, Parameters.Of($"{query}&{text}", "nodeId", "raftPort", "host"));
    }

    private static (string Id, string Url, string? Fault) ReadPlain(HttpContext http, Parameters parameters)
    {
        var (id, port) = (parameters.Text("nodeId") ?? "", parameters.Text("raftPort") ?? "");
        var host = parameters.Text("host")
            ?? (http.Connection.RemoteIpAddress is { } caller ? PeerAddress.HostOf(caller) : "");
        var fault = parameters.Fault is { } wrong ? wrong
            : id.Length == 0 ? "nodeId is missing: /join?nodeId=NAME&raftPort=PORT"
            : !ushort.TryParse(port, NumberStyles.None, CultureInfo.InvariantCulture, out var number) || number == 0
                ? $"raftPort must be a port from 1 to 65535, not '{port}'"
            : host.Length == 0 ? "say where the node is: host=HOST"
            : null;
        return (id, $"http://{host}:{port}", fault);
    }

    private static (string Id, string Url, string? Fault) ReadJson(HttpContext http, JsonFields fields)
    {
        var id = fields.Required("id");
        var address = fields.Text("raftAddr") ?? fields.Text("addr") ?? "";

        // Where its clients reach it the node publishes by itself.
        _ = fields.Text("addr");
        _ = fields.Text("httpAddr");
        var fault = fields.Fault
            ?? (address.Length == 0 ? "say where its Raft listener is: \"raftAddr\" or \"addr\"" : null);
        return (id, PeerAddress.ToUrl(address, http.Connection.RemoteIpAddress), fault);
    }
}
