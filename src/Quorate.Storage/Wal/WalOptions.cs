namespace Quorate.Storage;

/// <summary>Settings of the log.</summary>
public sealed class WalOptions
{
    /// <summary>Smallest segment that can be.</summary>
    public const int SegmentBytesMin = 4096;

    private const int Block = FrameHeader.Alignment;

    /// <summary>Bytes of a segment; a larger frame gets a larger one. A multiple of 512. Default 16 MiB.</summary>
    public int SegmentBytes { get; init; } = 16 * 1024 * 1024;

    /// <summary>Bytes zeroed by one step of <see cref="Wal.PumpBackground"/>. Default 1 MiB.</summary>
    public int ZeroBytesPerStep { get; init; } = 1024 * 1024;

    /// <summary>Trimmed segments kept in the log to be recycled; more are removed. Default 2.</summary>
    public int SpareSegmentsMax { get; init; } = 2;

    /// <summary>Lists every setting that cannot be; empty when all are good.</summary>
    public IReadOnlyList<string> Validate()
    {
        var faults = new List<string>();
        Require(SegmentBytes >= SegmentBytesMin, $"SegmentBytes must be at least {SegmentBytesMin}");
        Require(SegmentBytes % Block == 0, $"SegmentBytes must be a multiple of {Block}");
        Require(ZeroBytesPerStep >= Block, $"ZeroBytesPerStep must be at least {Block}");
        Require(SpareSegmentsMax >= 0, "SpareSegmentsMax must not be negative");
        return faults;

        void Require(bool condition, string fault)
        {
            if (!condition)
            {
                faults.Add(fault);
            }
        }
    }
}
