using Quorate.Cli.Commands;

namespace Quorate.Cli.Cluster;

/// <summary>
/// Shows how far a new member is: one line that is drawn again and again on a terminal, else a line now and then on
/// standard error, so that the output stays what programs expect.
/// </summary>
internal sealed class CatchUpView(ClientCall call)
{
    private static readonly TimeSpan LinePause = TimeSpan.FromSeconds(2);
    private readonly bool _redraws = call.Surroundings.OutputIsTerminal && !call.WantsJson;
    private TimeSpan? _lineAt;
    private bool _isDrawn;

    public void Show(string text, TimeSpan at)
    {
        if (_redraws)
        {
            call.Surroundings.Out.Write($"\r{TablePrinter.Printable(text)}\u001b[K");
            call.Surroundings.Out.Flush();
            _isDrawn = true;
        }
        else if (_lineAt is not { } last || at - last >= LinePause)
        {
            call.Surroundings.Error.WriteLine(TablePrinter.Printable(text));
            _lineAt = at;
        }
    }

    /// <summary>Whatever is written next begins a line.</summary>
    public void End()
    {
        if (_isDrawn)
        {
            call.Surroundings.Out.WriteLine();
            _isDrawn = false;
        }
    }
}
