using System.CommandLine;
using Quorate.Cli.Serving;
using Quorate.Cli.Settings;
using Quorate.Cli.Spellings;

namespace Quorate.Cli.Commands;

/// <summary><c>quorate serve</c>: one node, in every seed's spelling.</summary>
internal static class ServeCommand
{
    public const string Name = "serve";

    public static Command Create(Surroundings surroundings)
    {
        var directory = new Argument<string?>(RaftdbSpelling.Directory) { Arity = ArgumentArity.ZeroOrOne };
        var verbose = new Option<bool>("--verbose") { Description = "Show the stacks of errors." };
        var parent = new Option<int?>("--exit-with-parent") { Hidden = true };
        var command = new Command(Name, "Run one node.") { directory, verbose, parent };

        // Texts, all of them: whoever reads them judges them together, and so all faults are told at once.
        foreach (var flag in ServeStart.AllFlags)
        {
            command.Options.Add(new Option<string?>($"--{flag.Name}"));
        }

        command.SetAction(async (parsed, cancellationToken) =>
        {
            var given = new GivenFlags(
                name => parsed.GetResult($"--{name}") is null ? null : parsed.GetValue<string?>($"--{name}"),
                parsed.GetValue(directory));
            var start = new ServeStart(surroundings.Environment, surroundings.HostName);
            var read = start.Read(given, out var faults);
            if (faults.Count > 0)
            {
                surroundings.Error.WriteLine($"quorate serve: {string.Join("; ", faults)}");
                return ExitCodes.Error;
            }

            var serve = new ServeRun(read, parsed.GetValue(verbose), surroundings.Error);
            return await serve.RunAsync(parsed.GetValue(parent), cancellationToken);
        });
        return command;
    }
}
