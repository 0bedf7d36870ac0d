using Microsoft.AspNetCore.Http;
using Quorate.Node;
using Quorate.Raft;

namespace Quorate.Server.Http;

/// <summary><c>/leader</c> and <c>/election</c>: who leads, and who is to.</summary>
internal sealed class LeaderEndpoint(ClusterApiParts parts)
{
    private readonly IMemberGateway _member = parts.Member;
    private readonly Responder _responder = parts.Responder;

    /// <summary>Says who leads.</summary>
    public Task GetAsync(HttpContext http)
    {
        var status = _member.Status;
        var buffer = _responder.Rent();
        var json = buffer.Json;
        json.WriteStartObject();
        if (status.Leader is { } leader)
        {
            json.WritePropertyName("leader"u8);
            MemberWriter.Write(json, status, leader, parts.Settings.TickInterval);
        }
        else
        {
            json.WriteNull("leader"u8);
        }

        json.WriteNumber("term"u8, status.Raft.HardState.Term.Value);
        json.WriteEndObject();
        _responder.StampMember(http.Response, status.Raft);
        return _responder.SendAsync(http.Response, buffer);
    }

    /// <summary>Hands leadership to the member that the body names.</summary>
    public async Task TransferAsync(HttpContext http, Deadline deadline)
    {
        var fields = await JsonFields.ReadAsync(http);
        var to = fields.Required("to");
        if (fields.Fault is { } fault)
        {
            await _responder.SendErrorAsync(http, ApiError.Invalid(fault));
            return;
        }

        var status = _member.Status;
        await (NamedMember.Find(status, to) is { } target
            ? HandOverAsync(http, target.Id, deadline)
            : _responder.SendErrorAsync(http, NamedMember.Missing(status, to)));
    }

    /// <summary>Hands leadership to whoever is most advanced.</summary>
    public Task StepDownAsync(HttpContext http, Deadline deadline) => HandOverAsync(http, NodeId.None, deadline);

    /// <summary>Begins an election at this member.</summary>
    public async Task ElectAsync(HttpContext http, Deadline deadline)
    {
        if (await _member.ForceElectionAsync(deadline.Left) is { } refused)
        {
            await _responder.SendErrorAsync(http, ChangeRefusals.Of(refused));
            return;
        }

        await _member.WaitForLeaderAsync(deadline.Left, http.RequestAborted);
        await GetAsync(http);
    }

    private async Task HandOverAsync(HttpContext http, NodeId target, Deadline deadline)
    {
        if (_member.Raft.Role != RaftRole.Leader)
        {
            await parts.Gate.RedirectAsync(http);
            return;
        }

        var refused = await _member.TransferLeadershipAsync(target, deadline.Left);
        if (refused is { } why and not TransferRefusal.LeadsAlready)
        {
            await _responder.SendErrorAsync(http, ChangeRefusals.Of(why));
            return;
        }

        await _member.WaitForLeaderAsync(deadline.Left, http.RequestAborted);
        await GetAsync(http);
    }
}
