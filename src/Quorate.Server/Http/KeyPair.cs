namespace Quorate.Server.Http;

/// <summary>A key and the value it is to have.</summary>
/// <param name="Key">The key; never empty.</param>
/// <param name="Value">The value.</param>
internal readonly record struct KeyPair(ReadOnlyMemory<byte> Key, ReadOnlyMemory<byte> Value);
