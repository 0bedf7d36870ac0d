using System.CommandLine;
using System.CommandLine.Help;
using System.CommandLine.Invocation;
using Quorate.Cli.Settings;
using Quorate.Cli.Spellings;

namespace Quorate.Cli.Commands;

/// <summary>The help of <c>serve</c>, by spelling; that of all other commands is the parser's own.</summary>
internal sealed class ServeHelp(HelpAction usual) : SynchronousCommandLineAction
{
    private static readonly (string Title, string[] Lines, IReadOnlyList<ServeFlag> Flags)[] Groups =
    [
        (
            "etcd's spelling: quorate serve [--name NAME] [--initial-cluster N=URL,...] ...",
            ["Alone by default. Without any flag: one node on 2379 and 2380."],
            new EtcdSpelling().Flags),
        (
            "raftdb's, hraftd's and EASC's: quorate serve -id X -haddr H -raddr R [-join T] DIR",
            ["Alone, or with -join waits until it is taken in. Implies --compat raftdb."],
            new RaftdbSpelling().Flags),
        (
            "Permazen's: quorate serve --raft-dir DIR --raft-identity X --raft-address A[:P]",
            ["Waits to be told to begin a cluster, or to be taken in. Clients on loopback, at a port that is kept."],
            new PermazenSpelling().Flags),
        (
            "balsa's: HTTP_SERVER_PORT, RAFT_SERVER_PORT, RAFT_NODE_ID, RAFT_VOLUME_DIR in the environment",
            ["All four, and none of the flags above. Alone, on 127.0.0.1. Implies --compat balsa."],
            []),
        ("With every spelling:", [], CommonFlags.All),
    ];

    /// <inheritdoc/>
    public override int Invoke(ParseResult parseResult)
    {
        if (parseResult.CommandResult.Command.Name != ServeCommand.Name)
        {
            return usual.Invoke(parseResult);
        }

        Write(parseResult.InvocationConfiguration.Output);
        return ExitCodes.Ok;
    }

    private static void Write(TextWriter output)
    {
        output.WriteLine("Description:");
        output.WriteLine("  Run one node. A start line is written in one of four spellings; -flag and --flag are the");
        output.WriteLine("  same. A directory with data goes on as what it is, whatever the line says.");
        foreach (var (title, lines, flags) in Groups)
        {
            output.WriteLine();
            output.WriteLine(title);
            foreach (var line in lines)
            {
                output.WriteLine($"  {line}");
            }

            WriteFlags(output, flags);
        }

        output.WriteLine($"  {"--verbose",-36}Show the stacks of errors.");
        output.WriteLine($"  {"-h, --help",-36}Show this.");
        output.WriteLine();
        output.WriteLine("Each setting is also a variable: --data-dir is QUORATE_DATA_DIR, else ETCD_DATA_DIR.");
        output.WriteLine("Flags go before QUORATE_*, that before ETCD_*, that before the config file.");
    }

    private static void WriteFlags(TextWriter output, IReadOnlyList<ServeFlag> flags)
    {
        foreach (var flag in flags)
        {
            var written = flag.IsSwitch ? flag.Written : $"{flag.Written} {flag.Value}";
            output.WriteLine($"  {written,-35} {flag.Words}");
        }
    }
}
