namespace Quorate.Node;

/// <summary>This node cannot go on: a sync failed, data is damaged, or a law was broken. The process ends.</summary>
/// <param name="cause">What happened.</param>
public sealed class NodeFailedException(Exception cause) : Exception(cause.Message, cause);

/// <summary>This node cannot start; the message says what is wrong, where, and what to do.</summary>
/// <param name="message">The sentence.</param>
public sealed class MemberStartException(string message) : Exception(message);
