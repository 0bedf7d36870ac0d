using System.CommandLine;
using Quorate.Cli.Serving;
using Quorate.Cli.Settings;

namespace Quorate.Cli.Commands;

/// <summary><c>quorate serve</c>: one node, with etcd's flags.</summary>
internal static class ServeCommand
{
    public const string Name = "serve";

    public static Command Create(Surroundings surroundings)
    {
        // Texts, all of them: whoever reads them judges them together, and so all faults are told at once.
        Option<string?>[] settings =
        [
            Setting("name", "NAME", "Name of this member. [default: default]"),
            Setting("data-dir", "DIR", "Where the data is kept. [default: NAME.quorate]"),
            Setting("listen-client-urls", "URLS", "Where clients are served. [default: http://127.0.0.1:2379]"),
            Setting("advertise-client-urls", "URLS", "What clients are told. [default: as listened on]"),
            Setting("listen-peer-urls", "URLS", "Where members are served. [default: http://127.0.0.1:2380]"),
            Setting("initial-advertise-peer-urls", "URLS", "What members are told. [default: as listened on]"),
            Setting("initial-cluster", "N=URL,...", "Members of the first start. [default: itself alone]"),
            Setting("initial-cluster-state", "new|existing", "Whether the cluster is new. [default: new]"),
            Setting("initial-cluster-token", "TOKEN", "Keeps equal lists apart. [default: etcd-cluster]"),
            Setting("heartbeat-interval", "MS", "Time between heartbeats. [default: 100]"),
            Setting("election-timeout", "MS", "Silence before an election. [default: 1000]"),
            Setting("snapshot-count", "N", "Entries between snapshots. [default: 100000]"),
            Switch("bootstrap-quorum", "Begin with a majority of --initial-cluster, not all."),
            Switch("insecure-admin", "Take requests that reshape the cluster from everywhere."),
            Setting("log-level", "LEVEL", "trace, debug, info, warn, error or fatal. [default: info]"),
            Setting("log-format", "simple|json", "How log lines look. [default: simple]"),
        ];
        var verbose = new Option<bool>("--verbose") { Description = "Show the stacks of errors." };
        var parent = new Option<int?>("--exit-with-parent") { Hidden = true };
        var command = new Command(Name, "Run one node.") { verbose, parent };
        foreach (var setting in settings)
        {
            command.Options.Add(setting);
        }

        command.SetAction(async (parsed, cancellationToken) =>
        {
            var sources = new SettingSources(name => Given(parsed, $"--{name}"), surroundings.Environment);
            var reader = new ServeSettingsReader(sources);
            var read = reader.Read();
            if (reader.Faults.Count > 0)
            {
                surroundings.Error.WriteLine($"quorate serve: {string.Join("; ", reader.Faults)}");
                return ExitCodes.Error;
            }

            var serve = new ServeRun(read, parsed.GetValue(verbose), surroundings.Error);
            return await serve.RunAsync(parsed.GetValue(parent), cancellationToken);
        });
        return command;
    }

    private static Option<string?> Setting(string name, string valueName, string description) =>
        new($"--{name}") { Description = description, HelpName = valueName };

    private static Option<string?> Switch(string name, string description) =>
        new($"--{name}") { Description = description, HelpName = "true|false", Arity = ArgumentArity.ZeroOrOne };

    // A switch without a value is on.
    private static string? Given(ParseResult parsed, string option) => parsed.GetResult(option) is null
        ? null
        : parsed.GetValue<string?>(option) ?? bool.TrueString;
}
