namespace Quorate.Mvcc;

/// <summary>The rules of (key, range end) pairs, the same for reads, deletes and compares.</summary>
public static class KeyRange
{
    private static readonly byte[] FromKeyEnd = [0];

    /// <summary>The range end that means "all keys from the key on".</summary>
    public static ReadOnlyMemory<byte> FromKey => FromKeyEnd;

    /// <summary>The range end that takes in all keys that begin with <paramref name="prefix"/>.</summary>
    public static byte[] PrefixEnd(ReadOnlySpan<byte> prefix)
    {
        for (var last = prefix.Length - 1; last >= 0; last--)
        {
            if (prefix[last] != byte.MaxValue)
            {
                var end = prefix[..(last + 1)].ToArray();
                end[last]++;
                return end;
            }
        }

        return [0];
    }

    /// <summary>Whether the pair means one key.</summary>
    public static bool IsSingle(ReadOnlySpan<byte> rangeEnd) => rangeEnd.IsEmpty;

    /// <summary>Whether the pair means all keys from the key on.</summary>
    public static bool IsFromKey(ReadOnlySpan<byte> rangeEnd) => rangeEnd.Length == 1 && rangeEnd[0] == 0;

    /// <summary>Whether <paramref name="candidate"/> lies in the range.</summary>
    public static bool Contains(ReadOnlySpan<byte> key, ReadOnlySpan<byte> rangeEnd, ReadOnlySpan<byte> candidate)
    {
        if (IsSingle(rangeEnd))
        {
            return candidate.SequenceEqual(key);
        }

        return candidate.SequenceCompareTo(key) >= 0
            && (IsFromKey(rangeEnd) || candidate.SequenceCompareTo(rangeEnd) < 0);
    }
}
