using Quorate.Raft;

namespace Quorate.Storage;

/// <summary>Reads the content of one snapshot file; the checksum of each block is verified before it is given out.</summary>
public sealed class SnapshotReader : IDisposable
{
    internal SnapshotReader() => throw new NotSupportedException();

    /// <summary>What it stands for.</summary>
    public SnapshotMetadata Metadata => throw new NotSupportedException();

    /// <summary>Bytes of content.</summary>
    public long ContentLength => throw new NotSupportedException();

    /// <summary>Reads on from where the last call ended; 0 at the end.</summary>
    /// <exception cref="DamageException">A block is damaged or cannot be read.</exception>
    public int ReadNext(Span<byte> target) => throw new NotSupportedException();

    /// <summary>Reads at an offset of the content; fills the target unless the content ends.</summary>
    /// <exception cref="DamageException">A block is damaged or cannot be read.</exception>
    public int ReadAt(long offset, Span<byte> target) => throw new NotSupportedException();

    /// <inheritdoc/>
    public void Dispose() => throw new NotSupportedException();
}
