namespace Quorate.Cli.Dev;

/// <summary>One thing that can happen to <c>quorate dev</c>. Its loop reacts to nothing else, and to time.</summary>
internal abstract record DevEvent
{
    private DevEvent()
    {
    }

    /// <summary>A key was pressed.</summary>
    public sealed record Key(ConsoleKeyInfo Pressed) : DevEvent;

    /// <summary>A node wrote a line.</summary>
    public sealed record Line(string Node, string Text) : DevEvent;

    /// <summary>A node's process has ended.</summary>
    public sealed record Exited(DevNode Node, int Pid, int ExitCode) : DevEvent;

    /// <summary>Somebody wants all this to end.</summary>
    public sealed record Stop : DevEvent;
}
