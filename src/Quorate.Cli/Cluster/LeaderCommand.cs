using System.CommandLine;
using Quorate.Cli.Client;
using Quorate.Cli.Commands;

namespace Quorate.Cli.Cluster;

/// <summary><c>quorate leader ...</c>: who leads, and who is to; and etcd's <c>move-leader</c>.</summary>
internal static class LeaderCommand
{
    public static Command Create(Surroundings surroundings)
    {
        var options = new ClientOptions(surroundings);
        var command = new Command("leader", "Show who leads; hand leadership over.")
        {
            Transfer(surroundings), StepDown(surroundings),
        };
        options.AddTo(command);
        ClientCommand.SetBody(command, options, surroundings, async (_, call, cancellationToken) =>
        {
            var answer = await call.Cluster.LeaderAsync(cancellationToken);
            await PrintAsync(call, answer, cancellationToken);
            return ExitCodes.Ok;
        });
        return command;
    }

    /// <summary><c>quorate move-leader ID</c>, as etcdctl has it.</summary>
    public static Command CreateMove(Surroundings surroundings)
    {
        var (named, options) = (MemberCommand.Named("ID"), new ClientOptions(surroundings));
        var command = new Command("move-leader", "Hand leadership to a member, as etcdctl does.") { named };
        return Transferring(command, named, options, surroundings, static member => member.Id);
    }

    private static Command Transfer(Surroundings surroundings)
    {
        var (named, options) = (MemberCommand.Named(), new ClientOptions(surroundings));
        var command = new Command("transfer", "Hand leadership to a member.") { named };
        return Transferring(command, named, options, surroundings, static member => member.Called);
    }

    private static Command StepDown(Surroundings surroundings)
    {
        var options = new ClientOptions(surroundings);
        var command = new Command("step-down", "Hand leadership to whoever is most advanced.");
        options.AddTo(command);
        ClientCommand.SetBody(command, options, surroundings, async (_, call, cancellationToken) =>
        {
            var before = (await call.Cluster.LeaderAsync(cancellationToken)).Leader;
            var answer = await call.Cluster.StepDownAsync(onlyHere: false, cancellationToken);
            await PrintHandOverAsync(
                call, answer, $"{before!.Called} stepped down{Now(answer.Leader)}", cancellationToken);
            return ExitCodes.Ok;
        });
        return command;
    }

    private static string Now(ClusterMember? leader) => leader is null ? "" : $"; {leader.Called} leads";

    private static Command Transferring(
        Command command,
        Argument<string> named,
        ClientOptions options,
        Surroundings surroundings,
        Func<ClusterMember, string> call)
    {
        options.AddTo(command);
        ClientCommand.SetBody(command, options, surroundings, async (parsed, at, cancellationToken) =>
        {
            var target = parsed.GetRequiredValue(named);
            var list = await at.Cluster.ListAsync(cancellationToken);
            var member = list.FindNamed(target) ?? throw NoSuchMember(target, list);
            var before = list.Members.FirstOrDefault(other => other.Leader);
            var answer = await at.Cluster.TransferAsync(member.Id, cancellationToken);
            var words = before?.Id == member.Id
                ? $"{call(member)} leads already"
                : $"Leadership transferred from {(before is null ? "nobody" : call(before))} to {call(member)}";
            await PrintHandOverAsync(at, answer, words, cancellationToken);
            return ExitCodes.Ok;
        });
        return command;
    }

    /// <summary>The same words as the server's.</summary>
    public static CommandException NoSuchMember(string named, MemberList list) => new(
        $"there is no member \"{named}\"; there are "
        + string.Join(", ", list.Members.Select(
            member => member.Name.Length > 0 ? $"\"{member.Name}\"" : $"{member.Id} (announced)")));

    private static async Task PrintHandOverAsync(
        ClientCall call, LeaderAnswer answer, string words, CancellationToken cancellationToken) =>
        call.Surroundings.Out.WriteLine(call.WantsJson
            ? await ClusterJson.LeaderAsync(call, answer, cancellationToken)
            : words);

    private static async Task PrintAsync(ClientCall call, LeaderAnswer answer, CancellationToken cancellationToken)
    {
        var leader = answer.Leader!;
        if (call.WantsJson)
        {
            call.Surroundings.Out.WriteLine(await ClusterJson.LeaderAsync(call, answer, cancellationToken));
        }
        else if (call.Surroundings.OutputIsTerminal)
        {
            TablePrinter.Print(
                call.Surroundings.Out,
                ["name", "id", "term", "peer urls", "client urls"],
                [[
                    leader.Name, leader.Id, $"{answer.Header.Term}", string.Join(',', leader.PeerUrls),
                    string.Join(',', leader.ClientUrls),
                ]]);
        }
        else
        {
            call.Surroundings.Out.WriteLine(leader.Called);
        }
    }
}
