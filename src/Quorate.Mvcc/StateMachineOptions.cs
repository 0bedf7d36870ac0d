using System.Numerics;

namespace Quorate.Mvcc;

/// <summary>
/// How the state machine uses this process's memory. Nothing here can change an answer, a hash or a snapshot: what
/// apply judges lives in the replicated state.
/// </summary>
public sealed class StateMachineOptions
{
    /// <summary>The greatest size of a chunk, since a position gives 20 bits to the offset.</summary>
    internal const int ChunkBytesMax = 1 << 20;

    private const int ChunkBytesMin = 1 << 10;

    /// <summary>Bytes of one chunk of records: a power of two from 1 KiB to 1 MiB.</summary>
    public int ChunkBytes { get; init; } = ChunkBytesMax;

    /// <summary>How many retired index nodes gather before they are looked at again.</summary>
    public int RetiredNodesMax { get; init; } = 512;

    /// <summary>For tests: freed memory is overwritten and never used again, so that a late reader is caught.</summary>
    internal bool PoisonFreedMemory { get; init; }

    /// <summary>Throws one exception that names all faults.</summary>
    public void Validate()
    {
        var faults = new List<string>();
        if (ChunkBytes is < ChunkBytesMin or > ChunkBytesMax || !BitOperations.IsPow2(ChunkBytes))
        {
            faults.Add(
                $"ChunkBytes is {ChunkBytes}; it must be a power of two from {ChunkBytesMin} to {ChunkBytesMax}");
        }

        if (RetiredNodesMax < 1)
        {
            faults.Add($"RetiredNodesMax is {RetiredNodesMax}; it must be at least 1");
        }

        if (faults.Count > 0)
        {
            throw new ArgumentException(string.Join("; ", faults) + ".");
        }
    }
}
