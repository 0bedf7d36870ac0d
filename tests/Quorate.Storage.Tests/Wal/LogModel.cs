using Quorate.Raft;

namespace Quorate.Storage.Tests;

/// <summary>What a log holds, as plainly as can be.</summary>
public sealed record LogModel(HardState HardState, EntryId Before, IReadOnlyList<(EntryId Id, string Record)> Entries)
{
    public static readonly LogModel Empty = new(default, EntryId.Zero, []);

    public EntryId Last => Entries.Count == 0 ? Before : Entries[^1].Id;

    public static LogModel Of(WalRecovered recovered, LogStore store)
    {
        Assert.Equal(recovered.Before, store.Before);
        Assert.Equal(recovered.Mark, store.Last);
        var records = new List<ReadOnlyMemory<byte>>();
        if (recovered.Entries.Count > 0)
        {
            var range = new EntryRange(recovered.Before.Index.Next, recovered.Mark.Index);
            Assert.True(store.TryRead(range, int.MaxValue, records));
        }

        Assert.Equal(recovered.Entries.Count, records.Count);
        var entries = recovered.Entries.Zip(records).Select(pair => (pair.First.Id, Hex(pair.Second.Span)));
        return new LogModel(recovered.HardState, recovered.Before, entries.ToList());
    }

    /// <summary>The log after a batch, replayed hand-over by hand-over by what the batch says it amounts to.</summary>
    public LogModel With(WalBatch batch)
    {
        var before = Before;
        var entries = Entries.ToList();
        if (batch.Install is { } install)
        {
            var held = Before == install.Last || entries.Exists(entry => entry.Id == install.Last);
            var kept = batch.KeepSuffix && held;
            entries.RemoveAll(entry => !kept || entry.Id.Index <= install.Last.Index);
            before = install.Last;
        }

        foreach (var (header, record) in batch.Headers.Zip(batch.Records))
        {
            entries.RemoveAll(entry => entry.Id.Index >= header.Id.Index);
            entries.Add((header.Id, Hex(record.Span)));
        }

        return new LogModel(batch.HardState, before, entries);
    }

    public LogModel TrimmedTo(EntryId before) => before.Index <= Before.Index
        ? this
        : new LogModel(HardState, before, Entries.Where(entry => entry.Id.Index > before.Index).ToList());

    public bool Same(LogModel other) =>
        HardState == other.HardState && Before == other.Before && Entries.SequenceEqual(other.Entries);

    public void MustEqual(LogModel expected)
    {
        Assert.Equal(expected.HardState, HardState);
        Assert.Equal(expected.Before, Before);
        Assert.Equal(expected.Entries, Entries);
    }

    private static string Hex(ReadOnlySpan<byte> bytes) => Convert.ToHexString(bytes);
}
