namespace Quorate.Storage;

/// <summary>
/// The bytes of one file in memory, in chunks so that it grows without being copied. A chunk of zeros takes no memory:
/// the log zeroes its segments ahead. Its handles are the file itself, which outlives its name as on a real disk.
/// </summary>
internal sealed class MemoryFile(string path) : IFile
{
    private const int ChunkBytes = 64 * 1024;

    private readonly Lock _gate = new();
    private readonly List<byte[]?> _chunks = [];
    private volatile string _path = path;
    private long _length;

    public string Path
    {
        get => _path;
        set => _path = value;
    }

    public long Length
    {
        get
        {
            lock (_gate)
            {
                return _length;
            }
        }
    }

    public long AllocatedBytes
    {
        get
        {
            lock (_gate)
            {
                return _chunks.Count(chunk => chunk is not null) * (long)ChunkBytes;
            }
        }
    }

    public int Read(long offset, Span<byte> target)
    {
        lock (_gate)
        {
            var count = (int)Math.Clamp(_length - offset, 0, target.Length);
            for (var done = 0; done < count;)
            {
                var (chunk, inChunk) = Locate(offset + done);
                var piece = target.Slice(done, Math.Min(count - done, ChunkBytes - inChunk));
                if (_chunks[chunk] is { } bytes)
                {
                    bytes.AsSpan(inChunk, piece.Length).CopyTo(piece);
                }
                else
                {
                    piece.Clear();
                }

                done += piece.Length;
            }

            return count;
        }
    }

    public void Write(long offset, ReadOnlySpan<byte> bytes)
    {
        lock (_gate)
        {
            Resize(Math.Max(_length, offset + bytes.Length));
            while (bytes.Length > 0)
            {
                var (chunk, inChunk) = Locate(offset);
                var piece = bytes[..Math.Min(bytes.Length, ChunkBytes - inChunk)];
                if (_chunks[chunk] is not null || piece.ContainsAnyExcept((byte)0))
                {
                    piece.CopyTo((_chunks[chunk] ??= new byte[ChunkBytes]).AsSpan(inChunk));
                }

                offset += piece.Length;
                bytes = bytes[piece.Length..];
            }
        }
    }

    public void Write(long offset, IReadOnlyList<ReadOnlyMemory<byte>> buffers)
    {
        foreach (var buffer in buffers)
        {
            Write(offset, buffer.Span);
            offset += buffer.Length;
        }
    }

    public void Sync()
    {
    }

    public void SetLength(long length)
    {
        lock (_gate)
        {
            Resize(length);
        }
    }

    public void Dispose()
    {
    }

    private static (int Chunk, int InChunk) Locate(long offset) =>
        ((int)(offset / ChunkBytes), (int)(offset % ChunkBytes));

    // What is cut off reads as zeros if the file grows again, as on a real disk.
    private void Resize(long length)
    {
        var chunks = (int)((length + ChunkBytes - 1) / ChunkBytes);
        if (chunks < _chunks.Count)
        {
            _chunks.RemoveRange(chunks, _chunks.Count - chunks);
        }

        while (_chunks.Count < chunks)
        {
            _chunks.Add(null);
        }

        if (length < _length && length % ChunkBytes > 0 && _chunks[^1] is { } last)
        {
            last.AsSpan((int)(length % ChunkBytes)).Clear();
        }

        _length = length;
    }
}
