using Microsoft.Extensions.Logging.Console;

namespace Quorate.Cli.Logging;

/// <summary>Options of both formats.</summary>
internal sealed class LineFormatterOptions : ConsoleFormatterOptions
{
    /// <summary>Prints the stack of exceptions; without it only their message.</summary>
    public bool WithStacks { get; set; }
}
