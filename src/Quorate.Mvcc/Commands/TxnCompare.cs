namespace Quorate.Mvcc;

/// <summary>What a compare looks at. The numbers are part of the command format.</summary>
public enum CompareTarget : byte
{
    /// <summary>The number of puts in this life of the key.</summary>
    Version = 0,

    /// <summary>The revision in which the key was created.</summary>
    CreateRevision = 1,

    /// <summary>The revision in which the key was last written.</summary>
    ModRevision = 2,

    /// <summary>The value's bytes; never holds for a missing key.</summary>
    Value = 3,

    /// <summary>The lease.</summary>
    Lease = 4,
}

/// <summary>How the key's side must stand to the given one. The numbers are part of the command format.</summary>
public enum CompareRelation : byte
{
    /// <summary>The same.</summary>
    Equal = 0,

    /// <summary>The key's is greater.</summary>
    Greater = 1,

    /// <summary>The key's is less.</summary>
    Less = 2,

    /// <summary>Not the same.</summary>
    NotEqual = 3,
}

/// <summary>
/// One condition of a transaction. With a range end it must hold for every key of the range; a missing key, and an
/// empty range, count as zeros.
/// </summary>
/// <param name="Key">The key, or the first key of the range.</param>
/// <param name="RangeEnd">By the rules of <see cref="KeyRange"/>.</param>
/// <param name="Target">What to look at.</param>
/// <param name="Relation">How it must stand to what is given.</param>
/// <param name="Number">What is given, unless the target is the value.</param>
/// <param name="Value">What is given when the target is the value.</param>
public sealed record TxnCompare(
    ReadOnlyMemory<byte> Key,
    ReadOnlyMemory<byte> RangeEnd,
    CompareTarget Target,
    CompareRelation Relation,
    long Number = 0,
    ReadOnlyMemory<byte> Value = default);
