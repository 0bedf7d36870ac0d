using System.Diagnostics.Metrics;

namespace Quorate.Node;

/// <summary>What the node's loops count. Methods are named after what happened, not after the instrument.</summary>
public sealed class NodeMetrics
{
    /// <summary>The meter's name.</summary>
    public const string MeterName = "Quorate.Node";

    private readonly Counter<long> _syncs;
    private readonly Counter<long> _entriesWritten;
    private readonly Counter<long> _bytesWritten;
    private readonly Counter<long> _entriesApplied;
    private readonly Counter<long> _framesDropped;
    private readonly Counter<long> _leaderChanges;

    /// <summary>Makes the instruments; without a factory they count for nobody.</summary>
    public NodeMetrics(IMeterFactory? meterFactory)
    {
        var meter = meterFactory?.Create(MeterName) ?? new Meter(MeterName);
        _syncs = meter.CreateCounter<long>("quorate.wal.syncs", "{sync}", "Frames made durable.");
        _entriesWritten = meter.CreateCounter<long>("quorate.wal.entries", "{entry}", "Entries made durable.");
        _bytesWritten = meter.CreateCounter<long>("quorate.wal.bytes", "By", "Bytes made durable.");
        _entriesApplied = meter.CreateCounter<long>("quorate.apply.entries", "{entry}", "Entries applied.");
        _framesDropped = meter.CreateCounter<long>(
            "quorate.peer.frames.dropped", "{frame}", "Messages from peers that the node loop could not take.");
        _leaderChanges = meter.CreateCounter<long>(
            "quorate.raft.leader.changes", "{change}", "Times another member, or this one, became leader.");
    }

    internal void Synced(int entries, long bytes)
    {
        _syncs.Add(1);
        _entriesWritten.Add(entries);
        _bytesWritten.Add(bytes);
    }

    internal void Applied(int entries) => _entriesApplied.Add(entries);

    internal void FrameDropped() => _framesDropped.Add(1);

    internal void LeaderChanged() => _leaderChanges.Add(1);
}
