namespace Quorate.Storage;

/// <summary>Writes one snapshot file. Disposed without <see cref="Complete"/> it leaves nothing.</summary>
public sealed class SnapshotWriter : IDisposable
{
    internal SnapshotWriter() => throw new NotSupportedException();

    /// <summary>Bytes of content so far.</summary>
    public long BytesWritten => throw new NotSupportedException();

    /// <summary>Adds content.</summary>
    /// <exception cref="DiskFullException">No room; dispose, and try again later.</exception>
    public void Append(ReadOnlySpan<byte> content) => throw new NotSupportedException();

    /// <summary>Syncs, renames and syncs the directory: from here on the snapshot is there, crash or not.</summary>
    public void Complete() => throw new NotSupportedException();

    /// <inheritdoc/>
    public void Dispose() => throw new NotSupportedException();
}
