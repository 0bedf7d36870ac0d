using Quorate.Raft;

namespace Quorate.Storage;

/// <summary>What a frame on its way to the disk will have done to the log once it is durable.</summary>
internal sealed class FramePlan
{
    public required FrameHeader Header { get; init; }

    public required InstallMarker? Marker { get; init; }

    /// <summary>Places of its entries, consecutive from behind the base.</summary>
    public required List<EntryPlace> Places { get; init; }

    /// <summary>Written when the frame itself is durable; null on the hot path.</summary>
    public required SlotWrite? Slot { get; init; }
}
