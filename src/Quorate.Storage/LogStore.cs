using Quorate.Raft;

namespace Quorate.Storage;

/// <summary>
/// The durable entries by index, read from the segments; blocking, for any thread, beside the writer. Entries that
/// are not durable yet are in the <see cref="LogArena"/> only.
/// </summary>
public sealed class LogStore
{
    internal LogStore() => throw new NotSupportedException();

    /// <summary>The entry before the first one that can be read.</summary>
    public EntryId Before => throw new NotSupportedException();

    /// <summary>The last durable entry.</summary>
    public EntryId Last => throw new NotSupportedException();

    /// <summary>The term of an entry, also of <see cref="Before"/>; false when it is not here.</summary>
    public bool TryGetTerm(LogIndex index, out Term term) => throw new NotSupportedException();

    /// <summary>
    /// Adds the records of a range in order, as many as fit in <paramref name="bytesMax"/> but at least one. False,
    /// and nothing added, when the first one is gone or not durable yet.
    /// </summary>
    /// <exception cref="DamageException">A record is damaged or cannot be read.</exception>
    public bool TryRead(EntryRange range, int bytesMax, List<ReadOnlyMemory<byte>> records) =>
        throw new NotSupportedException();
}
