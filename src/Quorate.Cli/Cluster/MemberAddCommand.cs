using System.CommandLine;
using Quorate.Cli.Client;
using Quorate.Cli.Commands;

namespace Quorate.Cli.Cluster;

/// <summary><c>quorate member add NAME --peer-urls URL</c></summary>
internal static class MemberAddCommand
{
    public static Command Create(Surroundings surroundings)
    {
        var parts = new Parts();
        var options = new ClientOptions(surroundings);
        var command = new Command("add", "Add a node that runs; it votes by itself once it has caught up.")
        {
            parts.Name, parts.Urls, parts.Learner, parts.Announce, parts.Force,
        };
        parts.CatchUp.AddTo(command);
        options.AddTo(command);
        ClientCommand.SetBody(command, options, surroundings, async (parsed, call, cancellationToken) =>
        {
            await RunAsync(parts, parsed, call, cancellationToken);
            return ExitCodes.Ok;
        });
        return command;
    }

    private static async Task RunAsync(
        Parts parts, ParseResult parsed, ClientCall call, CancellationToken cancellationToken)
    {
        var (learner, announce) = (parsed.GetValue(parts.Learner), parsed.GetValue(parts.Announce));
        var name = parsed.GetRequiredValue(parts.Name);
        var urls = PeerUrls.Split(parsed.GetRequiredValue(parts.Urls));
        var request = new MemberRequest
        {
            Name = announce ? null : name,
            PeerUrls = urls,
            Learner = learner ? true : null,
            Announce = announce ? true : null,
        };
        var answer = await call.Cluster.AddAsync(request, parsed.GetValue(parts.Force), cancellationToken);
        answer = await NewMember.KnownAsync(call, answer, urls, cancellationToken);
        if (!call.WantsJson)
        {
            await MemberPrinter.PrintDoneAsync(call, answer, "added to", cancellationToken);
        }

        // A learner that stays one, and a member whose process is still to be started, are in already.
        if (parts.CatchUp.Waits(parsed) && !learner && !announce && answer.Member is { IsVoter: false } member)
        {
            await NewMember.AwaitVoteAsync(call, member, null, parts.CatchUp.Limit(parsed), cancellationToken);
        }

        if (call.WantsJson)
        {
            await MemberPrinter.PrintDoneAsync(call, answer, "added to", cancellationToken);
        }
        else if (announce)
        {
            await PrintStartLineAsync(call, name, urls, cancellationToken);
        }
    }

    // As etcdctl: what the process that is still to be started is to be given.
    private static async Task PrintStartLineAsync(
        ClientCall call, string name, IReadOnlyList<string> urls, CancellationToken cancellationToken)
    {
        var list = await call.Cluster.ListAsync(cancellationToken);
        var known = list.Members
            .Where(member => member.Name.Length > 0)
            .SelectMany(member => member.PeerUrls.Select(url => $"{member.Name}={url}"));
        var all = string.Join(',', known.Concat(urls.Select(url => $"{name}={url}")));
        call.Surroundings.Out.WriteLine(
            $"""

            ETCD_NAME="{name}"
            ETCD_INITIAL_CLUSTER="{all}"
            ETCD_INITIAL_ADVERTISE_PEER_URLS="{string.Join(',', urls)}"
            ETCD_INITIAL_CLUSTER_STATE="existing"
            """);
    }

    private sealed class Parts
    {
        public Parts() => MemberCommand.RefuseEmpty(Name);

        public Argument<string> Name { get; } = new("NAME") { Description = "Its name in the cluster." };

        public Option<string> Urls { get; } = PeerUrls.Option();

        public Option<bool> Learner { get; } = new("--learner")
        {
            Description = "It stays a learner until it is promoted: it counts in no quorum.",
        };

        public Option<bool> Announce { get; } = new("--announce")
        {
            Description = "As etcd: record it before its process exists; print what to start it with.",
        };

        public Option<bool> Force { get; } = MemberCommand.Force();

        public CatchUpOptions CatchUp { get; } = new();
    }
}
