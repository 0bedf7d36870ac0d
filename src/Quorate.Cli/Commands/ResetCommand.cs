using System.CommandLine;
using Quorate.Cli.Offline;
using Quorate.Server;
using Quorate.Storage;

namespace Quorate.Cli.Commands;

/// <summary><c>quorate reset</c>: a directory becomes that of a new node that belongs to no cluster.</summary>
internal static class ResetCommand
{
    public static Command Create(Surroundings surroundings)
    {
        var path = OfflineCommand.DataDirectory();
        var yes = OfflineCommand.Yes();
        var command = new Command("reset", "Empty the data directory of a node that does not run.") { path, yes };
        OfflineCommand.SetBody(command, surroundings, parsed =>
        {
            var files = new RealFileSystem();
            using var directory = OfflineCommand.Open(files, Path.GetFullPath(parsed.GetRequiredValue(path)));
            var name = directory.Identity.Name;
            ResetReport.Print(surroundings.Out, directory);
            Confirmation.Require(surroundings, name, isGiven: parsed.GetValue(yes));
            directory.Reset(new CryptoRandom(), new WalOptions());
            var who = TablePrinter.Printable($"{directory.Identity}");
            surroundings.Out.WriteLine($"done: {who}. Start it as before; it waits until a cluster takes it in.");
            return ExitCodes.Ok;
        });
        return command;
    }
}
