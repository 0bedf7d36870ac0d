using Microsoft.AspNetCore.Http;
using Quorate.Raft;

namespace Quorate.Server.Http;

/// <summary>What comes before a request is given to the member: waiting for a leader, sending callers to it.</summary>
internal sealed class LeaderGate(
    IMemberGateway member, Responder responder, TimeProvider time, CancellationToken stopping)
{
    private static readonly TimeSpan RetryPause = TimeSpan.FromMilliseconds(50);

    /// <summary>Waits if the caller wants to, then answers with a redirect if the caller wants that.</summary>
    /// <returns>Whether the request has been answered.</returns>
    public async ValueTask<bool> AnsweredAsync(HttpContext http, KeyQuery query, Deadline deadline)
    {
        await WaitAsync(http, query, deadline);

        if (!query.Redirect || member.Raft.Role == RaftRole.Leader)
        {
            return false;
        }

        await RedirectAsync(http);
        return true;
    }

    /// <summary>
    /// Whether a request that certainly did nothing is to be tried again: the caller waits for a leader, and it may
    /// be that the one known here is dead or hands over.
    /// </summary>
    /// <param name="http">The request.</param>
    /// <param name="refused">Why nothing was done; null when a new leader dropped the entry.</param>
    /// <param name="query">How long the caller waits.</param>
    /// <param name="deadline">When the caller wants an answer.</param>
    public async ValueTask<bool> MayTryAgainAsync(
        HttpContext http, RefusalReason? refused, KeyQuery query, Deadline deadline)
    {
        if (query.Wait - deadline.Elapsed <= TimeSpan.Zero || !MayPass(refused))
        {
            return false;
        }

        await UnlessStoppedAsync(either => Task.Delay(RetryPause, time, either), http.RequestAborted);
        await WaitAsync(http, query, deadline);
        return !stopping.IsCancellationRequested;
    }

    private static bool MayPass(RefusalReason? refused) => refused is null
        or RefusalReason.NoLeader or RefusalReason.NotLeader or RefusalReason.NotReady
        or RefusalReason.Transferring or RefusalReason.Joining;

    private async ValueTask WaitAsync(HttpContext http, KeyQuery query, Deadline deadline)
    {
        var wait = query.Wait - deadline.Elapsed;
        if (wait > TimeSpan.Zero && member.Raft.Leader == NodeId.None && !stopping.IsCancellationRequested)
        {
            var limit = wait < deadline.Left ? wait : deadline.Left;
            await UnlessStoppedAsync(either => member.WaitForLeaderAsync(limit, either), http.RequestAborted);
        }
    }

    // When the node stops, the member refuses the request in its own words.
    private async Task UnlessStoppedAsync(Func<CancellationToken, Task> wait, CancellationToken callerGone)
    {
        using var either = CancellationTokenSource.CreateLinkedTokenSource(callerGone, stopping);
        try
        {
            await wait(either.Token);
        }
        catch (OperationCanceledException) when (!callerGone.IsCancellationRequested)
        {
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
