namespace Quorate.Cli.Dev;

/// <summary>What a key meant beyond editing.</summary>
internal enum EditResult
{
    /// <summary>The line changed, or nothing did.</summary>
    Editing,

    /// <summary>The line is finished: take <see cref="LineEditor.TakeLine"/>.</summary>
    Entered,

    /// <summary>The person wants to leave.</summary>
    Quit,
}

/// <summary>One line of input with a cursor and a history; knows nothing of a terminal.</summary>
internal sealed class LineEditor
{
    private const int CharsMax = 200;
    private const int HistoryMax = 100;
    private readonly List<string> _history = [];
    private int _recalled;

    public string Text { get; private set; } = "";

    public int Cursor { get; private set; }

    public EditResult Press(ConsoleKeyInfo key)
    {
        if ((key.Modifiers & ConsoleModifiers.Control) != 0)
        {
            return PressControl(key.Key);
        }

        switch (key.Key)
        {
            case ConsoleKey.Enter:
                return EditResult.Entered;
            case ConsoleKey.Backspace when Cursor > 0:
                Text = Text.Remove(--Cursor, 1);
                break;
            case ConsoleKey.Delete when Cursor < Text.Length:
                Text = Text.Remove(Cursor, 1);
                break;
            case ConsoleKey.UpArrow:
                Recall(-1);
                break;
            case ConsoleKey.DownArrow:
                Recall(+1);
                break;
            default:
                MoveOrInsert(key);
                break;
        }

        return EditResult.Editing;
    }

    /// <summary>The finished line; the editor is empty afterwards.</summary>
    public string TakeLine()
    {
        var line = Text.Trim();
        if (line.Length > 0 && (_history.Count == 0 || _history[^1] != line))
        {
            _history.Add(line);
            _history.RemoveRange(0, Math.Max(0, _history.Count - HistoryMax));
        }

        _recalled = _history.Count;
        Set("");
        return line;
    }

    private EditResult PressControl(ConsoleKey key)
    {
        switch (key)
        {
            case ConsoleKey.C:
            case ConsoleKey.D when Text.Length == 0:
                return EditResult.Quit;
            case ConsoleKey.U:
                Set("");
                break;
            case ConsoleKey.A:
                Cursor = 0;
                break;
            case ConsoleKey.E:
                Cursor = Text.Length;
                break;
        }

        return EditResult.Editing;
    }

    private void MoveOrInsert(ConsoleKeyInfo key)
    {
        Cursor = key.Key switch
        {
            ConsoleKey.LeftArrow => Math.Max(0, Cursor - 1),
            ConsoleKey.RightArrow => Math.Min(Text.Length, Cursor + 1),
            ConsoleKey.Home => 0,
            ConsoleKey.End => Text.Length,
            _ => Cursor,
        };
        if (!char.IsControl(key.KeyChar) && key.KeyChar != '\0' && Text.Length < CharsMax)
        {
            Text = Text.Insert(Cursor++, $"{key.KeyChar}");
        }
    }

    private void Recall(int step)
    {
        if (_history.Count > 0)
        {
            _recalled = Math.Clamp(_recalled + step, 0, _history.Count);
            Set(_recalled < _history.Count ? _history[_recalled] : "");
        }
    }

    private void Set(string text)
    {
        Text = text;
        Cursor = text.Length;
    }
}
