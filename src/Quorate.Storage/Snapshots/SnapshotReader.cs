using Quorate.Raft;

namespace Quorate.Storage;

/// <summary>
/// Reads the content of one snapshot file; the checksum of each block is verified before it is given out. For one
/// thread at a time.
/// </summary>
public sealed class SnapshotReader : IDisposable
{
    private readonly IFile _file;
    private readonly uint _seed;
    private readonly int _headerLength;
    private readonly uint _blocksChecksum;
    private readonly byte[] _block = new byte[SnapshotFormat.BlockContent + SnapshotFormat.BlockOverhead];
    private long _loaded = -1;
    private int _loadedLength;
    private long _next;

    internal SnapshotReader(IFile file, LogIdentity identity)
    {
        _file = file;
        _seed = identity.Seed();
        Metadata = SnapshotFormat.ReadHeader(file, identity, out _headerLength);
        (ContentLength, _blocksChecksum) = SnapshotFormat.ReadFooter(file, _headerLength, _seed);
    }

    /// <summary>What it stands for.</summary>
    public SnapshotMetadata Metadata { get; }

    /// <summary>Bytes of content.</summary>
    public long ContentLength { get; }

    /// <summary>Reads on from where the last call ended; 0 at the end.</summary>
    /// <exception cref="DamageException">A block is damaged or cannot be read.</exception>
    public int ReadNext(Span<byte> target)
    {
        var read = ReadAt(_next, target);
        _next += read;
        return read;
    }

    /// <summary>Reads at an offset of the content; fills the target unless the content ends.</summary>
    /// <exception cref="DamageException">A block is damaged or cannot be read.</exception>
    public int ReadAt(long offset, Span<byte> target)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(offset);
        var read = 0;
        while (read < target.Length && offset + read < ContentLength)
        {
            var at = offset + read;
            Load(at / SnapshotFormat.BlockContent);
            var inBlock = (int)(at % SnapshotFormat.BlockContent);
            var taken = Math.Min(target.Length - read, _loadedLength - inBlock);
            _block.AsSpan(sizeof(int) + inBlock, taken).CopyTo(target[read..]);
            read += taken;
        }

        return read;
    }

    /// <inheritdoc/>
    public void Dispose() => _file.Dispose();

    /// <summary>Reads every block once.</summary>
    /// <exception cref="DamageException">One is damaged.</exception>
    internal void Verify()
    {
        var checksum = _seed;
        for (long block = 0; block < SnapshotFormat.BlocksOf(ContentLength); block++)
        {
            checksum = Crc32C.Append(checksum, Load(block));
        }

        if (Crc32C.Finish(checksum) != _blocksChecksum)
        {
            throw new DamageException(_file.Path, 0, "the blocks are not those that the footer names");
        }
    }

    private uint Load(long number)
    {
        if (number == _loaded)
        {
            return EntryRecord.ChecksumOf(_block.AsSpan(0, _loadedLength + SnapshotFormat.BlockOverhead));
        }

        var start = number * SnapshotFormat.BlockContent;
        var length = (int)Math.Min(SnapshotFormat.BlockContent, ContentLength - start);
        var block = _block.AsSpan(0, length + SnapshotFormat.BlockOverhead);
        var at = _headerLength + start + (number * SnapshotFormat.BlockOverhead);
        _loaded = -1;
        DamageCheck.Read(_file, at, block);
        if (!SnapshotFormat.IsWhole(block, (ulong)number, _seed, out var checksum))
        {
            throw new DamageException(_file.Path, at, $"the checksum of block {number} is wrong");
        }

        _loaded = number;
        _loadedLength = length;
        return checksum;
    }
}
