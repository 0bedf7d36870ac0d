using Quorate.Raft;

namespace Quorate.Storage.Tests;

/// <summary>The log when nothing goes wrong.</summary>
public sealed class WalTests
{
    [Fact]
    public void New_log_is_empty()
    {
        var log = new WalHarness();

        Assert.Empty(log.Wal.Recovered.Entries);
        Assert.Equal(EntryId.Zero, log.Wal.Recovered.Mark);
        Assert.Equal(default, log.Wal.Recovered.HardState);
        Assert.Equal(["data/wal/0000000000000001.wal", "data/wal/slots"], log.Disk.Paths);
    }

    [Fact]
    public void Entries_term_and_vote_come_back()
    {
        var log = new WalHarness();
        log.Begin(term: 2, vote: 9).Add(1, 1).Add(2, 2).Write();
        log.Begin().Add(3, 2).Write();

        var recovered = log.ReopenAndCheck();

        Assert.Equal("t2 vote=n9 log=(0@0)..3@2", recovered.ToString());
        Assert.Equal(new ProposalId(new NodeId(1), 77, 3), recovered.Entries[2].Proposal);
    }

    [Fact]
    public void Entry_at_or_below_the_last_one_replaces_the_tail()
    {
        var log = new WalHarness();
        log.Begin(term: 1).Add(1, 1).Add(2, 1).Add(3, 1).Add(4, 1).Write();
        log.Begin(term: 2).Add(3, 2).Write();

        Assert.Equal(WalHarness.Id(3, 2), log.Wal.Store.Last);
        log.ReopenAndCheck();
    }

    [Fact]
    public void Merged_handovers_are_written_as_their_outcome()
    {
        var log = new WalHarness();
        log.Begin(term: 1).Add(1, 1).Add(2, 1).Add(3, 1);
        log.Begin(term: 2).Add(2, 2);
        log.Begin(term: 3).Add(3, 3);

        var write = log.Write();

        Assert.Equal(new WriteId(3), write.UpTo);
        Assert.Equal(3, write.Records);
        Assert.Equal("t3 vote=- log=(0@0)..3@3", log.ReopenAndCheck().ToString());
    }

    [Fact]
    public void Records_side_by_side_in_memory_become_one_buffer()
    {
        var log = new WalHarness();
        var memory = new byte[400];
        log.Begin(term: 1);
        for (var i = 0; i < 4; i++)
        {
            var (header, record) = WalHarness.Record(WalHarness.Id((ulong)i + 1, 1));
            record.CopyTo(memory, i * record.Length);
            log.Batch.Add(header, memory.AsMemory(i * record.Length, record.Length));
        }

        var write = log.Frame();

        // Head, records and filling, twice because the term changed.
        Assert.Equal(6, write.Buffers.Count);
        log.Finish(write);
        log.ReopenAndCheck();
    }

    [Fact]
    public void Only_a_new_term_or_vote_is_written_twice()
    {
        var log = new WalHarness();

        Assert.Equal(1024, log.Begin(term: 1).Add(1, 1).Write().Bytes);
        Assert.Equal(512, log.Begin().Add(2, 1).Write().Bytes);
        Assert.Equal(1024, log.Begin(term: 1, vote: 2).Write().Bytes);
        Assert.Equal("t1 vote=n2 log=(0@0)..2@1", log.ReopenAndCheck().ToString());
    }

    [Fact]
    public void Log_goes_on_in_the_next_segment_and_makes_a_larger_one_for_a_larger_frame()
    {
        var log = new WalHarness();
        log.WriteOne(1, 1, payloadLength: 3000);
        log.WriteOne(2, 1, payloadLength: 3000);
        log.WriteOne(3, 1, payloadLength: 100_000);
        log.WriteOne(4, 1, payloadLength: 3000);

        Assert.Equal(4, log.Segments.Count);
        log.ReopenAndCheck();
        log.WriteOne(5, 1);
        log.ReopenAndCheck();
    }

    [Fact]
    public void Install_marker_voids_the_log()
    {
        var log = new WalHarness();
        log.Begin(term: 1).Add(1, 1).Add(2, 1).Write();
        log.Begin(term: 3);
        log.Batch.AddInstall(WalHarness.Snapshot(10, 3), keepSuffix: false);
        log.Add(11, 3).Write();

        var recovered = log.ReopenAndCheck();

        Assert.Equal(WalHarness.Id(10, 3), recovered.Before);
        Assert.Equal(WalHarness.Snapshot(10, 3), recovered.Install);
    }

    [Fact]
    public void Install_marker_keeps_the_suffix_that_it_is_told_to_keep()
    {
        var log = new WalHarness();
        log.Begin(term: 1).Add(1, 1).Add(2, 1).Add(3, 1).Add(4, 1).Write();
        log.Begin();
        log.Batch.AddInstall(WalHarness.Snapshot(2, 1), keepSuffix: true);
        log.Write();

        var recovered = log.ReopenAndCheck();

        Assert.Equal("t1 vote=- log=(2@1)..4@1", recovered.ToString());
    }

    [Fact]
    public void Suffix_of_older_frames_goes_when_the_batch_had_replaced_it()
    {
        var log = new WalHarness();
        log.Begin(term: 1).Add(1, 1).Add(2, 1).Add(3, 1).Add(4, 1).Add(5, 1).Write();
        log.Begin(term: 2).Add(2, 2).Add(3, 2);
        log.Begin();
        log.Batch.AddInstall(WalHarness.Snapshot(3, 2), keepSuffix: true);
        log.Write();

        Assert.Equal("t2 vote=- log=(3@2)..3@2", log.ReopenAndCheck().ToString());
    }

    [Fact]
    public void Configurations_come_back_with_their_place()
    {
        var log = new WalHarness();
        var first = new ClusterConfig([new NodeId(1)]);
        var second = new ClusterConfig([new NodeId(1), new NodeId(2)]);
        AddConfig(log.Begin(term: 1), 1, 1, first);
        log.Add(2, 1).Write();
        AddConfig(log.Begin(), 3, 1, second);
        log.Write();

        Assert.Equal(
            [new ConfigEntry(new LogIndex(1), first), new ConfigEntry(new LogIndex(3), second)], log.Reopen().Configs);

        log.Begin(term: 2).Add(3, 2).Write();

        Assert.Equal([new ConfigEntry(new LogIndex(1), first)], log.Reopen().Configs);
    }

    [Fact]
    public void Commit_hint_rides_along_and_is_bounded_by_the_log()
    {
        var log = new WalHarness();
        log.Begin(term: 1).Add(1, 1).Add(2, 1);
        log.Batch.CommitHint = new LogIndex(9);
        log.Write();

        Assert.Equal(new LogIndex(2), log.Reopen().CommitHint);
    }

    [Fact]
    public void Commit_hint_of_a_seal_counts_and_a_later_frame_without_one_takes_nothing_back()
    {
        var log = new WalHarness();
        log.WriteOne(1, 1);
        log.WriteOne(2, 1);
        Assert.True(log.Wal.TrySeal(new LogIndex(9), out var seal));
        log.Finish(seal!);

        Assert.Equal(new LogIndex(2), log.Reopen().CommitHint);

        log.WriteOne(3, 1);

        Assert.Equal(new LogIndex(2), log.Reopen().CommitHint);
    }

    [Fact]
    public void Trimmed_segments_are_recycled_and_the_surplus_is_removed()
    {
        var log = new WalHarness(spares: 1);
        for (ulong index = 1; index <= 40; index++)
        {
            log.WriteOne(index, 1, payloadLength: 1500);
        }

        log.PumpAll();
        var before = log.Segments.Count;
        log.Wal.TrimPrefix(new LogIndex(38));
        log.PumpAll();

        Assert.True(before > 10);
        Assert.True(log.Segments.Count <= 5, string.Join(' ', log.Segments));
        for (ulong index = 41; index <= 80; index++)
        {
            log.WriteOne(index, 1, payloadLength: 1500);
            log.Wal.TrimPrefix(new LogIndex(index - 2));
        }

        log.PumpAll();
        Assert.Contains(log.Wal.TakeFacts(), fact => fact is StorageFact.SegmentRecycled);
        Assert.True(log.Segments.Count <= 5, string.Join(' ', log.Segments));
        log.ReopenAndCheck();
    }

    [Fact]
    public void Segment_that_is_read_stays_until_the_reader_is_done()
    {
        var log = new WalHarness(spares: 0);
        log.WriteOne(1, 1, payloadLength: 3000);
        log.WriteOne(2, 1, payloadLength: 3000);
        log.WriteOne(3, 1, payloadLength: 3000);
        log.Wal.TrimPrefix(new LogIndex(3));
        log.PumpAll();

        var records = new List<ReadOnlyMemory<byte>>();
        Assert.False(log.Wal.Store.TryRead(new EntryRange(new LogIndex(1), new LogIndex(3)), 10_000, records));
        Assert.Empty(records);
        Assert.True(log.Wal.Store.TryRead(new EntryRange(new LogIndex(3), new LogIndex(3)), 10_000, records));
        Assert.Single(records);
    }

    [Fact]
    public void Reads_are_bounded_by_bytes_and_by_what_is_durable()
    {
        var log = new WalHarness();
        log.Begin(term: 1).Add(1, 1).Add(2, 1).Add(3, 1).Write();
        var size = EntryRecord.SizeOf(40);
        var all = new EntryRange(new LogIndex(1), new LogIndex(9));

        Assert.Equal(1, Count(all, 1));
        Assert.Equal(2, Count(all, 2 * size));
        Assert.Equal(2, Count(all, (3 * size) - 1));
        Assert.Equal(3, Count(all, int.MaxValue));
        Assert.Equal(0, Count(new EntryRange(new LogIndex(4), new LogIndex(9)), int.MaxValue));
        Assert.Equal(0, Count(EntryRange.Empty, int.MaxValue));

        int Count(EntryRange range, int bytesMax)
        {
            var records = new List<ReadOnlyMemory<byte>>();
            Assert.Equal(log.Wal.Store.TryRead(range, bytesMax, records), records.Count > 0);
            return records.Count;
        }
    }

    [Fact]
    public void Full_disk_is_remembered_and_passes()
    {
        var log = new WalHarness();
        log.WriteOne(1, 1, payloadLength: 1000);
        log.Disk.Room = 0;
        log.Begin().Add(2, 1, payloadLength: 1000);

        Assert.False(log.Wal.TryFrame(log.Batch, out _));
        log.PumpAll();
        Assert.True(log.Wal.NoRoom);
        log.PumpAll();
        Assert.False(log.Wal.TryFrame(log.Batch, out _));
        Assert.DoesNotContain(log.Disk.Paths, path => path.EndsWith(".tmp", StringComparison.Ordinal));

        log.Disk.Room = long.MaxValue;
        log.Write();

        Assert.False(log.Wal.NoRoom);
        Assert.Equal(
            [
                "no room for data/wal/0000000000000002.wal.tmp; free some space, it is tried again",
                "room on the disk again", "segment 2 made, 4096 bytes",
            ],
            log.Wal.TakeFacts().Skip(1).Select(fact => fact.ToString()!));
        log.ReopenAndCheck();
    }

    [Fact]
    public void Seal_is_due_once_after_a_plain_frame()
    {
        var log = new WalHarness();
        Assert.False(log.Wal.SealNeeded);
        log.WriteOne(1, 1);
        Assert.False(log.Wal.SealNeeded);
        log.WriteOne(2, 1);
        Assert.True(log.Wal.SealNeeded);

        Assert.True(log.Wal.TrySeal(LogIndex.Zero, out var seal));
        DiskWrite.Run(seal!);
        log.Wal.Written(seal!);

        Assert.Equal("w2 0 records 512 bytes at 2048", seal!.ToString());
        Assert.False(log.Wal.SealNeeded);
        Assert.False(log.Wal.TrySeal(LogIndex.Zero, out _));
        log.ReopenAndCheck();
    }

    private static void AddConfig(WalHarness log, ulong index, ulong term, ClusterConfig config)
    {
        var (header, record) = WalHarness.Record(WalHarness.Id(index, term), EntryKind.ConfigChange, config.ToBytes());
        log.Batch.Add(header, record);
    }
}
