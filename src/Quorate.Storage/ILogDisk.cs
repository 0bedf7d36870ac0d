using Quorate.Raft;

namespace Quorate.Storage;

/// <summary>
/// Writes and syncs log frames beside the loop. At most one write is outstanding; its completion comes to an
/// <see cref="ILogDiskListener"/>.
/// </summary>
public interface ILogDisk
{
    /// <summary>Starts a write and its sync. Never blocks.</summary>
    void Submit(DiskWrite write);
}

/// <summary>Hears of completed writes.</summary>
public interface ILogDiskListener
{
    /// <summary>The write is durable.</summary>
    void Written(DiskWrite write);

    /// <summary>The write or its sync failed: the process must end, the sync is never tried again.</summary>
    void Failed(DiskWrite write, Exception fault);
}

/// <summary>One frame on its way to the disk; made by <see cref="Wal"/>.</summary>
/// <param name="UpTo">Every hand-over up to this one is durable once this write is.</param>
/// <param name="File">The segment.</param>
/// <param name="Offset">Where the frame goes.</param>
/// <param name="Buffers">Its bytes; they and the list stay untouched until the write has ended.</param>
public sealed record DiskWrite(
    WriteId UpTo, IFile File, long Offset, IReadOnlyList<ReadOnlyMemory<byte>> Buffers)
{
    /// <summary>How many bytes go to the segment.</summary>
    public long Bytes { get; internal init; }

    /// <summary>How many entry records are in the frame.</summary>
    public int Records { get; internal init; }

    /// <summary>The frame, to be taken up by <see cref="Wal.Written"/>.</summary>
    internal FramePlan? Plan { get; init; }

    /// <summary>
    /// The system calls of a write: write, sync, and where term or vote changed or the log falls idle the state
    /// slot, which is written only when the frame is durable. Blocks.
    /// </summary>
    public static void Run(DiskWrite write)
    {
        ArgumentNullException.ThrowIfNull(write);
        write.File.Write(write.Offset, write.Buffers);
        write.File.Sync();
        write.Plan?.Slot?.Run();
    }

    /// <summary>As in <c>w7 12 records 4096 bytes at 512</c>.</summary>
    public override string ToString() => $"{UpTo} {Records} records {Bytes} bytes at {Offset}";
}
