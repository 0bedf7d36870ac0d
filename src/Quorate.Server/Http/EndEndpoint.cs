using Microsoft.AspNetCore.Http;
using Quorate.Raft;

namespace Quorate.Server.Http;

/// <summary>
/// <c>/shutdown</c>, <c>/kill</c>, <c>/init</c> and <c>/info</c>, as EASC has them: processes end in order, and nothing
/// is erased.
/// </summary>
internal sealed class EndEndpoint(ClusterApiParts parts)
{
    private readonly IMemberGateway _member = parts.Member;
    private readonly Responder _responder = parts.Responder;

    /// <summary>Ends all members, this one last; those that are gone already are told, and hold nothing up.</summary>
    public async Task ShutdownAsync(HttpContext http)
    {
        var fields = await JsonFields.ReadAsync(http);
        var (request, fault) = fields.IsEmpty ? (null, null) : SetupRequest.Of(fields);
        if (fault is not null)
        {
            await _responder.SendErrorAsync(http, ApiError.Invalid(fault));
            return;
        }

        using var nodes = new OtherNodes();
        var targets = Targets(request);
        var ends = await Task.WhenAll(targets.Select(target => EndAsync(nodes, target)));
        var status = _member.Status;
        var buffer = _responder.Rent();
        var json = buffer.Json;
        json.WriteStartObject();
        json.WriteStartArray("nodes"u8);
        foreach (var ((id, url), why) in targets.Zip(ends).Append(((status.Name, ""), null)))
        {
            json.WriteStartObject();
            json.WriteString("id"u8, id);
            json.WriteString("address"u8, url.Length > 0 ? url : parts.Settings.AdvertiseClientUrls.FirstOrDefault());
            json.WriteString("result"u8, why is null ? "ok" : "gone");
            json.WriteString("message"u8, why);
            json.WriteEndObject();
        }

        json.WriteEndArray();
        json.WriteEndObject();
        await _responder.SendAsync(http.Response, buffer);
        parts.Host.BeginStop();
    }

    /// <summary>Ends this node.</summary>
    public async Task KillAsync(HttpContext http)
    {
        await _responder.SendNothingAsync(http.Response);
        parts.Host.BeginStop();
    }

    /// <summary>Makes this node one that waits to be taken in.</summary>
    public async Task InitAsync(HttpContext http)
    {
        var outcome = await parts.Host.BecomeUnconfiguredAsync();
        await (ChangeRefusals.Of(outcome) is { } refusal
            ? _responder.SendErrorAsync(http, refusal)
            : _responder.SendNothingAsync(http.Response));
    }

    /// <summary>Says where the leader's Raft listener is.</summary>
    public Task InfoAsync(HttpContext http)
    {
        var buffer = _responder.Rent();
        buffer.Json.WriteStartObject();
        buffer.Json.WriteString("leaderAddr"u8, LeaderInfo.Of(_member.Status)?.PeerAddress ?? "");
        buffer.Json.WriteEndObject();
        return _responder.SendAsync(http.Response, buffer);
    }

    private static Task<string?> EndAsync(OtherNodes nodes, (string Id, string Url) target) => target.Url.Length > 0
        ? nodes.KillAsync(target.Url)
        : Task.FromResult<string?>("where its clients reach it is not known");

    // The members as they have published themselves; or whom the body names.
    private List<(string Id, string Url)> Targets(SetupRequest? request)
    {
        var status = _member.Status;
        if (request is not null)
        {
            var self = parts.Settings.AdvertiseClientUrls;
            return [.. request.All
                .Where(node => node.Id != status.Name && !self.Contains(node.ClientUrl))
                .Select(node => (node.Id, node.ClientUrl))];
        }

        return [.. status.Members
            .Where(member => member.Id != status.Raft.Self)
            .Select(member => (member.Name, status.ClientUrlsOf(member.Id).FirstOrDefault() ?? ""))];
    }
}
