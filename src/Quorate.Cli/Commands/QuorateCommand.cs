using System.CommandLine;
using System.CommandLine.Help;
using System.CommandLine.Parsing;
using Quorate.Cli.Cluster;

namespace Quorate.Cli.Commands;

/// <summary>The tree of commands, and how a wrong call is answered.</summary>
internal static class QuorateCommand
{
    private const string Name = "quorate";

    public static int Run(string[] args, Surroundings surroundings)
    {
        var root = Create(surroundings);
        args = ServeArguments.Normalize(args);

        // Keys and values may begin with "@": no response files.
        var parsed = root.Parse(
            args, new ParserConfiguration { ResponseFileTokenReplacer = null, EnablePosixBundling = false });
        var faults = CallFaults.Of(parsed, args);
        if (faults.Count > 0 && !AsksForHelp(parsed))
        {
            return Refuse(parsed, faults, surroundings);
        }

        return parsed.Invoke(new InvocationConfiguration
        {
            Output = surroundings.Out,
            Error = surroundings.Error,
            EnableDefaultExceptionHandler = false,
            ProcessTerminationTimeout = null,
        });
    }

    private static Command Create(Surroundings surroundings)
    {
        var version = new Option<bool>("--version") { Description = "Print the version." };
        var root = new Command(Name, "A strongly consistent, replicated key/value store.")
        {
            DevCommand.Create(surroundings),
            ServeCommand.Create(surroundings),
            PutCommand.Create(surroundings),
            GetCommand.Create(surroundings),
            DelCommand.Create(surroundings),
            StatusCommand.Create(surroundings),
            MemberCommand.Create(surroundings),
            LeaderCommand.Create(surroundings),
            LeaderCommand.CreateMove(surroundings),
            RaftCommands.Add(surroundings),
            RaftCommands.Remove(surroundings),
            RaftCommands.StepDown(surroundings),
            RaftCommands.StartElection(surroundings),
            RaftStatusCommand.Create(surroundings),
            RecoverCommand.Create(surroundings),
            ResetCommand.Create(surroundings),
            version,
        };

        // Without the spellings of Windows: "/h" is a good key.
        var help = new HelpOption("--help", "-h") { Recursive = true };
        help.Action = new ServeHelp((HelpAction)help.Action!);
        root.Options.Add(help);
        root.SetAction(parsed =>
        {
            if (parsed.GetValue(version))
            {
                surroundings.Out.WriteLine(ProductVersion.Line);
                return ExitCodes.Ok;
            }

            return root.Parse(["--help"]).Invoke(parsed.InvocationConfiguration);
        });
        return root;
    }

    private static int Refuse(ParseResult parsed, IReadOnlyList<string> faults, Surroundings surroundings)
    {
        var command = parsed.CommandResult.Command;
        var path = PathOf(parsed.CommandResult);
        surroundings.Error.WriteLine($"{path}: {string.Join("; ", faults)} (see {path} --help)");
        return command.Name is DevCommand.Name or ServeCommand.Name ? ExitCodes.Error : ExitCodes.Usage;
    }

    // As it is typed: quorate member add.
    private static string PathOf(CommandResult command) =>
        command.Parent is CommandResult parent ? $"{PathOf(parent)} {command.Command.Name}" : Name;

    private static bool AsksForHelp(ParseResult parsed) => parsed.Action is HelpAction or ServeHelp;
}
