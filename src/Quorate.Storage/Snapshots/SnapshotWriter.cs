using Quorate.Raft;

namespace Quorate.Storage;

/// <summary>Writes one snapshot file. Disposed without <see cref="Complete"/> it leaves nothing.</summary>
public sealed class SnapshotWriter : IDisposable
{
    // Synced as it grows: one sync of everything at the end would hold up the log's syncs on the same disk.
    private const int SyncBytes = 1024 * 1024;

    private readonly SnapshotDirectory _directory;
    private readonly string _temp;
    private readonly uint _seed;
    private readonly byte[] _block = new byte[SnapshotFormat.BlockContent + SnapshotFormat.BlockOverhead];
    private IFile? _file;
    private bool _completed;
    private int _filled;
    private long _position;
    private long _synced;
    private long _blocks;
    private uint _blocksChecksum;

    internal SnapshotWriter(SnapshotDirectory directory, SnapshotMetadata metadata, IFile file, LogIdentity identity)
    {
        _directory = directory;
        _temp = file.Path;
        _file = file;
        _seed = identity.Seed();
        _blocksChecksum = _seed;
        Metadata = metadata;

        var header = SnapshotFormat.MakeHeader(metadata, identity);
        file.Write(0, header);
        _position = header.Length;
    }

    /// <summary>What it will stand for.</summary>
    public SnapshotMetadata Metadata { get; }

    /// <summary>Bytes of content so far.</summary>
    public long BytesWritten { get; private set; }

    private IFile OpenFile => _file ?? throw new ObjectDisposedException(nameof(SnapshotWriter));

    /// <summary>Adds content.</summary>
    /// <exception cref="DiskFullException">No room; dispose, and try again later.</exception>
    public void Append(ReadOnlySpan<byte> content)
    {
        BytesWritten += content.Length;
        while (content.Length > 0)
        {
            var taken = Math.Min(content.Length, SnapshotFormat.BlockContent - _filled);
            content[..taken].CopyTo(_block.AsSpan(sizeof(int) + _filled));
            content = content[taken..];
            _filled += taken;
            if (_filled == SnapshotFormat.BlockContent)
            {
                WriteBlock();
            }
        }
    }

    /// <summary>Syncs, renames and syncs the directory: from here on the snapshot is there, crash or not.</summary>
    public void Complete()
    {
        if (_filled > 0)
        {
            WriteBlock();
        }

        var file = OpenFile;
        file.Write(
            _position, SnapshotFormat.MakeFooter(BytesWritten, _blocks, Crc32C.Finish(_blocksChecksum), _seed));
        file.Sync();
        file.Dispose();
        _file = null;
        _directory.Publish(_temp, Metadata, BytesWritten);
        _completed = true;
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _file?.Dispose();
        _file = null;
        if (!_completed)
        {
            _directory.Discard(_temp);
            _completed = true;
        }
    }

    private void WriteBlock()
    {
        var block = _block.AsSpan(0, _filled + SnapshotFormat.BlockOverhead);
        var checksum = SnapshotFormat.SealBlock(block, (ulong)_blocks, _seed);
        OpenFile.Write(_position, block);
        _blocksChecksum = Crc32C.Append(_blocksChecksum, checksum);
        _position += block.Length;
        _blocks++;
        _filled = 0;
        if (_position - _synced >= SyncBytes)
        {
            OpenFile.Sync();
            _synced = _position;
        }
    }
}
