namespace Quorate.Cli.Offline;

/// <summary>
/// Asks a person to type the name of the member: a yes is typed too easily, and into the wrong window.
/// </summary>
internal static class Confirmation
{
    /// <summary>Returns when it was given, or is not needed.</summary>
    /// <exception cref="CommandException">It was not given, or nobody is there to give it.</exception>
    public static void Require(Surroundings surroundings, string memberName, bool isGiven)
    {
        if (isGiven)
        {
            return;
        }

        if (!surroundings.IsInteractive)
        {
            throw new CommandException(
                "nothing was changed: this asks a person at a terminal to type the member's name; in a script, add "
                + "--yes");
        }

        surroundings.Out.Write($"Type the name of the member ({TablePrinter.Printable(memberName)}) to go on: ");
        surroundings.Out.Flush();
        using var input = new StreamReader(surroundings.RawIn, leaveOpen: true);
        if (input.ReadLine()?.Trim() != memberName.Trim())
        {
            throw new CommandException("nothing was changed: this is not the member's name");
        }
    }
}
