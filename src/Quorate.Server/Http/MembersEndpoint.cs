using System.Globalization;
using Microsoft.AspNetCore.Http;
using Quorate.Node;
using Quorate.Raft;

namespace Quorate.Server.Http;

/// <summary><c>/members</c>: who belongs to the cluster, on any member.</summary>
internal sealed class MembersEndpoint(ClusterApiParts parts)
{
    private readonly IMemberGateway _member = parts.Member;
    private readonly Responder _responder = parts.Responder;

    /// <summary>Answers the request.</summary>
    /// <param name="http">The request.</param>
    /// <param name="rest">The path behind <c>/members/</c>, as it came: a member, and maybe a verb.</param>
    /// <param name="force">Takes a change although it may cost the quorum.</param>
    /// <param name="deadline">When the caller wants an answer.</param>
    public Task AnswerAsync(HttpContext http, string rest, bool force, Deadline deadline)
    {
        var words = rest.Split('/');
        var named = Uri.UnescapeDataString(words[0]);
        var verb = words.Length > 1 ? words[1] : "";
        if (words.Length > 2 || (words.Length == 2 && verb is not ("promote" or "replace")))
        {
            return _responder.SendErrorAsync(http, new ApiError(
                ErrorCode.NotFound,
                $"there is no path /members/{rest}; a member is /members/NAME, with /promote or /replace behind it"));
        }

        if (rest.Length == 0)
        {
            return HttpMethods.IsGet(http.Request.Method) ? ListAsync(http)
                : HttpMethods.IsPost(http.Request.Method) ? AddAsync(http, force, deadline)
                : _responder.SendErrorAsync(http, ApiError.Invalid("name the member: /members/NAME"));
        }

        return Find(named) is { } member
            ? OneAsync(http, member, verb, force, deadline)
            : _responder.SendErrorAsync(http, NoSuchMember(named));
    }

    private Task OneAsync(HttpContext http, MemberInfo member, string verb, bool force, Deadline deadline)
    {
        var method = http.Request.Method;
        if (verb.Length > 0)
        {
            return !HttpMethods.IsPost(method) ? _responder.SendErrorAsync(http, OnlyPost(verb))
                : verb == "promote" ? ChangeAsync(http, new MemberChange.Promote(member.Id), force, deadline)
                : ReplaceAsync(http, member, force, deadline);
        }

        return HttpMethods.IsGet(method) ? SendAsync(http, member)
            : HttpMethods.IsPut(method) ? UpdateAsync(http, member, force, deadline)
            : HttpMethods.IsDelete(method) ? RemoveAsync(http, member, force, deadline)
            : _responder.SendErrorAsync(http, ApiError.Invalid("POST to /members adds a member; PUT changes one"));
    }

    private Task ListAsync(HttpContext http)
    {
        var status = _member.Status;
        var buffer = _responder.Rent();
        var json = buffer.Json;
        json.WriteStartObject();
        json.WriteStartArray("members"u8);
        foreach (var member in status.Members)
        {
            MemberWriter.Write(json, status, member, parts.Settings.TickInterval);
        }

        json.WriteEndArray();
        json.WriteBoolean("changing"u8, status.Raft.IsChanging);
        json.WriteNumber("configIndex"u8, status.Raft.ConfigIndex.Value);
        json.WriteEndObject();
        _responder.StampMember(http.Response, status.Raft);
        return _responder.SendAsync(http.Response, buffer);
    }

    private async Task AddAsync(HttpContext http, bool force, Deadline deadline)
    {
        var fields = await JsonFields.ReadAsync(http);
        var name = fields.Text("name") ?? "";
        var urls = UrlsOf(fields);
        var (learner, announce) = (fields.Flag("learner"), fields.Flag("announce"));
        force |= fields.Flag("force");
        if ((fields.Fault ?? (urls.Count == 0 ? NoUrls : null)) is { } fault)
        {
            await _responder.SendErrorAsync(http, ApiError.Invalid(fault));
            return;
        }

        // The first member of a new cluster is the node itself.
        var status = _member.Status;
        if (status.NodeState == NodeState.Unconfigured && name == status.Name && !announce)
        {
            var begun = await parts.Host.BecomeClusterOfOneAsync(name, urls);
            if (begun.Kind == OutcomeKind.Done)
            {
                // Nobody else could lead: its timer would bring the same, an election timeout later.
                await _member.ForceElectionAsync(deadline.Left);
                await _member.WaitForLeaderAsync(deadline.Left, http.RequestAborted);
            }

            await AnswerChangeAsync(http, begun, urls, deadline);
            return;
        }

        MemberChange change = announce
            ? new MemberChange.Announce(urls, learner)
            : new MemberChange.Add(name, urls, learner);
        await AnswerChangeAsync(http, await _member.ChangeAsync(change, force, deadline.Left), urls, deadline);
    }

    private async Task ReplaceAsync(HttpContext http, MemberInfo old, bool force, Deadline deadline)
    {
        var fields = await JsonFields.ReadAsync(http);
        var name = fields.Text("name") ?? "";
        var urls = UrlsOf(fields);
        force |= fields.Flag("force");
        if ((fields.Fault ?? (urls.Count == 0 ? NoUrls : null)) is { } fault)
        {
            await _responder.SendErrorAsync(http, ApiError.Invalid(fault));
            return;
        }

        var change = new MemberChange.Replace(old.Id, name, urls);
        await AnswerChangeAsync(http, await _member.ChangeAsync(change, force, deadline.Left), urls, deadline);
    }

    private async Task UpdateAsync(HttpContext http, MemberInfo member, bool force, Deadline deadline)
    {
        var fields = await JsonFields.ReadAsync(http);
        var urls = UrlsOf(fields);
        force |= fields.Flag("force");
        if ((fields.Fault ?? (urls.Count == 0 ? NoUrls : null)) is { } fault)
        {
            await _responder.SendErrorAsync(http, ApiError.Invalid(fault));
            return;
        }

        var change = new MemberChange.Update(member.Id, urls);
        await AnswerChangeAsync(http, await _member.ChangeAsync(change, force, deadline.Left), urls, deadline);
    }

    private async Task RemoveAsync(HttpContext http, MemberInfo member, bool force, Deadline deadline)
    {
        var outcome = await _member.ChangeAsync(new MemberChange.Remove(member.Id), force, deadline.Left);
        await (ChangeRefusals.Of(outcome) is { } refusal
            ? _responder.SendErrorAsync(http, refusal)
            : SendAsync(http, member));
    }

    private async Task ChangeAsync(HttpContext http, MemberChange change, bool force, Deadline deadline) =>
        await AnswerChangeAsync(http, await _member.ChangeAsync(change, force, deadline.Left), [], deadline);

    private async Task AnswerChangeAsync(
        HttpContext http, ChangeOutcome outcome, IReadOnlyList<string> urls, Deadline deadline)
    {
        if (ChangeRefusals.Of(outcome) is { } refusal)
        {
            await _responder.SendErrorAsync(http, refusal);
            return;
        }

        // Applied here; the picture of the members follows within a turn.
        await _member.WaitForAsync(
            status => Changed(status, outcome.Member, urls) is not null, deadline.Left, http.RequestAborted);
        await (Changed(_member.Status, outcome.Member, urls) is { } member
            ? SendAsync(http, member)
            : _responder.SendNothingAsync(http.Response));
    }

    private static MemberInfo? Changed(MemberStatus status, NodeId id, IReadOnlyList<string> urls) =>
        id != NodeId.None
            ? status.Find(id)
            : status.Members.FirstOrDefault(member => member.PeerUrls.Intersect(urls, StringComparer.Ordinal).Any());

    private Task SendAsync(HttpContext http, MemberInfo member)
    {
        var status = _member.Status;
        var buffer = _responder.Rent();
        buffer.Json.WriteStartObject();
        buffer.Json.WritePropertyName("member"u8);
        MemberWriter.Write(buffer.Json, status, member, parts.Settings.TickInterval);
        buffer.Json.WriteEndObject();
        _responder.StampMember(http.Response, status.Raft);
        return _responder.SendAsync(http.Response, buffer);
    }

    // A name first: it might look like an id. An id may stand as log and messages print it, with an n before it.
    private MemberInfo? Find(string named)
    {
        var status = _member.Status;
        return status.FindName(named)
            ?? (TryParseId(named, out var id)
                ? status.Find(new NodeId(id))
                : null);
    }

    private static bool TryParseId(string text, out ulong id) => ulong.TryParse(
        text.AsSpan(text.StartsWith('n') ? 1 : 0),
        NumberStyles.AllowHexSpecifier,
        CultureInfo.InvariantCulture,
        out id);

    private ApiError NoSuchMember(string named)
    {
        if (_member.Status.Members.Count == 0)
        {
            return Refusals.Of(RefusalReason.Unconfigured);
        }

        var names = _member.Status.Members.Select(member =>
            member.Name.Length > 0 ? $"\"{member.Name}\"" : $"{member.Id.Value:x16} (announced)");
        return new ApiError(
            ErrorCode.NotFound, $"there is no member \"{named}\"; there are {string.Join(", ", names)}")
        {
            Refusal = "no_such_member",
        };
    }

    private static ApiError OnlyPost(string verb) =>
        new(ErrorCode.MethodNotAllowed, $"only POST can {verb}") { Allow = "POST" };

    private static IReadOnlyList<string> UrlsOf(JsonFields fields)
    {
        var urls = (fields.Texts("peerUrls") ?? []).Select(PeerAddress.ToUrl);
        return fields.Text("address") is { } address ? [.. urls.Prepend(PeerAddress.ToUrl(address))] : [.. urls];
    }

    private const string NoUrls =
        "say where its Raft listener is: \"address\":\"host:port\" or \"peerUrls\":[\"http://host:port\"]";
}
