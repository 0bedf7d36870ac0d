namespace Quorate.Node;

/// <summary>These directories are not to be recovered from so; the message says why, and what to do.</summary>
/// <param name="message">The sentence.</param>
public sealed class RecoveryRefusedException(string message) : Exception(message);
