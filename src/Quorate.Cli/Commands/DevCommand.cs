using System.CommandLine;
using System.Globalization;
using System.Net;
using Quorate.Cli.Dev;

namespace Quorate.Cli.Commands;

/// <summary><c>quorate dev</c>: three nodes on this machine.</summary>
internal static class DevCommand
{
    public const string Name = "dev";

    public static Command Create(Surroundings surroundings)
    {
        var dataDirectory = new Option<string?>("--data-dir")
        {
            Description = "Where the nodes keep their data; a new directory without it.",
            HelpName = "DIR",
        };
        var portBase = new Option<string?>("--port-base")
        {
            Description = "First port: clients at B, B+10, B+20, peers one above each. [default: 2379, 22379, 32379]",
            HelpName = "B",
        };
        var command = new Command(Name, "Run three nodes on this machine to try things.") { dataDirectory, portBase };
        command.SetAction(parsed =>
        {
            try
            {
                var ports = ReadPortBase(parsed.GetValue(portBase));
                RequireFreePorts(new DevPlan("", ports));
                return Run(new DevPlan(MakeDirectory(parsed.GetValue(dataDirectory)), ports), surroundings);
            }
            catch (Exception e) when (e is IOException or UnauthorizedAccessException or CommandException)
            {
                surroundings.Error.WriteLine($"quorate dev: {e.Message}");
                return ExitCodes.Error;
            }
        });
        return command;
    }

    // Synchronous, since the nodes die with the thread that starts them: that must be the main thread.
    private static int Run(DevPlan plan, Surroundings surroundings)
    {
        var self = SelfCommand.OfThisProcess();
        using var events = new DevEvents();
        var nodes = plan.Nodes.Select(node => new DevNode(node, plan.ServeArguments(node), self, events)).ToArray();
        using var signals = new StopSignals(() => events.Post(new DevEvent.Stop()));
        Start(plan, nodes, surroundings.Out);
        using var poller = new StatusPoller(nodes);
        string? failure;
        using (IDevFront front = surroundings.IsInteractive
            ? new TerminalFront(surroundings.Out, plan.LinesToTry(), events)
            : new PlainFront(surroundings.Out))
        {
            var loop = new DevLoop(plan, nodes, events, front);
            loop.Run();
            failure = loop.Failure;
        }

        surroundings.Out.WriteLine($"stopped; the data is kept, to go on with it: {self.Typed(plan.DevArguments)}");
        return failure is null ? ExitCodes.Ok : throw new CommandException(failure);
    }

    // On the main screen, also where another one is used later, so that it stays when all is over.
    private static void Start(DevPlan plan, DevNode[] nodes, TextWriter output)
    {
        output.WriteLine($"three nodes on loopback, data in {plan.Directory} (kept)");
        foreach (var node in nodes)
        {
            node.Start();
            output.WriteLine(
                $"{node.Plan.Name}: pid {node.Pid}, clients {node.Plan.ClientAddress}, peers {node.Plan.PeerAddress},"
                + $" data {node.Plan.Directory}, alone: {node.StartCommand}");
        }

        output.WriteLine("try:");
        foreach (var line in plan.LinesToTry())
        {
            output.WriteLine($"  {line}");
        }

        output.Flush();
    }

    private static void RequireFreePorts(DevPlan plan)
    {
        var taken = plan.Nodes.SelectMany(node => new[] { node.ClientPort, node.PeerPort })
            .Select(port => PortOwner.WhyTaken(IPAddress.Loopback, port))
            .OfType<string>()
            .ToArray();
        if (taken.Length > 0)
        {
            throw new CommandException($"{string.Join("; ", taken)}; end it, or move the nodes with --port-base B");
        }
    }

    private static int? ReadPortBase(string? text)
    {
        if (text is null)
        {
            return null;
        }

        return int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var port)
            && port > 0 && port <= DevPlan.PortBaseMax
            ? port
            : throw new CommandException($"--port-base '{text}' is not a port from 1 to {DevPlan.PortBaseMax}");
    }

    private static string MakeDirectory(string? path)
    {
        if (path is null)
        {
            return Directory.CreateTempSubdirectory("quorate-dev-").FullName;
        }

        return path.Length > 0
            ? Directory.CreateDirectory(path).FullName
            : throw new CommandException("--data-dir is empty");
    }
}
