namespace Quorate.Cli.Dev;

/// <summary>A whole screen: as many lines as the terminal has rows, none wider than it, and the cursor.</summary>
internal sealed record DevFrame(IReadOnlyList<ScreenLine> Lines, int CursorRow, int CursorColumn);

/// <summary>Lays the view out: table above, messages in the middle, input at the foot. Pure; draws nothing.</summary>
internal static class DevScreen
{
    private const string Prompt = "> ";
    private const string Commands = "kill n2 | start n2 | status | quit";
    private static readonly string[] Headers = ["name", "pid", "clients", "role", "term", "commit", "applied", "lag"];

    public static DevFrame Compose(DevView view, int width, int height)
    {
        ScreenLine[] foot =
        [
            new(Prompt + view.Input),
            new(Commands, LineStyle.Dim),
        ];
        var head = Head(view);

        // When the window is low, what is to be tried goes first, then messages: table and input stay.
        var room = Math.Max(0, height - foot.Length);
        var above = head.Take(room).ToList();
        var messages = view.Messages.TakeLast(room - above.Count).ToArray();
        above.AddRange(messages);
        above.AddRange(Enumerable.Repeat(new ScreenLine(""), room - above.Count));
        ScreenLine[] all = [.. above, .. foot];
        ScreenLine[] visible =
        [
            .. all.TakeLast(Math.Max(1, height)).Select(line => line with { Text = Cut(line.Text, width) }),
        ];
        var column = Math.Min(Prompt.Length + view.InputCursor, Math.Max(0, width - 1));
        return new DevFrame(visible, Math.Max(0, visible.Length - foot.Length), column);
    }

    private static List<ScreenLine> Head(DevView view)
    {
        var lines = new List<ScreenLine> { new(view.Title, LineStyle.Bold), new("") };
        lines.AddRange(Table(view.Rows));
        lines.Add(new ScreenLine(""));
        lines.AddRange(view.LinesToTry.Select(line => new ScreenLine($"  {line}", LineStyle.Dim)));
        lines.Add(new ScreenLine(""));
        return lines;
    }

    private static IEnumerable<ScreenLine> Table(IReadOnlyList<DevRow> rows)
    {
        string[][] cells = [Headers, .. rows.Select(Cells)];
        var widths = Enumerable.Range(0, Headers.Length).Select(i => cells.Max(row => row[i].Length)).ToArray();
        yield return new ScreenLine(Align(Headers, widths), LineStyle.Dim);
        foreach (var (row, texts) in rows.Zip(cells.Skip(1)))
        {
            yield return new ScreenLine(Align(texts, widths), StyleOf(row));
        }
    }

    private static string[] Cells(DevRow row) =>
    [
        row.Name, row.Pid?.ToString() ?? "-", row.Clients, row.Role, row.Term, row.Commit, row.Applied, row.Lag,
    ];

    // Words to the left, numbers to the right.
    private static string Align(string[] cells, int[] widths) => "  " + string.Join(
        "  ", cells.Select((cell, i) => i is 0 or 2 or 3 ? cell.PadRight(widths[i]) : cell.PadLeft(widths[i])));

    private static LineStyle StyleOf(DevRow row) => row switch
    {
        { Pid: null } or { Role: DevRow.NoAnswer } => LineStyle.Bad,
        { Role: "leader" } => LineStyle.Good,
        _ => LineStyle.Plain,
    };

    private static string Cut(string text, int width) => text.Length <= width ? text : text[..Math.Max(0, width)];
}
