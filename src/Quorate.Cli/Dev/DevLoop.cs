using System.Diagnostics;

namespace Quorate.Cli.Dev;

/// <summary>
/// Runs the cluster on the thread that started its nodes: does what is typed, and leaves no process behind.
/// </summary>
internal sealed class DevLoop(DevPlan plan, IReadOnlyList<DevNode> nodes, DevEvents events, IDevFront front)
{
    private static readonly TimeSpan Refresh = TimeSpan.FromMilliseconds(250);
    private static readonly TimeSpan StopLimit = TimeSpan.FromSeconds(10);
    private readonly Dictionary<string, string> _lastLines = [];
    private string _leader = "";
    private bool _stop;

    /// <summary>Why the cluster could not run; null when it ended because somebody wanted it to.</summary>
    public string? Failure { get; private set; }

    public void Run()
    {
        while (!_stop)
        {
            if (events.Take(Refresh) is { } happened)
            {
                Handle(happened);
            }

            NoteLeader();
            front.Show(Picture());
        }

        StopAll();
    }

    private void Handle(DevEvent happened)
    {
        switch (happened)
        {
            case DevEvent.Key key:
                if (front.Press(key.Pressed) is { Length: > 0 } typed)
                {
                    Obey(typed);
                }

                break;
            case DevEvent.Line line:
                SayLine(line);
                break;
            case DevEvent.Exited exited:
                NoteExit(exited);
                break;
            case DevEvent.Stop:
                _stop = true;
                break;
        }
    }

    private void SayLine(DevEvent.Line line)
    {
        _lastLines[line.Node] = line.Text;
        front.Say(new ScreenLine($"{line.Node} | {DevWords.WithoutDate(line.Text)}", LineStyle.Dim));
    }

    private void Obey(string line)
    {
        front.Say(new ScreenLine($"> {line}", LineStyle.Bold));
        var words = line.Split(' ', StringSplitOptions.RemoveEmptyEntries);
        switch (words)
        {
            case ["quit" or "exit"]:
                _stop = true;
                break;
            case ["status"]:
                SayStatus();
                break;
            case ["kill", var name] when Find(name) is { } node:
                Kill(node);
                break;
            case ["start", var name] when Find(name) is { } node:
                Start(node);
                break;
            default:
                front.Say(new ScreenLine(DevWords.Explain(words, nodes.Select(node => node.Plan.Name)), LineStyle.Bad));
                break;
        }
    }

    private DevNode? Find(string name) => nodes.FirstOrDefault(node => node.Plan.Name == name);

    private void Kill(DevNode node)
    {
        if (node.Pid is not { } pid)
        {
            front.Say(new ScreenLine($"{node.Plan.Name} does not run"));
            return;
        }

        node.Kill();
        front.Say(new ScreenLine($"{node.Plan.Name} (pid {pid}) killed; start {node.Plan.Name} brings it back"));
    }

    private void Start(DevNode node)
    {
        if (node.Pid is { } pid)
        {
            front.Say(new ScreenLine($"{node.Plan.Name} runs already (pid {pid})"));
            return;
        }

        node.Start();
        front.Say(new ScreenLine($"{node.Plan.Name} started (pid {node.Pid})"));
    }

    private void SayStatus()
    {
        foreach (var row in Picture().Rows)
        {
            front.Say(new ScreenLine(
                $"{row.Name} {row.Role} pid={row.Pid?.ToString() ?? "-"} term={row.Term} commit={row.Commit}"
                + $" applied={row.Applied} lag={row.Lag} log={Find(row.Name)?.Plan.LogFile}"));
        }
    }

    private void NoteExit(DevEvent.Exited exited)
    {
        if (!exited.Node.TryNoteExit(exited.Pid, exited.ExitCode))
        {
            return;
        }

        var name = exited.Node.Plan.Name;
        if (!_stop || exited.ExitCode != ExitCodes.Ok)
        {
            var line = $"{name} (pid {exited.Pid}) ended with exit code {exited.ExitCode}";
            front.Say(new ScreenLine(line, LineStyle.Bad));
        }

        // A node that fails before there was any leader has been given something it cannot work with.
        if (!_stop && _leader.Length == 0 && exited.ExitCode == ExitCodes.Error)
        {
            Failure = $"{name} could not start: {_lastLines.GetValueOrDefault(name, "it said nothing")}";
            _stop = true;
        }
    }

    private void NoteLeader()
    {
        var leader = nodes.FirstOrDefault(node => node.Status?.Role == "leader");
        var name = leader?.Plan.Name ?? "";
        if (name.Length > 0 && name != _leader)
        {
            front.Say(new ScreenLine($"ready: {name} leads in term {leader!.Status!.Term}", LineStyle.Good));
            _leader = name;
        }
    }

    private DevPicture Picture()
    {
        var leader = nodes.Select(node => node.Status).FirstOrDefault(status => status?.Role == "leader");
        var state = leader is { } status ? $"{status.Me?.Id} leads in term {status.Term}" : "no leader";
        return new DevPicture(
            $"quorate dev: {state}, data in {plan.Directory}", [.. nodes.Select(node => DevRow.Of(node, nodes))]);
    }

    private void StopAll()
    {
        front.Say(new ScreenLine("stopping"));
        front.Show(Picture());
        foreach (var node in nodes)
        {
            node.BeginStop();
        }

        AwaitExits(StopLimit);
        foreach (var node in nodes.Where(node => node.Pid is not null))
        {
            node.Kill();
        }

        AwaitExits(StopLimit);
    }

    // A second request to stop means: now.
    private void AwaitExits(TimeSpan limit)
    {
        var started = Stopwatch.GetTimestamp();
        while (nodes.Any(node => node.Pid is not null) && Stopwatch.GetElapsedTime(started) < limit)
        {
            switch (events.Take(Refresh))
            {
                case DevEvent.Exited exited:
                    NoteExit(exited);
                    break;
                case DevEvent.Line line:
                    SayLine(line);
                    break;
                case DevEvent.Stop:
                case DevEvent.Key { Pressed: { Key: ConsoleKey.C, Modifiers: ConsoleModifiers.Control } }:
                    return;
            }

            front.Show(Picture());
        }
    }
}
