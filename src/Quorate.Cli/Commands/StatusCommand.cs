using System.CommandLine;
using Quorate.Cli.Client;

namespace Quorate.Cli.Commands;

/// <summary><c>quorate status</c>: what each endpoint says of itself, and a leader of its followers.</summary>
internal static class StatusCommand
{
    public static Command Create(Surroundings surroundings)
    {
        var options = new ClientOptions(surroundings);
        var command = new Command("status", "Show every endpoint's role, term and progress.");
        options.AddTo(command);
        ClientCommand.SetBody(command, options, surroundings, async (_, call, cancellationToken) =>
        {
            var reports = await NodeReport.AskAllAsync(call.Kv, call.Options.Endpoints, cancellationToken);
            Print(call, reports);
            return reports.Select(report => report.Fault).OfType<KvException>().FirstOrDefault()?.ExitCode
                ?? ExitCodes.Ok;
        });
        return command;
    }

    private static void Print(ClientCall call, NodeReport[] reports)
    {
        if (call.WantsJson)
        {
            call.Surroundings.Out.WriteLine(EtcdJson.Status(reports));
            return;
        }

        if (call.Surroundings.OutputIsTerminal)
        {
            PrintTables(call.Surroundings.Out, reports);
        }
        else
        {
            PrintLines(call.Surroundings.Out, reports);
        }

        foreach (var report in reports.Where(report => report.Fault is not null))
        {
            call.Surroundings.Error.WriteLine($"error: {report.Fault!.Message}");
        }
    }

    private static void PrintTables(TextWriter output, NodeReport[] reports)
    {
        TablePrinter.Print(
            output,
            ["endpoint", "name", "role", "leader", "term", "commit", "applied", "revision", "version"],
            reports.Select(Row).ToArray());
        foreach (var (endpoint, status) in reports.Select(report => (report.Endpoint, report.Status)))
        {
            if (status is not null)
            {
                PrintFollowers(output, status);
                PrintState(output, endpoint, status);
            }
        }
    }

    private static void PrintFollowers(TextWriter output, NodeStatus status)
    {
        if (status.Followers.All(follower => follower.State is null))
        {
            return;
        }

        output.WriteLine($"followers of {status.Me?.Id}");
        TablePrinter.Print(
            output,
            ["name", "address", "state", "match", "lag", "last contact"],
            status.Followers.Select(FollowerRow).ToArray());
    }

    // Why a node has no leader, where that is no election.
    private static void PrintState(TextWriter output, Endpoint endpoint, NodeStatus status)
    {
        if (status.IsUnconfigured)
        {
            output.WriteLine($"{endpoint} belongs to no cluster, and waits to be taken into one");
        }
        else if (status.IsRemoved)
        {
            output.WriteLine($"{endpoint} was removed from its cluster");
        }
        else if (status.WaitingFor.Count > 0)
        {
            output.WriteLine(TablePrinter.Printable(
                $"{endpoint} waits, at its first start, until it has reached {string.Join(", ", status.WaitingFor)}"));
        }
    }

    private static string[] FollowerRow(FollowerStatus follower) =>
    [
        follower.Id ?? "", follower.Address ?? "", follower.State ?? "", $"{follower.Match}", $"{follower.Lag}",
        follower.LastContactMs is { } milliseconds ? $"{milliseconds} ms" : "never",
    ];

    private static string[] Row(NodeReport report) => report.Status is { } status
        ?
        [
            $"{report.Endpoint}", status.Me?.Id ?? "", status.Role, NameOf(status.Leader), $"{status.Term}",
            $"{status.Commit}", $"{status.Applied}", $"{status.Revision}", status.Version ?? "",
        ]
        : [$"{report.Endpoint}", "-", "no answer", "-", "-", "-", "-", "-", "-"];

    private static string NameOf(MemberAddress? member) => string.IsNullOrEmpty(member?.Id) ? "-" : member.Id;

    private static void PrintLines(TextWriter output, NodeReport[] reports)
    {
        foreach (var (endpoint, status) in reports.Select(report => (report.Endpoint, report.Status)))
        {
            output.WriteLine(status is null
                ? $"{endpoint} error"
                : $"{endpoint} name={status.Me?.Id} role={status.Role} leader={NameOf(status.Leader)}"
                    + $" term={status.Term} commit={status.Commit} applied={status.Applied} revision={status.Revision}"
                    + $" version={status.Version}"
                    + (status.IsUnconfigured || status.IsRemoved ? $" state={status.NodeState}" : "")
                    + (status.WaitingFor.Count > 0 ? $" waiting-for={string.Join(',', status.WaitingFor)}" : ""));
        }
    }
}
