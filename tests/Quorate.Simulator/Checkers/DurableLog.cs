using Quorate.Raft;
using Quorate.Storage;

namespace Quorate.Simulator;

/// <summary>
/// What the disk of one node surely holds of its log: built from the frames whose sync has returned, without a look
/// at the node. It is what a message may claim.
/// </summary>
internal sealed class DurableLog
{
    private readonly List<ulong> _terms = [];

    public HardState HardState { get; private set; }

    public EntryId Before { get; private set; }

    public LogIndex LastIndex => Before.Index + _terms.Count;

    public EntryId Last => _terms.Count == 0 ? Before : new EntryId(new Term(_terms[^1]), LastIndex);

    /// <summary>Whether this very entry is on the disk, or under a snapshot that is.</summary>
    public bool Holds(EntryId id) =>
        id.Index <= Before.Index || (id.Index <= LastIndex && TermAt(id.Index) == id.Term);

    public Term TermAt(LogIndex index) => new(_terms[(int)(index.Value - Before.Index.Value) - 1]);

    /// <summary>A frame is durable.</summary>
    public void Apply(DurableFrame frame)
    {
        HardState = frame.HardState;
        if (frame.Install is { } install)
        {
            Install(install, frame.KeepSuffix);
        }

        if (frame.Entries.Count > 0)
        {
            CutBehind(frame.Entries[0].Index.Previous, frame.Base);
            _terms.AddRange(frame.Entries.Select(entry => entry.Term.Value));
        }
    }

    /// <summary>Takes over what recovery has made durable.</summary>
    public void Restart(HardState hardState, RaftLog log)
    {
        HardState = hardState;
        Before = log.Before;
        _terms.Clear();
        for (var index = log.First; index <= log.LastIndex; index = index.Next)
        {
            _terms.Add(log.IdAt(index).Term.Value);
        }
    }

    public DurableLog Copy()
    {
        var copy = new DurableLog { HardState = HardState, Before = Before };
        copy._terms.AddRange(_terms);
        return copy;
    }

    /// <summary>
    /// Whether a recovered log is this one. Where the recovered one begins later, a snapshot stands for the rest; what
    /// it ends with must be the same.
    /// </summary>
    public bool IsSameAs(HardState hardState, RaftLog log)
    {
        // A snapshot that became durable before the log's own marker of it.
        if (log.Last == log.Before && log.Before.Index > LastIndex)
        {
            return hardState.Term >= HardState.Term;
        }

        if (hardState != HardState || log.Last != Last)
        {
            return false;
        }

        for (var index = LogIndex.Max(log.First, Before.Index.Next); index <= LastIndex; index = index.Next)
        {
            if (log.IdAt(index).Term != TermAt(index))
            {
                return false;
            }
        }

        return true;
    }

    public override string ToString() => $"{HardState} ({Before})..{Last}";

    private void Install(EntryId last, bool keepSuffix)
    {
        var isKept = keepSuffix && last.Index <= LastIndex && Holds(last) && last.Index > Before.Index;
        if (isKept)
        {
            _terms.RemoveRange(0, (int)(last.Index.Value - Before.Index.Value));
        }
        else
        {
            _terms.Clear();
        }

        Before = last;
    }

    private void CutBehind(LogIndex index, EntryId frameBase)
    {
        if (index < Before.Index)
        {
            Before = frameBase;
            _terms.Clear();
            return;
        }

        var kept = (int)(index.Value - Before.Index.Value);
        if (kept > _terms.Count)
        {
            throw new CheckerException("Durability", $"a frame begins behind {index}; the log on disk ends at {Last}");
        }

        _terms.RemoveRange(kept, _terms.Count - kept);
    }
}

/// <summary>One frame of a log, as the disk was given it.</summary>
internal sealed class DurableFrame
{
    public required HardState HardState { get; init; }

    public required EntryId Base { get; init; }

    public required IReadOnlyList<EntryId> Entries { get; init; }

    public EntryId? Install { get; init; }

    public bool KeepSuffix { get; init; }

    /// <summary>Reads a frame from the bytes on their way to the disk.</summary>
    public static DurableFrame Read(DiskWrite write, Action<EntryHeader, ReadOnlyMemory<byte>> found)
    {
        var plan = write.Plan ?? throw new SimulatorException("a log write without a plan");
        var bytes = new byte[write.Buffers.Sum(buffer => buffer.Length)];
        var at = 0;
        foreach (var buffer in write.Buffers)
        {
            buffer.CopyTo(bytes.AsMemory(at));
            at += buffer.Length;
        }

        var entries = new List<EntryId>();
        at = FrameHeader.Bytes;
        for (var i = 0; i < plan.Header.Records; i++)
        {
            if (!EntryRecord.TryReadKind(bytes.AsSpan(at), out _, out var header, out var payload))
            {
                throw new CheckerException("Durability", $"record {i} of {write} cannot be read");
            }

            if ((byte)header.Kind != InstallMarker.Kind)
            {
                entries.Add(header.Id);
                found(header, bytes.AsMemory(at + EntryRecord.PayloadOffset, payload.Length));
            }

            at += header.Length;
        }

        return new DurableFrame
        {
            HardState = plan.Header.HardState,
            Base = plan.Header.Base,
            Entries = entries,
            Install = plan.Marker?.Metadata.Last,
            KeepSuffix = plan.Marker?.KeepSuffix ?? false,
        };
    }
}
