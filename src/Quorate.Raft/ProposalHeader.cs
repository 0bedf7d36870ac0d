namespace Quorate.Raft;

/// <summary>A proposal as the core sees it, before it has a place in the log.</summary>
/// <param name="Id">Who waits for it.</param>
/// <param name="Kind">What it carries.</param>
/// <param name="Length">Bytes of the entry record it will become.</param>
public readonly record struct ProposalHeader(ProposalId Id, EntryKind Kind, int Length);
