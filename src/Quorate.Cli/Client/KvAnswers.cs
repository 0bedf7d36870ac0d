namespace Quorate.Cli.Client;

/// <summary>What every answer says of the node that gave it.</summary>
internal readonly record struct AnswerHeader(Endpoint Endpoint, long Revision, ulong Term);

/// <summary>A value with its history.</summary>
internal sealed record KeyVersion(byte[] Value, long CreateRevision, long ModRevision, long Version);

/// <summary>The answer to a get; <paramref name="Found"/> is null when the key does not exist.</summary>
internal sealed record GetAnswer(AnswerHeader Header, KeyVersion? Found);

/// <summary>The answer to a put.</summary>
internal sealed record PutAnswer(AnswerHeader Header);

/// <summary>The answer to a delete.</summary>
internal sealed record DeleteAnswer(AnswerHeader Header, bool Existed);
