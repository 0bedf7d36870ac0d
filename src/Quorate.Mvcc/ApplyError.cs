namespace Quorate.Mvcc;

/// <summary>Why a committed command changed nothing. The same on every node.</summary>
public enum ApplyError : byte
{
    /// <summary>It was done.</summary>
    None = 0,

    /// <summary>The revision asked for is compacted already.</summary>
    Compacted = 1,

    /// <summary>The revision asked for is not there yet.</summary>
    FutureRevision = 2,

    /// <summary>The lease does not exist.</summary>
    LeaseNotFound = 3,

    /// <summary>A put that keeps the value or the lease found no key.</summary>
    KeyNotFound = 4,

    /// <summary>The command's bytes break the format.</summary>
    Malformed = 5,

    /// <summary>The table of members is full.</summary>
    TooManyMembers = 6,
}
