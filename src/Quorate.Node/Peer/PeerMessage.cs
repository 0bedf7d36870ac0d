using Quorate.Raft;

namespace Quorate.Node;

/// <summary>A message for the core and the bytes that travel beside it.</summary>
/// <param name="Message">What <see cref="RaftCore.Step"/> takes.</param>
/// <param name="Slices">For an append the entry records, for a forward the payloads, one for each entry or proposal
/// and in their order; else empty. They are parts of the body that was decoded.</param>
public readonly record struct PeerMessage(Message Message, IReadOnlyList<ReadOnlyMemory<byte>> Slices);
