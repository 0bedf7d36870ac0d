using Quorate.Cli.Logging;

namespace Quorate.Cli.Dev;

/// <summary>Keeps what a node's process writes in a file beside its data directory, and passes the lines on.</summary>
internal sealed class NodeOutput
{
    private readonly Lock _gate = new();
    private readonly StreamWriter _file;
    private readonly string _node;
    private readonly DevEvents _events;
    private int _openStreams = 2;

    public NodeOutput(DevNodePlan plan, DevEvents events)
    {
        _node = plan.Name;
        _events = events;

        // A node that is killed and started at once has two writers for a moment.
        var file = new FileStream(plan.LogFile, FileMode.Append, FileAccess.Write, FileShare.ReadWrite);
        _file = new StreamWriter(file) { AutoFlush = true };
    }

    /// <summary>Takes a line of either stream; null is the end of that stream.</summary>
    public void Take(string? line)
    {
        lock (_gate)
        {
            if (line is not null)
            {
                _file.WriteLine(line);
                _events.Post(new DevEvent.Line(_node, LogText.OneLine(line)));
            }
            else if (--_openStreams == 0)
            {
                _file.Dispose();
            }
        }
    }
}
