using Quorate.Raft;

namespace Quorate.Storage;

/// <summary>Something that happened to the files. Storage does not log: the shell logs and counts these.</summary>
public abstract record StorageFact
{
    private StorageFact()
    {
    }

    /// <summary>The log was read: its frames, segments and entries.</summary>
    public sealed record WalRecovered(ulong Frames, int Segments, EntryId Before, EntryId Last) : StorageFact
    {
        /// <inheritdoc/>
        public override string ToString() =>
            $"log recovered: {Frames} frames in {Segments} segments, entries behind {Before} to {Last}";
    }

    /// <summary>A write that a crash had torn was dropped. It had never been acknowledged.</summary>
    public sealed record WalTailCut(string Path, long Offset, ulong Batch) : StorageFact
    {
        /// <inheritdoc/>
        public override string ToString() => $"torn batch {Batch} cut at {Path}:{Offset}";
    }

    /// <summary>One copy of a doubled frame is bad; the other one served.</summary>
    public sealed record FrameCopyBad(string Path, long Offset, ulong Batch) : StorageFact
    {
        /// <inheritdoc/>
        public override string ToString() => $"one of two copies of batch {Batch} is bad at {Path}:{Offset}";
    }

    /// <summary>A segment was made and zeroed.</summary>
    public sealed record SegmentCreated(ulong Segment, long Bytes) : StorageFact
    {
        /// <inheritdoc/>
        public override string ToString() => $"segment {Segment} made, {Bytes} bytes";
    }

    /// <summary>A trimmed segment was taken for a new one.</summary>
    public sealed record SegmentRecycled(ulong From, ulong Segment) : StorageFact
    {
        /// <inheritdoc/>
        public override string ToString() => $"segment {From} recycled as {Segment}";
    }

    /// <summary>A trimmed segment was removed.</summary>
    public sealed record SegmentRemoved(ulong Segment) : StorageFact
    {
        /// <inheritdoc/>
        public override string ToString() => $"segment {Segment} removed";
    }

    /// <summary>The disk has no room for the next segment; it is tried again.</summary>
    public sealed record NoRoom(string Path) : StorageFact
    {
        /// <inheritdoc/>
        public override string ToString() => $"no room for {Path}; free some space, it is tried again";
    }

    /// <summary>There is room again.</summary>
    public sealed record RoomAgain : StorageFact
    {
        /// <inheritdoc/>
        public override string ToString() => "room on the disk again";
    }

    /// <summary>A file that a crash had left unfinished was removed.</summary>
    public sealed record TempFileRemoved(string Path) : StorageFact
    {
        /// <inheritdoc/>
        public override string ToString() => $"unfinished {Path} removed";
    }

    /// <summary>An unfinished file could not be removed; the next start removes it.</summary>
    public sealed record TempFileLeft(string Path) : StorageFact
    {
        /// <inheritdoc/>
        public override string ToString() => $"unfinished {Path} left for the next start";
    }

    /// <summary>A file that is not ours; it is left alone.</summary>
    public sealed record UnknownFile(string Path) : StorageFact
    {
        /// <inheritdoc/>
        public override string ToString() => $"unknown file {Path} left alone";
    }

    /// <summary>A snapshot is not valid and was passed over.</summary>
    public sealed record SnapshotSkipped(string Path, string Because) : StorageFact
    {
        /// <inheritdoc/>
        public override string ToString() => $"snapshot {Path} passed over: {Because}";
    }

    /// <summary>A snapshot is complete and durable.</summary>
    public sealed record SnapshotWritten(EntryId Last, long Bytes) : StorageFact
    {
        /// <inheritdoc/>
        public override string ToString() => $"snapshot {Last} written, {Bytes} bytes";
    }

    /// <summary>An old snapshot was removed.</summary>
    public sealed record SnapshotRemoved(EntryId Last) : StorageFact
    {
        /// <inheritdoc/>
        public override string ToString() => $"snapshot {Last} removed";
    }

    /// <summary>What belonged to another identity of the directory was removed.</summary>
    public sealed record LeftoverRemoved(string Path) : StorageFact
    {
        /// <inheritdoc/>
        public override string ToString() => $"{Path} of an earlier or unfinished identity removed";
    }

    /// <summary>
    /// What belonged to another identity of the directory could not be removed; the next start tries.
    /// </summary>
    public sealed record LeftoverStays(string Path, string Because) : StorageFact
    {
        /// <inheritdoc/>
        public override string ToString() => $"{Path} is not needed and could not be removed: {Because}";
    }

    /// <summary>The notes of recoveries cannot be read; they are shown to people only, so the node goes on.</summary>
    public sealed record RecoveryNotesUnreadable(string Path, string Because) : StorageFact
    {
        /// <inheritdoc/>
        public override string ToString() => $"the notes of recoveries in {Path} cannot be read: {Because}";
    }
}
