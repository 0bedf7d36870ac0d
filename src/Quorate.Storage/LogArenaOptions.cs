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
}
