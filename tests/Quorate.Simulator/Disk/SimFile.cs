using Quorate.Storage;

namespace Quorate.Simulator;

/// <summary>An open file of one process.</summary>
internal sealed class SimFile(string path, SimInode inode, SimProcess process, DiskFaults faults, bool writable) : IFile
{
    public string Path => path;

    public long Length
    {
        get
        {
            process.Touch();
            return inode.Length;
        }
    }

    /// <summary>Whether what stands there would survive a power failure.</summary>
    public bool IsStable(long offset, long length) => inode.IsStable(offset, length);

    public int Read(long offset, Span<byte> target)
    {
        process.Touch();
        if (faults.Strikes(faults.ReadErrorChance, FaultKind.ReadError))
        {
            throw new StorageException(path, $"Reading {path} at {offset} failed (simulated).", inner: null);
        }

        var rest = inode.Cached[(int)Math.Min(offset, inode.Length)..];
        var count = Math.Min(rest.Length, target.Length);
        rest[..count].CopyTo(target);
        return count;
    }

    public void Write(long offset, ReadOnlySpan<byte> bytes)
    {
        process.Touch();
        DemandWritable();
        if (offset + bytes.Length > inode.Length)
        {
            DemandRoom(offset, bytes);
        }

        inode.Write((int)offset, bytes);
    }

    public void Write(long offset, IReadOnlyList<ReadOnlyMemory<byte>> buffers)
    {
        var bytes = new byte[buffers.Sum(buffer => buffer.Length)];
        var at = 0;
        foreach (var buffer in buffers)
        {
            buffer.Span.CopyTo(bytes.AsSpan(at));
            at += buffer.Length;
        }

        Write(offset, bytes);
    }

    public void Sync()
    {
        process.Touch();
        if (faults.Strikes(faults.SyncErrorChance, FaultKind.SyncError))
        {
            inode.FailSync(faults.Random);
            throw new StorageException(path, $"Syncing {path} failed (simulated).", inner: null);
        }

        inode.Sync();
    }

    public void SetLength(long length)
    {
        process.Touch();
        DemandWritable();
        if (length > inode.Length && faults.IsFull)
        {
            faults.Count(FaultKind.NoSpace);
            throw new DiskFullException(path, inner: null);
        }

        inode.SetLength((int)length);
    }

    public void Dispose()
    {
    }

    // A file that cannot grow may have taken a part of what it was given.
    private void DemandRoom(long offset, ReadOnlySpan<byte> bytes)
    {
        if (faults.IsFull)
        {
            faults.Count(FaultKind.NoSpace);
            throw new DiskFullException(path, inner: null);
        }

        if (faults.Strikes(faults.ShortWriteChance, FaultKind.ShortWrite))
        {
            inode.Write((int)offset, bytes[..faults.Random.Below(bytes.Length + 1)]);
            throw new DiskFullException(path, inner: null);
        }
    }

    private void DemandWritable()
    {
        if (!writable)
        {
            throw new SimulatorException($"{path} was opened for reading and is written");
        }
    }
}
