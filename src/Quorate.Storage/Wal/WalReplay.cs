using Quorate.Raft;

namespace Quorate.Storage;

/// <summary>Puts the log together again, frame by frame.</summary>
internal sealed class WalReplay
{
    private readonly List<EntryHeader> _headers = [];
    private readonly List<ConfigEntry> _configs = [];
    private SnapshotMetadata? _install;
    private LogIndex _commitHint;
    private FrameHeader _newest;

    public EntryTable Table { get; } = new();

    public ulong Frames { get; private set; }

    public HardState HardState => _newest.HardState;

    /// <summary>Takes the next frame of the chain.</summary>
    /// <exception cref="DamageException">It contradicts those before it.</exception>
    public void Take(SegmentImage image, in FrameHeader frame)
    {
        var at = frame.Offset + FrameHeader.Bytes;
        var marker = ReadMarker(image, frame, ref at);
        Begin(image, frame, marker);

        var end = frame.Offset + FrameHeader.Bytes + frame.RecordBytes;
        while (at < end)
        {
            at += AddEntry(image, at);
        }

        _newest = frame;

        // A seal carries none, and what was committed stays so.
        _commitHint = LogIndex.Max(_commitHint, frame.CommitHint);
        _install = marker?.Metadata ?? _install;
        Frames++;
    }

    public WalRecovered ToRecovered(IReadOnlyList<StorageFact> facts) => new()
    {
        HasFrames = Frames > 0,
        HardState = HardState,
        Install = _install,
        Before = Table.Before,
        Entries = _headers,
        Configs = _configs,
        Mark = Table.Last,
        CommitHint = LogIndex.Min(_commitHint, Table.LastIndex),
        Facts = facts,
    };

    private static InstallMarker? ReadMarker(SegmentImage image, in FrameHeader frame, ref int at)
    {
        if (frame.Records == 0
            || !EntryRecord.TryReadKind(image.Bytes[at..], out _, out var first, out var payload)
            || (byte)first.Kind != InstallMarker.Kind)
        {
            return null;
        }

        var marker = InstallMarker.Read(first.Id, payload);
        if (marker is null)
        {
            throw Damage(image, at, "the marker of an installed snapshot cannot be read");
        }

        at += first.Length;
        return marker;
    }

    private static DamageException Damage(SegmentImage image, int at, string what) =>
        new(image.Segment.File.Path, at, what);

    private void Begin(SegmentImage image, in FrameHeader frame, InstallMarker? marker)
    {
        var before = Table.Before.Index;
        var entries = frame.Records - (marker is null ? 0 : 1);
        if (Frames == 0)
        {
            // What older segments held is trimmed; the base says where the log begins.
            Table.Restart(frame.Base);
        }
        else if (Table.Begin(marker, frame.Base, entries > 0) is { } fault)
        {
            throw Damage(image, frame.Offset, fault);
        }

        KeepInStep(before);
    }

    // The table only loses entries at its ends, or all of them.
    private void KeepInStep(LogIndex before)
    {
        if (Table.Count == 0)
        {
            _headers.Clear();
            _configs.Clear();
            return;
        }

        _headers.RemoveRange(0, (int)(Table.Before.Index - before));
        _headers.RemoveRange(Table.Count, _headers.Count - Table.Count);
        _configs.RemoveAll(config => config.Index <= Table.Before.Index || config.Index > Table.LastIndex);
    }

    private int AddEntry(SegmentImage image, int at)
    {
        if (!EntryRecord.TryRead(image.Bytes[at..], out var header, out var payload))
        {
            throw Damage(image, at, "a record of unknown kind");
        }

        if (header.Id.Index != Table.LastIndex.Next)
        {
            throw Damage(image, at, $"entry {header.Id} does not follow {Table.Last}");
        }

        if (header.Kind == EntryKind.ConfigChange)
        {
            _configs.Add(ClusterConfig.TryRead(payload, out var config)
                ? new ConfigEntry(header.Id.Index, config)
                : throw Damage(image, at, $"the configuration in entry {header.Id} cannot be read"));
        }

        _headers.Add(header);
        Table.Add(new EntryPlace(header.Id.Term, image.Segment.Id, at, header.Length));
        return header.Length;
    }
}
