namespace Quorate.Raft;

/// <summary>One log entry as the core sees it. The payload stays with the shell.</summary>
/// <param name="Id">Term and index.</param>
/// <param name="Kind">What the entry carries.</param>
/// <param name="Proposal">Who proposed it.</param>
/// <param name="Length">Bytes of the whole entry record, header and checksum included; for flow control.</param>
public readonly record struct EntryHeader(EntryId Id, EntryKind Kind, ProposalId Proposal, int Length);
