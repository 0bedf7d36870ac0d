namespace Quorate.Mvcc;

/// <summary>A snapshot's bytes are damaged, or of a table or version that this node does not know.</summary>
public sealed class StateFormatException(string message) : Exception(message);
