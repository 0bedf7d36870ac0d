using System.CommandLine;
using Quorate.Cli.Client;
using Quorate.Cli.Commands;

namespace Quorate.Cli.Cluster;

/// <summary>
/// The words of Permazen's shell against any node: <c>raft-add</c>, <c>raft-remove</c>, <c>raft-step-down</c>,
/// <c>raft-start-election</c>.
/// </summary>
internal static class RaftCommands
{
    private const string SeeStatus = "try \"raft-status\" for more info";

    /// <summary>Adds a member, or changes where one is reached; on an unconfigured node begins a cluster.</summary>
    public static Command Add(Surroundings surroundings)
    {
        var identity = Identity();
        var address = new Argument<string>("ADDRESS") { Description = "Host, and port if it is not 9660." };
        MemberCommand.RefuseEmpty(address);
        var options = new ClientOptions(surroundings);
        var command = new Command("raft-add", "Add a member, or change its address; as Permazen has it.")
        {
            identity, address,
        };
        options.AddTo(command);
        ClientCommand.SetBody(command, options, surroundings, async (parsed, call, cancellationToken) =>
        {
            var url = PeerUrls.OfAddress(parsed.GetRequiredValue(address));
            await AddAsync(call, parsed.GetRequiredValue(identity), url, cancellationToken);
            return ExitCodes.Ok;
        });
        return command;
    }

    /// <summary>Removes a member.</summary>
    public static Command Remove(Surroundings surroundings)
    {
        var (identity, options) = (Identity(), new ClientOptions(surroundings));
        var command = new Command("raft-remove", "Remove a member; as Permazen has it.") { identity };
        options.AddTo(command);
        ClientCommand.SetBody(command, options, surroundings, async (parsed, call, cancellationToken) =>
        {
            var named = parsed.GetRequiredValue(identity);
            var answer = await call.Cluster.RemoveAsync(named, force: false, cancellationToken);
            await PrintAsync(
                call, answer, $"Removed \"{TablePrinter.Printable(answer.Member?.Called ?? named)}\"",
                cancellationToken);
            return ExitCodes.Ok;
        });
        return command;
    }

    /// <summary>The node that is asked gives leadership away.</summary>
    public static Command StepDown(Surroundings surroundings) => Acting(
        surroundings,
        new Command("raft-step-down", "Make the node give leadership away; as Permazen has it."),
        "Stepping down as Raft cluster leader",
        "current role is not leader",
        static fault => fault.Code is "not_leader" or "no_leader",
        static (call, cancellationToken) => call.Cluster.StepDownAsync(onlyHere: true, cancellationToken));

    /// <summary>The node that is asked begins an election.</summary>
    public static Command StartElection(Surroundings surroundings) => Acting(
        surroundings,
        new Command("raft-start-election", "Make the node begin an election; as Permazen has it."),
        "Triggering early Raft election",
        "current role is not follower or candidate",
        static fault => fault.Refusal == "leads_already",
        static (call, cancellationToken) => call.Cluster.ElectAsync(cancellationToken));

    private static Argument<string> Identity()
    {
        var identity = new Argument<string>("ID") { Description = "The member's identity: its name." };
        MemberCommand.RefuseEmpty(identity);
        return identity;
    }

    private static async Task AddAsync(
        ClientCall call, string identity, string url, CancellationToken cancellationToken)
    {
        var list = await call.Cluster.ListIfAnyAsync(cancellationToken);
        var known = list.Members.FirstOrDefault(member => member.Name == identity);
        var isThere = known?.PeerUrls.Contains(url, StringComparer.Ordinal) == true;
        var request = new MemberRequest { PeerUrls = [url] };
        var answer = known is null || isThere
            ? await call.Cluster.AddAsync(request with { Name = identity }, force: false, cancellationToken)
            : await call.Cluster.UpdateAsync(known.Id, request, force: false, cancellationToken);
        var (named, at) = (TablePrinter.Printable(identity), PeerUrls.ToAddress(url));
        await PrintAsync(
            call,
            answer,
            isThere ? $"\"{named}\" is a member at {at} already"
                : known is not null ? $"Moved \"{named}\" to {at}"
                : $"Added \"{named}\" at {at}{Later(answer.Member)}",
            cancellationToken);
    }

    private static string Later(ClusterMember? member) =>
        member is { IsVoter: false } ? "; it votes once it has caught up" : "";

    private static async Task PrintAsync(
        ClientCall call, MemberAnswer answer, string words, CancellationToken cancellationToken) =>
        call.Surroundings.Out.WriteLine(call.WantsJson
            ? await ClusterJson.MembersAsync(
                call, await call.Cluster.ListAsync(cancellationToken), answer.Member, cancellationToken)
            : words);

    private static Command Acting(
        Surroundings surroundings,
        Command command,
        string done,
        string wrongRole,
        Func<KvException, bool> isWrongRole,
        Func<ClientCall, CancellationToken, Task<LeaderAnswer>> act)
    {
        var options = new ClientOptions(surroundings);
        options.AddTo(command);
        ClientCommand.SetBody(command, options, surroundings, async (_, call, cancellationToken) =>
        {
            try
            {
                var answer = await act(call, cancellationToken);
                call.Surroundings.Out.WriteLine(call.WantsJson
                    ? await ClusterJson.LeaderAsync(call, answer, cancellationToken)
                    : done);
                return ExitCodes.Ok;
            }
            catch (KvException fault) when (isWrongRole(fault))
            {
                throw new KvException(fault.Fault, $"{wrongRole}; {SeeStatus}");
            }
        });
        return command;
    }
}
