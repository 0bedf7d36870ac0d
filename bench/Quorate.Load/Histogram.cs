using System.Numerics;

namespace Quorate.Load;

/// <summary>
/// Counts of values in buckets whose width grows with the value: 64 to each power of two, so that a value is known
/// to 1.6 % whatever its size, and recording one is an addition. One writer; a reader beside it sees some past.
/// </summary>
internal sealed class Histogram
{
    private const int SubBucketBits = 6;
    private const int SubBuckets = 1 << SubBucketBits;

    private readonly long[] _counts = new long[(64 - SubBucketBits + 1) * SubBuckets];

    /// <summary>How many values were recorded.</summary>
    public long Count { get; private set; }

    /// <summary>The largest value recorded, exactly.</summary>
    public long Max { get; private set; }

    public void Record(long value)
    {
        var kept = Math.Max(0, value);
        _counts[BucketOf(kept)]++;
        Count++;
        Max = Math.Max(Max, kept);
    }

    /// <summary>Takes the values of another one in.</summary>
    public void Add(Histogram other)
    {
        for (var bucket = 0; bucket < _counts.Length; bucket++)
        {
            _counts[bucket] += other._counts[bucket];
        }

        Count += other.Count;
        Max = Math.Max(Max, other.Max);
    }

    /// <summary>Takes the values of an earlier picture of the same histogram out; the largest stays.</summary>
    public void Subtract(Histogram earlier)
    {
        for (var bucket = 0; bucket < _counts.Length; bucket++)
        {
            _counts[bucket] -= earlier._counts[bucket];
        }

        Count -= earlier.Count;
    }

    /// <summary>The value that a share of all values does not exceed, rounded up in its bucket; 0 if empty.</summary>
    public long Percentile(double share)
    {
        var wanted = Math.Max(1, (long)Math.Ceiling(share * Count));
        long seen = 0;
        for (var bucket = 0; bucket < _counts.Length; bucket++)
        {
            seen += _counts[bucket];
            if (seen >= wanted)
            {
                return Math.Min(Max, UpperEnd(bucket));
            }
        }

        return Count == 0 ? 0 : Max;
    }

    // The first 64 buckets hold one value each; from then on the six bits behind the leading one choose.
    internal static int BucketOf(long value)
    {
        if (value < SubBuckets)
        {
            return (int)value;
        }

        var exponent = BitOperations.Log2((ulong)value) - SubBucketBits;
        return ((exponent + 1) << SubBucketBits) + (int)((value >> exponent) - SubBuckets);
    }

    internal static long UpperEnd(int bucket)
    {
        if (bucket < SubBuckets)
        {
            return bucket;
        }

        var exponent = (bucket >> SubBucketBits) - 1;
        long leading = (bucket & (SubBuckets - 1)) + SubBuckets;
        return (leading << exponent) + (1L << exponent) - 1;
    }
}
