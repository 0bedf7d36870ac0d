using System.Text;

namespace Quorate.Cli.Dev;

/// <summary>
/// Owns the terminal while it lives: the other screen, no line wrap, keys unbuffered. Draws whole frames, and of
/// those only the lines that changed.
/// </summary>
internal sealed class TerminalPainter : IDisposable
{
    private const string Enter = "\u001b[?1049h\u001b[?7l\u001b[2J";
    private const string Leave = "\u001b[?7h\u001b[?1049l\u001b[?25h";
    private const string EraseRest = "\u001b[0m\u001b[K";
    private readonly TextWriter _output;
    private ScreenLine[] _shown = [];
    private (int Width, int Height) _size;

    public TerminalPainter(TextWriter output)
    {
        _output = output;
        Console.TreatControlCAsInput = true;
        _output.Write(Enter);
        _output.Flush();
    }

    public void Paint(DevView view)
    {
        var size = (Math.Max(1, Console.WindowWidth), Math.Max(1, Console.WindowHeight));
        if (size != _size)
        {
            _size = size;
            Forget();
        }

        var frame = DevScreen.Compose(view, _size.Width, _size.Height);
        var text = new StringBuilder();
        for (var row = 0; row < frame.Lines.Count; row++)
        {
            var line = frame.Lines[row];
            if (row >= _shown.Length || _shown[row] != line)
            {
                text.Append(At(row, 0)).Append(Sgr(line.Style)).Append(line.Text).Append(EraseRest);
            }
        }

        text.Append(At(frame.CursorRow, frame.CursorColumn));
        _shown = [.. frame.Lines];
        _output.Write(text);
        _output.Flush();
    }

    /// <summary>The next frame is drawn whole, as after something else wrote to the terminal.</summary>
    public void Forget()
    {
        _shown = [];
        _output.Write("\u001b[2J");
    }

    public void Dispose()
    {
        _output.Write(Leave);
        _output.Flush();
        Console.TreatControlCAsInput = false;
    }

    private static string At(int row, int column) => $"\u001b[{row + 1};{column + 1}H";

    private static string Sgr(LineStyle style) => style switch
    {
        LineStyle.Bold => "\u001b[1m",
        LineStyle.Dim => "\u001b[2m",
        LineStyle.Good => "\u001b[32m",
        LineStyle.Bad => "\u001b[31m",
        _ => "\u001b[0m",
    };
}
