using Quorate.Raft;
using Quorate.Storage;

namespace Quorate.Node;

/// <summary>Ranges of durable entries read back from the log. Blocking; never called by the node loop.</summary>
internal sealed class LogRanges(LogStore store)
{
    private const int ReadBytesMax = 4 * 1024 * 1024;

    /// <summary>Reads a whole committed range, which cannot be gone: a snapshot would have passed over it.</summary>
    public void ReadAll(EntryRange range, List<ReadOnlyMemory<byte>> records)
    {
        while (records.Count < range.Count)
        {
            var rest = new EntryRange(range.First + records.Count, range.Last);
            var found = store.TryRead(rest, ReadBytesMax, records);
            Invariant.Holds(found, "committed entries that are not applied are in the log");
        }
    }

    /// <summary>Reads the start of a range; false when it is gone.</summary>
    public bool TryRead(EntryRange range, int bytesMax, List<ReadOnlyMemory<byte>> records) =>
        store.TryRead(range, bytesMax, records);
}
