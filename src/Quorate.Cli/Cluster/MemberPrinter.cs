using System.Globalization;
using Quorate.Cli.Client;
using Quorate.Cli.Commands;

namespace Quorate.Cli.Cluster;

/// <summary>Members for people, and the lines of etcdctl for programs.</summary>
internal static class MemberPrinter
{
    /// <summary>Prints the list in the form that is wanted.</summary>
    public static async Task PrintAsync(ClientCall call, MemberList list, CancellationToken cancellationToken)
    {
        var output = call.Surroundings.Out;
        if (call.WantsJson)
        {
            output.WriteLine(await ClusterJson.MembersAsync(call, list, changed: null, cancellationToken));
        }
        else if (call.Surroundings.OutputIsTerminal)
        {
            PrintTable(output, list);
        }
        else
        {
            foreach (var member in list.Members)
            {
                output.WriteLine(Line(member));
            }
        }
    }

    /// <summary>
    /// Prints that a change was done, as etcdctl: <c>Member ID added to cluster ID</c>; the list with JSON.
    /// </summary>
    public static async Task PrintDoneAsync(
        ClientCall call, MemberAnswer answer, string deed, CancellationToken cancellationToken)
    {
        if (call.WantsJson)
        {
            var list = await call.Cluster.ListAsync(cancellationToken);
            call.Surroundings.Out.WriteLine(
                await ClusterJson.MembersAsync(call, list, answer.Member, cancellationToken));
            return;
        }

        var node = await call.IdentifyAsync(answer.Header.Endpoint, cancellationToken);
        call.Surroundings.Out.WriteLine(
            $"Member {answer.Member?.Id} {deed} cluster {ClusterIdOf(node)}");
    }

    /// <summary>The low half of the cluster's id, as etcd's clients know it.</summary>
    public static string ClusterIdOf(NodeStatus? node) =>
        EtcdJson.LowHalf(node?.ClusterId).ToString("x16", CultureInfo.InvariantCulture);

    /// <summary>As etcdctl: ID, status, name, peer URLs, client URLs, learner.</summary>
    public static string Line(ClusterMember member) => string.Join(
        ", ",
        member.Id,
        member.Name.Length > 0 ? "started" : "unstarted",
        member.Name,
        string.Join(',', member.PeerUrls),
        string.Join(',', member.ClientUrls),
        member.IsLearner ? "true" : "false");

    private static void PrintTable(TextWriter output, MemberList list)
    {
        TablePrinter.Print(
            output,
            ["id", "name", "state", "peer urls", "client urls", "lag", "last contact"],
            list.Members.Select(Row).ToArray());
        if (list.IsChanging)
        {
            output.WriteLine("a change is under way");
        }
    }

    private static string[] Row(ClusterMember member) =>
    [
        member.Id,
        member.Name.Length > 0 ? member.Name : "-",
        member.Leader ? $"{member.State}, leads" : member.State,
        string.Join(',', member.PeerUrls),
        member.ClientUrls.Count > 0 ? string.Join(',', member.ClientUrls) : "-",
        member.LagEntries is { } lag ? $"{lag} entries, {member.Percent} %" : "-",
        member.LastContactMs is { } milliseconds ? $"{milliseconds} ms" : "-",
    ];
}
