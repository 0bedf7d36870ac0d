namespace Quorate.Mvcc;

/// <summary>Why a command must not be proposed.</summary>
public enum CommandFaultCode : byte
{
    /// <summary>A key is empty.</summary>
    KeyMissing = 1,

    /// <summary>The value is to be kept and one is given.</summary>
    ValueProvided = 2,

    /// <summary>The lease is to be kept and one is given.</summary>
    LeaseProvided = 3,

    /// <summary>The command is larger than <see cref="CommandLimits.BytesMax"/>.</summary>
    TooLarge = 4,

    /// <summary>A transaction has too many compares or operations, or is nested too deep.</summary>
    TooManyOperations = 5,

    /// <summary>One path through a transaction writes a key twice.</summary>
    DuplicateKey = 6,

    /// <summary>A range has an order or target that does not exist.</summary>
    InvalidSort = 7,

    /// <summary>A revision is negative.</summary>
    NegativeRevision = 8,

    /// <summary>A compare has a target or relation that does not exist, or a number and a value.</summary>
    InvalidCompare = 9,

    /// <summary>A member publishes no id, or names and URLs beyond the limits.</summary>
    InvalidMember = 10,
}

/// <summary>A command that must not be proposed, and why.</summary>
/// <param name="Code">For programs.</param>
/// <param name="Message">For people; etcd's own words where etcd has them.</param>
public sealed record CommandFault(CommandFaultCode Code, string Message);
