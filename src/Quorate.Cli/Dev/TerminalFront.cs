namespace Quorate.Cli.Dev;

/// <summary>A live table above an input line. This one renderer draws both.</summary>
internal sealed class TerminalFront : IDevFront
{
    private const int MessagesMax = 500;
    private const string Quit = "quit";
    private readonly TerminalPainter _painter;
    private readonly LineEditor _editor = new();
    private readonly List<ScreenLine> _messages = [];
    private readonly IReadOnlyList<string> _linesToTry;

    public TerminalFront(TextWriter output, IReadOnlyList<string> linesToTry, DevEvents events)
    {
        _linesToTry = linesToTry;
        _painter = new TerminalPainter(output);

        // Reading a key blocks, and nothing ends it but the process.
        new Thread(() => ReadKeys(events)) { IsBackground = true, Name = "keys" }.Start();
    }

    public void Say(ScreenLine line)
    {
        _messages.Add(line);
        _messages.RemoveRange(0, Math.Max(0, _messages.Count - MessagesMax));
    }

    public void Show(DevPicture picture) => _painter.Paint(
        new DevView(picture.Title, picture.Rows, _linesToTry, _messages, _editor.Text, _editor.Cursor));

    public string? Press(ConsoleKeyInfo key)
    {
        if (key is { Key: ConsoleKey.L, Modifiers: ConsoleModifiers.Control })
        {
            _painter.Forget();
            return null;
        }

        return _editor.Press(key) switch
        {
            EditResult.Entered => _editor.TakeLine(),
            EditResult.Quit => Quit,
            _ => null,
        };
    }

    public void Dispose() => _painter.Dispose();

    private static void ReadKeys(DevEvents events)
    {
        try
        {
            while (true)
            {
                events.Post(new DevEvent.Key(Console.ReadKey(intercept: true)));
            }
        }
        catch (InvalidOperationException)
        {
            // The terminal is gone.
            events.Post(new DevEvent.Stop());
        }
    }
}
