using Microsoft.AspNetCore.Http;
using Quorate.Raft;

namespace Quorate.Server.Http;

/// <summary>What comes before a request is given to the member: waiting for a leader, sending callers to it.</summary>
internal sealed class LeaderGate(IMemberGateway member, Responder responder, CancellationToken stopping)
{
    /// <summary>Waits if the caller wants to, then answers with a redirect if the caller wants that.</summary>
    /// <returns>Whether the request has been answered.</returns>
    public async ValueTask<bool> AnsweredAsync(HttpContext http, KeyQuery query, Deadline deadline)
    {
        if (query.Wait > TimeSpan.Zero && member.Raft.Leader == NodeId.None)
        {
            var wait = query.Wait < deadline.Left ? query.Wait : deadline.Left;
            await WaitAsync(wait, http.RequestAborted);
        }

        if (!query.Redirect || member.Raft.Role == RaftRole.Leader)
        {
            return false;
        }

        await RedirectAsync(http);
        return true;
    }

    private async Task WaitAsync(TimeSpan wait, CancellationToken callerGone)
    {
        using var either = CancellationTokenSource.CreateLinkedTokenSource(callerGone, stopping);
        try
        {
            await member.WaitForLeaderAsync(wait, either.Token);
        }
        catch (OperationCanceledException) when (!callerGone.IsCancellationRequested)
        {
            // The node stops: the member refuses the request in its own words.
        }
    }

    /// <summary>Sends the caller to the leader, or says that there is none.</summary>
    public Task RedirectAsync(HttpContext http)
    {
        var status = member.Status;
        var leader = LeaderInfo.Of(status);
        if (leader is null)
        {
            return responder.SendErrorAsync(http, Refusals.Of(RefusalReason.NoLeader));
        }

        var url = leader.ClientUrl(http.Request.Scheme);
        if (url is null)
        {
            return responder.SendErrorAsync(http, new ApiError(
                ErrorCode.NotLeader, $"{leader.Name} leads, and where its clients reach it is not known here"));
        }

        responder.StampMember(http.Response, status.Raft);
        return responder.RedirectAsync(http.Response, url.TrimEnd('/') + RawTarget.PathAndQuery(http));
    }
}
