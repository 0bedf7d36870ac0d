using Quorate.Raft;
using Quorate.Storage;

namespace Quorate.Node;

/// <summary>Ranges of durable entries read back from the log. Blocking; never called by the node loop.</summary>
internal sealed class LogRanges(LogStore store)
{
    private const int ReadBytesMax = 4 * 1024 * 1024;

    /// <summary>
    /// Reads a whole committed range; false when the marker of a received snapshot has taken it from the log.
    /// </summary>
    public bool TryReadAll(EntryRange range, List<ReadOnlyMemory<byte>> records)
    {
        while (records.Count < range.Count)
        {
            var rest = new EntryRange(range.First + records.Count, range.Last);
            if (!store.TryRead(rest, ReadBytesMax, records))
            {
                Invariant.Holds(store.Before.Index >= range.Last, "committed entries are in the log, or a snapshot is");
                return false;
            }
        }

        return true;
    }

    /// <summary>Reads the start of a range; false when it is gone.</summary>
    public bool TryRead(EntryRange range, int bytesMax, List<ReadOnlyMemory<byte>> records) =>
        store.TryRead(range, bytesMax, records);
}
