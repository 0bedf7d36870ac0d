using Spectre.Console;

namespace Quorate.Cli;

/// <summary>Prints tables for people. What it is given is data: control characters never reach the terminal.</summary>
internal static class TablePrinter
{
    private const int CellCharsMax = 400;

    public static void Print(TextWriter output, string[] headers, string[][] rows)
    {
        var console = AnsiConsole.Create(new AnsiConsoleSettings { Out = new AnsiConsoleOutput(output) });
        var table = new Table().Border(TableBorder.Rounded);
        foreach (var header in headers)
        {
            table.AddColumn(new TableColumn(new Text(header, new Style(decoration: Decoration.Bold))));
        }

        foreach (var row in rows)
        {
            table.AddRow(row.Select(cell => new Text(Printable(cell))));
        }

        console.Write(table);
    }

    /// <summary>The text with escapes for what a terminal would act on, and cut where it is very long.</summary>
    public static string Printable(string text)
    {
        var cut = text.Length > CellCharsMax ? $"{text[..CellCharsMax]}..." : text;
        return string.Concat(cut.Select(c => char.IsControl(c) ? $"\\x{(int)c:x2}" : $"{c}"));
    }
}
