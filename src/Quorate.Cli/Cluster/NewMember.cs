using Quorate.Cli.Client;
using Quorate.Cli.Commands;

namespace Quorate.Cli.Cluster;

/// <summary>What follows once a new member is in.</summary>
internal static class NewMember
{
    /// <summary>
    /// The answer with the member that it is about: a node that was slow to see its own change does not name it.
    /// </summary>
    public static async Task<MemberAnswer> KnownAsync(
        ClientCall call, MemberAnswer answer, IReadOnlyList<string> urls, CancellationToken cancellationToken)
    {
        if (answer.Member is not null)
        {
            return answer;
        }

        var list = await call.Cluster.ListAsync(cancellationToken);
        var member = list.Members.FirstOrDefault(
            member => member.PeerUrls.Intersect(urls, StringComparer.Ordinal).Any());
        return answer with
        {
            Member = member ?? throw new KvException(
                KvFault.Timeout, "the change was taken, and no member with these URLs is listed yet; `quorate member "
                + "list` tells, and the command may be repeated without harm"),
        };
    }

    /// <summary>Waits until it votes and <paramref name="leaving"/> is gone; says so on a terminal.</summary>
    public static async Task AwaitVoteAsync(
        ClientCall call, ClusterMember member, string? leaving, TimeSpan limit, CancellationToken cancellationToken)
    {
        await new CatchUp(call).AwaitAsync(member.Id, leaving, limit, cancellationToken);
        if (call.Surroundings.OutputIsTerminal && !call.WantsJson)
        {
            call.Surroundings.Out.WriteLine($"{TablePrinter.Printable(member.Called)} has caught up and votes");
        }
    }
}
