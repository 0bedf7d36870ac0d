namespace Quorate.Mvcc;

/// <summary>Gives up the history below a revision; the revision itself stays readable.</summary>
/// <param name="Revision">The revision; 0 is the one at which the command is applied.</param>
public sealed record CompactCommand(long Revision = 0) : Command;
