namespace Quorate.Mvcc;

/// <summary>Everything a reader sees, published whole once per batch. Immutable.</summary>
internal sealed record StoreRoot
{
    /// <summary>The batch that made this root; counts within the process.</summary>
    public required long Batch { get; init; }

    /// <summary>The index's root node.</summary>
    public required nint IndexRoot { get; init; }

    /// <summary>All records in revision order.</summary>
    public required RecordSequence Records { get; init; }

    /// <summary>The last entry taken in.</summary>
    public required AppliedId Applied { get; init; }

    /// <summary>The store's revision.</summary>
    public required Revision Revision { get; init; }

    /// <summary>The replicated compact revision.</summary>
    public required Revision CompactRevision { get; init; }

    /// <summary>The rolling hash.</summary>
    public required ulong Hash { get; init; }

    /// <summary>The replicated members.</summary>
    public required MemberTable Members { get; init; }

    /// <summary>Sizes.</summary>
    public required StateMachineStats Stats { get; init; }
}
