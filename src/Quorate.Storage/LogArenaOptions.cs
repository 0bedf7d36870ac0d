namespace Quorate.Storage;

/// <summary>Settings of the arena.</summary>
public sealed class LogArenaOptions
{
    /// <summary>Bytes of a chunk; a larger record gets a larger one. Default 1 MiB.</summary>
    public int ChunkBytes { get; init; } = 1024 * 1024;

    /// <summary>Newest bytes that are kept for slow peers though nobody needs them now. Default 32 MiB.</summary>
    public long CacheBytes { get; init; } = 32 * 1024 * 1024;

    /// <summary>Free chunks kept for the next use. Default 16.</summary>
    public int FreeChunksMax { get; init; } = 16;

    /// <summary>Lists every setting that cannot be; empty when all are good.</summary>
    public IReadOnlyList<string> Validate()
    {
        var faults = new List<string>();
        Require(ChunkBytes >= EntryRecord.Overhead, $"ChunkBytes must be at least {EntryRecord.Overhead}");
        Require(CacheBytes >= 0, "CacheBytes must not be negative");
        Require(FreeChunksMax >= 0, "FreeChunksMax must not be negative");
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
