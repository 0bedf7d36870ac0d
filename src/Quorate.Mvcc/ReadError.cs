namespace Quorate.Mvcc;

/// <summary>Why a range could not be read.</summary>
public enum ReadError : byte
{
    /// <summary>It could.</summary>
    None = 0,

    /// <summary>The revision lies below the compact revision.</summary>
    Compacted = 1,

    /// <summary>The revision is not there yet.</summary>
    FutureRevision = 2,
}
