using Quorate.Cli.Client;
using Quorate.Cli.Commands;

namespace Quorate.Cli.Cluster;

/// <summary>
/// Waits until a new member votes, which the cluster brings about by itself, and shows how far it is. What goes wrong
/// on the way (a node that does not answer, an election) is shown and waited out.
/// </summary>
internal sealed class CatchUp(ClientCall call)
{
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(250);
    private readonly CatchUpEstimate _estimate = new();
    private readonly CatchUpView _view = new(call);
    private readonly long _started = call.Surroundings.Time.GetTimestamp();

    private TimeSpan Now => call.Surroundings.Time.GetElapsedTime(_started);

    /// <summary>Returns the members once <paramref name="id"/> votes and <paramref name="leaving"/> is gone.</summary>
    /// <exception cref="CommandException">Somebody removed the new member.</exception>
    /// <exception cref="KvException">The time is over; the cluster goes on by itself.</exception>
    public async Task<MemberList> AwaitAsync(
        string id, string? leaving, TimeSpan limit, CancellationToken cancellationToken)
    {
        try
        {
            while (true)
            {
                if (await LookAsync(id, leaving, cancellationToken) is { } done)
                {
                    return done;
                }

                if (Now >= limit)
                {
                    throw new KvException(
                        KvFault.Timeout,
                        $"{id} is in, and has not caught up within {SpanText.Rounded(limit)}; it goes on, and votes by "
                        + "itself then: `quorate member list` shows how far it is");
                }

                await Task.Delay(Pause, call.Surroundings.Time, cancellationToken);
            }
        }
        finally
        {
            _view.End();
        }
    }

    private async Task<MemberList?> LookAsync(string id, string? leaving, CancellationToken cancellationToken)
    {
        MemberList list;
        try
        {
            list = await call.Cluster.ListAsync(cancellationToken);
        }
        catch (KvException e) when (e.Fault != KvFault.Refused)
        {
            _view.Show($"{id}: waiting: {e.Message}", Now);
            return null;
        }

        var member = list.Find(id)
            ?? throw new CommandException(
                $"{id} is no member any more: somebody removed it while it caught up; `quorate member list` shows who "
                + "is");
        if (member.IsVoter && !list.IsChanging && (leaving is null || list.Find(leaving) is null))
        {
            return list;
        }

        _view.Show(Words(await WithProgressAsync(list, member, cancellationToken)), Now);
        return null;
    }

    // Only the leader knows how far others are; where its clients reach it, the list says.
    private async Task<ClusterMember> WithProgressAsync(
        MemberList list, ClusterMember member, CancellationToken cancellationToken)
    {
        var urls = list.Members.FirstOrDefault(other => other.Leader)?.ClientUrls ?? [];
        if (member.LagBytes is not null || !Endpoint.TryParseList(string.Join(',', urls), out var endpoints, out _))
        {
            return member;
        }

        try
        {
            return (await call.Cluster.ListAtAsync(endpoints[0], cancellationToken)).Find(member.Id) ?? member;
        }
        catch (KvException)
        {
            // It may be reachable to members only; then how far it is stays unknown here.
            return member;
        }
    }

    private string Words(ClusterMember member)
    {
        var text = $"{member.Called} ({member.State})";
        if (member is not { LagBytes: { } bytes, LagEntries: { } entries })
        {
            return $"{text}: catching up";
        }

        var left = _estimate.Observe(bytes, Now) is { } time ? $", about {SpanText.Rounded(time)} left" : "";
        return $"{text}: {SizeText.Of(bytes)} and {entries} entries to go, {member.Percent} %{left}";
    }
}
