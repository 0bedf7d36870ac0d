namespace Quorate.Mvcc;

/// <summary>By what a range is ordered. The numbers are part of the command format.</summary>
public enum SortTarget : byte
{
    /// <summary>The key's bytes.</summary>
    Key = 0,

    /// <summary>The number of puts in this life of the key.</summary>
    Version = 1,

    /// <summary>The revision in which the key was created.</summary>
    CreateRevision = 2,

    /// <summary>The revision in which the key was last written.</summary>
    ModRevision = 3,

    /// <summary>The value's bytes.</summary>
    Value = 4,
}
