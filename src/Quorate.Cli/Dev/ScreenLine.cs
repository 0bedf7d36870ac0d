namespace Quorate.Cli.Dev;

/// <summary>How a line is shown.</summary>
internal enum LineStyle
{
    Plain,
    Bold,
    Dim,
    Good,
    Bad,
}

/// <summary>One line of the screen, before it is cut to the terminal's width.</summary>
internal readonly record struct ScreenLine(string Text, LineStyle Style = LineStyle.Plain);
