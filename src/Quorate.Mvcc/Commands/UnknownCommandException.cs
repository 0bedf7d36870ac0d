namespace Quorate.Mvcc;

/// <summary>
/// A command of a version or kind that this node does not know. Others may know it, so this node must stop: it
/// cannot compute their state.
/// </summary>
public sealed class UnknownCommandException(string message) : Exception(message)
{
    internal static UnknownCommandException Version(byte version) =>
        new($"The command has version {version}; this node knows version {CommandFormat.Version} only.");

    internal static UnknownCommandException Kind(byte kind) =>
        new($"The command has kind {kind}, which this node does not know.");

    internal static UnknownCommandException Operation(byte kind) =>
        new($"The transaction has an operation of kind {kind}, which this node does not know.");
}
