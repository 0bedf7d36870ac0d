using System.Text.Json;
using Microsoft.AspNetCore.Http;
using Quorate.Node;
using Quorate.Raft;

namespace Quorate.Server.Http;

/// <summary>
/// <c>POST /setup</c>, as EASC has it: makes one cluster of nodes that hold nothing, under the names in the body. All
/// is looked at first; it may be sent again, after a success too, and goes on where it stood.
/// </summary>
internal sealed class SetupEndpoint(ClusterApiParts parts)
{
    private const string Added = "ok";
    private static readonly TimeSpan AskAgain = TimeSpan.FromMilliseconds(100);
    private readonly IMemberGateway _member = parts.Member;
    private readonly Responder _responder = parts.Responder;

    /// <summary>Answers the request.</summary>
    public async Task PostAsync(HttpContext http, Deadline deadline)
    {
        var (request, fault) = SetupRequest.Of(await JsonFields.ReadAsync(http));
        if (fault is not null)
        {
            await _responder.SendErrorAsync(http, ApiError.Invalid(fault));
            return;
        }

        var results = new List<NodeResult>();
        var refusal = await JudgeSelfAsync(request, deadline, http.RequestAborted)
            ?? await JudgeOthersAsync(request, results, deadline, http.RequestAborted);
        if (refusal is not null)
        {
            await _responder.SendErrorAsync(http, refusal, json => WriteResults(json, results, whenGood: "ready"));
            return;
        }

        refusal = await FormAsync(request, results, deadline, http.RequestAborted);
        await (refusal is null
            ? SendAsync(http, request, results)
            : _responder.SendErrorAsync(http, refusal, json => WriteResults(json, results, Added)));
    }

    // Nothing is begun before the whole of it can be: this node first.
    private async Task<ApiError?> JudgeSelfAsync(
        SetupRequest request, Deadline deadline, CancellationToken callerGone)
    {
        await _member.WaitForAsync(
            static status => status.NodeState != NodeState.Starting, deadline.Left, callerGone);
        var status = _member.Status;
        var own = status.Find(status.Raft.Self)?.PeerUrls ?? parts.Settings.AdvertisePeerUrls;
        if (!await IsOneOfAsync(own, request.Leader.PeerUrl, callerGone) && !IsOwnPortHere(own, request.Leader.PeerUrl))
        {
            return ApiError.Invalid(
                $"leaderRaftAddr is {request.Leader.PeerUrl}, and this node's Raft listener is at "
                + $"{string.Join(", ", own)}: send the setup to the node that is to lead");
        }

        var stranger = status.NodeState is NodeState.Unconfigured or NodeState.Alone
            ? null
            : status.Members.FirstOrDefault(member => !request.All.Any(node => node.Id == member.Name));
        return stranger is null
            ? null
            : new ApiError(
                status.NodeState == NodeState.AloneWithData ? ErrorCode.HasData : ErrorCode.OtherCluster,
                $"this node belongs to a cluster with {stranger} already, whom the setup does not name");
    }

    // A node that listens everywhere, and was not told where it is reached, is reached at any address it has.
    private bool IsOwnPortHere(IReadOnlyList<string> own, string url) =>
        parts.Settings.AdvertisedIsAssumed
        && ListenUrl.Parse(url, out var asked) is null && asked.IsHere()
        && own.Any(one => ListenUrl.Parse(one, out var ours) is null && ours.Port == asked.Port);

    private async Task<ApiError?> JudgeOthersAsync(
        SetupRequest request, List<NodeResult> results, Deadline deadline, CancellationToken callerGone)
    {
        using var nodes = new OtherNodes();
        var cluster = _member.Status.ClusterId.ToString("x32", System.Globalization.CultureInfo.InvariantCulture);
        var answers = await Task.WhenAll(request.Others.Select(
            node => AskAsync(nodes, node.ClientUrl, deadline, callerGone)));
        ApiError? first = null;
        for (var i = 0; i < answers.Length; i++)
        {
            var node = request.Others[i];
            var wrong = JudgeNode(node, answers[i], cluster);
            results.Add(new NodeResult(node, wrong?.Message));
            first ??= wrong;
        }

        return first;
    }

    // One that is starting is asked again: it knows soon whether it holds data.
    private async Task<NodeAnswer> AskAsync(
        OtherNodes nodes, string url, Deadline deadline, CancellationToken callerGone)
    {
        while (true)
        {
            var answer = await nodes.AskAsync(url);
            if (answer.State != "starting" || deadline.IsOver)
            {
                return answer;
            }

            await Task.Delay(AskAgain, parts.Time, callerGone);
        }
    }

    private static ApiError? JudgeNode(SetupNode node, NodeAnswer answer, string cluster)
    {
        if (answer.Fault is { } fault)
        {
            return new ApiError(ErrorCode.Conflict, fault) { HarmlessToRepeat = true };
        }

        if (answer.ClusterId == cluster || answer.State is "unconfigured" or "alone")
        {
            return null;
        }

        return answer.State switch
        {
            "starting" => new(ErrorCode.Conflict, $"the node at {node.ClientUrl} is starting")
            {
                HarmlessToRepeat = true,
            },
            "alone_with_data" => new(ErrorCode.HasData, $"the node at {node.ClientUrl} holds data"),
            _ => new(ErrorCode.OtherCluster, $"the node at {node.ClientUrl} belongs to another cluster"),
        };
    }

    private async Task<ApiError?> FormAsync(
        SetupRequest request, List<NodeResult> results, Deadline deadline, CancellationToken callerGone)
    {
        results.Clear();
        var isBegun = false;
        if (_member.Status.NodeState is NodeState.Unconfigured or NodeState.Alone)
        {
            var begun = await parts.Host.BecomeClusterOfOneAsync(request.Leader.Id, [request.Leader.PeerUrl]);
            if (ChangeRefusals.Of(begun) is { } refused)
            {
                return refused;
            }

            isBegun = true;
        }

        ApiError? first = null;
        foreach (var node in request.Others)
        {
            var change = new MemberChange.Add(node.Id, [node.PeerUrl], StaysLearner: false);
            var refused = ChangeRefusals.Of(await _member.ChangeAsync(change, force: false, deadline.Left));
            results.Add(new NodeResult(node, refused?.Message));
            first ??= refused;
            isBegun |= refused is null or { Outcome: ErrorKind.Unknown };
        }

        first ??= await LeadAsync(request, deadline, callerGone);
        return isBegun && first is not null ? first with { IsPartlyDone = true } : first;
    }

    // All of them vote, and this one leads.
    private async Task<ApiError?> LeadAsync(SetupRequest request, Deadline deadline, CancellationToken callerGone)
    {
        if (!await _member.WaitForAsync(status => AllVote(status, request), deadline.Left, callerGone))
        {
            return new ApiError(
                ErrorCode.Timeout, "all were added, and not all have caught up in time; GET /members tells how far");
        }

        if (_member.Raft.Role == RaftRole.Leader)
        {
            return null;
        }

        if (await _member.ForceElectionAsync(deadline.Left) is { } refused)
        {
            return ChangeRefusals.Of(refused);
        }

        return await _member.WaitForAsync(
            static status => status.Raft.Role == RaftRole.Leader, deadline.Left, callerGone)
            ? null
            : ChangeRefusals.Of(TransferRefusal.UnderWay);
    }

    private static bool AllVote(MemberStatus status, SetupRequest request) =>
        !status.Raft.Config.IsJoint && request.All.All(node => status.Members.Any(member =>
            member.Name == node.Id && MemberWriter.StateOf(status.Raft.Config, member) == "voter"));

    private Task SendAsync(HttpContext http, SetupRequest request, List<NodeResult> results)
    {
        var buffer = _responder.Rent();
        buffer.Json.WriteStartObject();
        buffer.Json.WriteString("leader"u8, request.Leader.Id);
        if (parts.Settings.Name != request.Leader.Id)
        {
            buffer.Json.WriteString("alias"u8, parts.Settings.Name);
        }

        WriteResults(buffer.Json, results, Added);
        buffer.Json.WriteEndObject();
        _responder.StampMember(http.Response, _member.Raft);
        return _responder.SendAsync(http.Response, buffer);
    }

    private static void WriteResults(Utf8JsonWriter json, List<NodeResult> results, string whenGood)
    {
        json.WriteStartArray("nodes"u8);
        foreach (var (node, fault) in results)
        {
            json.WriteStartObject();
            json.WriteString("id"u8, node.Id);
            json.WriteString("address"u8, node.PeerUrl);
            json.WriteString("result"u8, fault is null ? whenGood : "failed");
            json.WriteString("message"u8, fault);
            json.WriteEndObject();
        }

        json.WriteEndArray();
    }

    private static async ValueTask<bool> IsOneOfAsync(
        IReadOnlyList<string> own, string url, CancellationToken callerGone)
    {
        foreach (var candidate in own)
        {
            if (await PeerAddress.AreSameAsync(candidate, url, callerGone))
            {
                return true;
            }
        }

        return false;
    }

    private readonly record struct NodeResult(SetupNode Node, string? Fault);
}
