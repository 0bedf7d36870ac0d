namespace Quorate.Cli;

/// <summary>A command cannot go on; the message is the one sentence that its user sees.</summary>
internal sealed class CommandException(string message) : Exception(message);
