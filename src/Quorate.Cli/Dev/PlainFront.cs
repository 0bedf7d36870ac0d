namespace Quorate.Cli.Dev;

/// <summary>Lines, for files and pipes. There is nobody to type.</summary>
internal sealed class PlainFront(TextWriter output) : IDevFront
{
    public void Say(ScreenLine line)
    {
        output.WriteLine(line.Text);
        output.Flush();
    }

    public void Show(DevPicture picture)
    {
        // A picture is for eyes; what changes is told by the nodes' own lines.
    }

    public string? Press(ConsoleKeyInfo key) => null;

    public void Dispose()
    {
    }
}
