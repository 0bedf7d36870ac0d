using System.CommandLine;
using Quorate.Cli.Offline;
using Quorate.Node;
using Quorate.Server;

namespace Quorate.Cli.Commands;

/// <summary>
/// <c>quorate recover</c>: a cluster of one from what is left when the quorum is lost for good.
/// </summary>
internal static class RecoverCommand
{
    public static Command Create(Surroundings surroundings)
    {
        var path = OfflineCommand.DataDirectory();
        var survey = new Option<string[]>("--survey")
        {
            Description = "Another data directory of the cluster, to be compared and not changed; may be repeated.",
            HelpName = "DIR",
            DefaultValueFactory = _ => [],
            AllowMultipleArgumentsPerToken = true,
        };
        var yes = OfflineCommand.Yes();
        var json = new Option<bool>("--json") { Description = "Print one JSON object; needs --yes." };
        var command = new Command("recover", "Go on with one member when the quorum is lost for good.")
        {
            path, survey, yes, json,
        };
        command.Validators.Add(result =>
        {
            if (result.GetValue(json) && !result.GetValue(yes))
            {
                result.AddError("--json asks nobody: add --yes");
            }
        });
        OfflineCommand.SetBody(command, surroundings, parsed =>
        {
            using var directories = OpenedDirectories.Open(
                parsed.GetRequiredValue(path), parsed.GetRequiredValue(survey));
            var plan = directories.Judge();
            if (!parsed.GetValue(json))
            {
                RecoverReport.PrintPlan(surroundings.Out, plan);
                Confirmation.Require(surroundings, plan.Name, isGiven: parsed.GetValue(yes));
            }

            var cluster = QuorumRecovery.Run(
                directories.Own, plan, new CryptoRandom(), TimeProvider.System.GetUtcNow(), ProductVersion.Number);
            if (parsed.GetValue(json))
            {
                surroundings.Out.WriteLine(RecoverJson.Of(plan, cluster));
            }
            else
            {
                RecoverReport.PrintDone(surroundings.Out, plan, cluster);
            }

            return ExitCodes.Ok;
        });
        return command;
    }
}
