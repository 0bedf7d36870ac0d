using System.CommandLine;
using Quorate.Cli.Client;
using Quorate.Cli.Commands;

namespace Quorate.Cli.Cluster;

/// <summary>
/// <c>quorate member replace OLD --peer-urls URL</c>: the new one in as a learner, then in one step it votes and the
/// old one is out. The quorum is never smaller.
/// </summary>
internal static class MemberReplaceCommand
{
    public static Command Create(Surroundings surroundings)
    {
        var old = MemberCommand.Named("OLD");
        var urls = PeerUrls.Option();
        var name = new Option<string>("--name")
        {
            Description = "The new one's name in the cluster; default: the one it was started with.",
            HelpName = "NEW",
        };
        var (force, catchUp, options) = (MemberCommand.Force(), new CatchUpOptions(), new ClientOptions(surroundings));
        var command = new Command("replace", "Put a node that runs in a member's place.") { old, urls, name, force };
        catchUp.AddTo(command);
        options.AddTo(command);
        ClientCommand.SetBody(command, options, surroundings, async (parsed, call, cancellationToken) =>
        {
            var request = new MemberRequest
            {
                Name = parsed.GetValue(name),
                PeerUrls = PeerUrls.Split(parsed.GetRequiredValue(urls)),
            };
            var limit = catchUp.Waits(parsed) ? catchUp.Limit(parsed) : (TimeSpan?)null;
            await RunAsync(
                call, parsed.GetRequiredValue(old), request, parsed.GetValue(force), limit, cancellationToken);
            return ExitCodes.Ok;
        });
        return command;
    }

    private static async Task RunAsync(
        ClientCall call,
        string old,
        MemberRequest request,
        bool force,
        TimeSpan? limit,
        CancellationToken cancellationToken)
    {
        // By its id from here on: the new one may get its name.
        var list = await call.Cluster.ListAsync(cancellationToken);
        var leaving = list.FindNamed(old)?.Id ?? old;
        var answer = await call.Cluster.ReplaceAsync(leaving, request, force, cancellationToken);
        answer = await NewMember.KnownAsync(call, answer, request.PeerUrls, cancellationToken);
        var deed = $"takes the place of {leaving} in";
        if (!call.WantsJson)
        {
            await MemberPrinter.PrintDoneAsync(call, answer, deed, cancellationToken);
        }

        if (limit is { } time)
        {
            await NewMember.AwaitVoteAsync(call, answer.Member!, leaving, time, cancellationToken);
        }

        if (call.WantsJson)
        {
            await MemberPrinter.PrintDoneAsync(call, answer, deed, cancellationToken);
        }
    }
}
