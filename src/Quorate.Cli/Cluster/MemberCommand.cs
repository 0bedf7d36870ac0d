using System.CommandLine;
using Quorate.Cli.Client;
using Quorate.Cli.Commands;

namespace Quorate.Cli.Cluster;

/// <summary><c>quorate member ...</c>: who belongs to the cluster.</summary>
internal static class MemberCommand
{
    public static Command Create(Surroundings surroundings) =>
        new("member", "List and change the members of the cluster.")
        {
            List(surroundings),
            MemberAddCommand.Create(surroundings),
            Remove(surroundings),
            Update(surroundings),
            Promote(surroundings),
            MemberReplaceCommand.Create(surroundings),
        };

    /// <summary>The member that a command is about.</summary>
    public static Argument<string> Named(string name = "NAME|ID")
    {
        var argument = new Argument<string>(name)
        {
            Description = "The member: its name, or its id in hexadecimal.",
        };
        RefuseEmpty(argument);
        return argument;
    }

    public static void RefuseEmpty(Argument<string> argument) => argument.Validators.Add(result =>
    {
        if (string.IsNullOrEmpty(result.GetValueOrDefault<string>()))
        {
            result.AddError($"{argument.Name} is empty");
        }
    });

    public static Option<bool> Force() => new("--force")
    {
        Description = "Do it although too few of the voters that remain are connected.",
    };

    private static Command List(Surroundings surroundings)
    {
        var options = new ClientOptions(surroundings);
        var command = new Command("list", "List the members, as the node that is asked knows them.");
        options.AddTo(command);
        ClientCommand.SetBody(command, options, surroundings, async (_, call, cancellationToken) =>
        {
            await MemberPrinter.PrintAsync(call, await call.Cluster.ListAsync(cancellationToken), cancellationToken);
            return ExitCodes.Ok;
        });
        return command;
    }

    private static Command Remove(Surroundings surroundings)
    {
        var (named, force, options) = (Named(), Force(), new ClientOptions(surroundings));
        var command = new Command("remove", "Remove a member for ever.") { named, force };
        return Changing(command, options, surroundings, "removed from", (parsed, call, cancellationToken) =>
            call.Cluster.RemoveAsync(parsed.GetRequiredValue(named), parsed.GetValue(force), cancellationToken));
    }

    private static Command Update(Surroundings surroundings)
    {
        var (named, urls, force) = (Named(), PeerUrls.Option(), Force());
        var command = new Command("update", "Change where a member is reached.") { named, urls, force };
        var options = new ClientOptions(surroundings);
        return Changing(command, options, surroundings, "updated in", (parsed, call, cancellationToken) =>
            call.Cluster.UpdateAsync(
                parsed.GetRequiredValue(named),
                new MemberRequest { PeerUrls = PeerUrls.Split(parsed.GetRequiredValue(urls)) },
                parsed.GetValue(force),
                cancellationToken));
    }

    private static Command Promote(Surroundings surroundings)
    {
        var (named, options) = (Named(), new ClientOptions(surroundings));
        var command = new Command("promote", "Make a learner that has caught up a voter.") { named };
        return Changing(command, options, surroundings, "promoted in", (parsed, call, cancellationToken) =>
            call.Cluster.PromoteAsync(parsed.GetRequiredValue(named), cancellationToken));
    }

    private static Command Changing(
        Command command,
        ClientOptions options,
        Surroundings surroundings,
        string deed,
        Func<ParseResult, ClientCall, CancellationToken, Task<MemberAnswer>> change)
    {
        options.AddTo(command);
        ClientCommand.SetBody(command, options, surroundings, async (parsed, call, cancellationToken) =>
        {
            var answer = await change(parsed, call, cancellationToken);
            await MemberPrinter.PrintDoneAsync(call, answer, deed, cancellationToken);
            return ExitCodes.Ok;
        });
        return command;
    }
}
