using System.CommandLine;
using Quorate.Cli.Logging;
using Quorate.Node;
using Quorate.Storage;

namespace Quorate.Cli.Offline;

/// <summary>What the commands on the files of a node that does not run have in common.</summary>
internal static class OfflineCommand
{

    /// <summary>The directory that is worked on; there is no default for what cannot be taken back.</summary>
    public static Option<string> DataDirectory() => new("--data-dir")
    {
        Description = "The data directory of a node that does not run.",
        HelpName = "DIR",
        Required = true,
    };

    public static Option<bool> Yes() => new("--yes")
    {
        Description = "Do not ask for the member's name: for scripts.",
    };

    /// <summary>Runs the body; a failure is one line and an exit code.</summary>
    public static void SetBody(Command command, Surroundings surroundings, Func<ParseResult, int> body) =>
        command.SetAction(parsed =>
        {
            try
            {
                return body(parsed);
            }
            catch (Exception e) when (e is CommandException or StorageException or RecoveryRefusedException)
            {
                surroundings.Error.WriteLine($"error: {LogText.OneLine(e.Message)}");
                return ExitCodes.Error;
            }
        });

    /// <summary>Opens and locks a directory; who uses it is named where the system tells.</summary>
    public static DataDirectory Open(IFileSystem files, string path)
    {
        try
        {
            return Storage.DataDirectory.Open(files, path);
        }
        catch (IdentityException e) when (e.IsInUse)
        {
            throw new CommandException($"{path} is in use by {OpenFiles.DescribeUser(path)}: stop the node first");
        }
    }
}
