namespace Quorate.Mvcc;

/// <summary>In which direction a range is ordered. The numbers are part of the command format.</summary>
public enum SortOrder : byte
{
    /// <summary>By key, ascending; with another target the range is cut by key order first, then sorted.</summary>
    None = 0,

    /// <summary>Least first.</summary>
    Ascend = 1,

    /// <summary>Greatest first.</summary>
    Descend = 2,
}
