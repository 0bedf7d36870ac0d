using Quorate.Raft;

namespace Quorate.Storage.Tests;

/// <summary>A torn write is cut, damage to acknowledged data stops the node, nothing is dropped in silence.</summary>
public sealed class WalRecoveryTests
{
    private const string First = "data/wal/0000000000000001.wal";

    [Fact]
    public void Unsynced_frame_is_there_whole_or_not_at_all_wherever_it_was_cut()
    {
        // Frames of one block and of several, plain and doubled: cut at every 31st byte and around each block.
        foreach (var (payload, term) in new[] { (40, 1ul), (40, 2ul), (1300, 1ul), (1300, 2ul) })
        {
            for (var cut = 0; cut <= 2 * 1536; cut += cut % 512 is < 8 or > 504 ? 1 : 31)
            {
                CheckCut(payload, term, write => write.Bytes[..Math.Min(cut, write.Bytes.Length)]);
            }
        }
    }

    [Fact]
    public void Unsynced_frame_is_there_whole_or_not_at_all_whichever_sectors_were_kept()
    {
        foreach (var (payload, term) in new[] { (40, 2ul), (1300, 1ul), (1300, 2ul), (1500, 2ul) })
        {
            for (var kept = 0; kept < 64; kept++)
            {
                CheckCut(payload, term, write => write.Bytes, sector => (kept & (1 << sector)) != 0);
            }
        }
    }

    [Fact]
    public void Either_copy_of_a_doubled_frame_serves()
    {
        foreach (var offset in new[] { 512, 600, 1024, 1100 })
        {
            var log = new WalHarness();
            log.Begin(term: 1, vote: 2).Add(1, 1).Write();
            log.WriteOne(2, 1);
            log.Disk.Flip(First, offset);

            var recovered = log.ReopenAndCheck();

            Assert.Contains(
                new StorageFact.FrameCopyBad(First, offset / 512 * 512, 1), recovered.Facts);
        }
    }

    [Fact]
    public void Bad_copy_of_the_last_frame_is_written_again()
    {
        foreach (var offset in new[] { 512, 1024 })
        {
            var log = new WalHarness();
            log.Begin(term: 1, vote: 2).Add(1, 1).Write();
            var whole = log.Disk.Content(First);
            log.Disk.Flip(First, offset);

            log.ReopenAndCheck();

            Assert.Equal(whole, log.Disk.Content(First));
        }
    }

    [Fact]
    public void Any_flipped_byte_of_an_earlier_frame_is_damage()
    {
        var log = new WalHarness();
        log.Begin(term: 1).Add(1, 1, payloadLength: 5).Write();
        log.Begin().Add(2, 1, payloadLength: 5).Add(3, 1, payloadLength: 7).Write();
        log.WriteOne(4, 1);
        var disk = log.Disk;

        for (var offset = 1536; offset < 2048; offset++)
        {
            disk.Flip(First, offset);
            var fault = Assert.Throws<DamageException>(() => new WalHarness(disk: disk.Copy()));
            Assert.Equal(First, fault.Path);
            Assert.Equal(1536, fault.Offset);
            Assert.Contains("batch 2 is missing or bad, yet batch 3 stands at " + First + ":2048", fault.Message);
            disk.Flip(First, offset);
        }

        log.ReopenAndCheck();
    }

    [Fact]
    public void Any_flipped_byte_of_a_segment_header_is_told()
    {
        var log = new WalHarness();
        log.WriteOne(1, 1);
        for (var offset = 0; offset < 512; offset++)
        {
            log.Disk.Flip(First, offset);
            Assert.ThrowsAny<StorageException>(() => new WalHarness(disk: log.Disk.Copy()));
            log.Disk.Flip(First, offset);
        }
    }

    [Fact]
    public void Last_frame_is_damage_too_once_a_slot_names_it()
    {
        var log = new WalHarness();
        log.WriteOne(1, 1);
        log.WriteOne(2, 1);
        Assert.True(log.Wal.TrySeal(LogIndex.Zero, out var seal));
        log.Finish(seal!);
        log.Disk.Flip(First, 1536);
        log.Disk.Damage(First, seal!.Offset, new byte[512]);

        var fault = Assert.Throws<DamageException>(log.Reopen);

        Assert.Contains("slots says that batch 3 was durable", fault.Message);
    }

    [Fact]
    public void Last_plain_frame_that_no_slot_names_looks_torn_and_is_cut_with_a_fact()
    {
        var log = new WalHarness();
        log.WriteOne(1, 1);
        var model = log.Model;
        log.WriteOne(2, 1);
        log.Disk.Flip(First, 1600);

        var recovered = log.Reopen();

        LogModel.Of(recovered, log.Wal.Store).MustEqual(model);
        Assert.Contains(recovered.Facts, fact => fact is StorageFact.WalTailCut { Offset: 1536, Batch: 2 });
    }

    [Fact]
    public void Lost_write_of_a_whole_sector_in_the_middle_is_damage()
    {
        var log = new WalHarness();
        log.WriteOne(1, 1);
        log.WriteOne(2, 1);
        log.WriteOne(3, 1);
        log.Disk.Damage(First, 1536, new byte[512]);

        Assert.Throws<DamageException>(log.Reopen);
    }

    [Fact]
    public void Segments_that_are_missing_or_cut_are_damage()
    {
        foreach (var breakIt in new Action<CrashingFileSystem>[]
        {
            disk => disk.Delete("data/wal/0000000000000002.wal"),
            disk => disk.Delete("data/wal/slots"),
            disk => disk.Cut("data/wal/0000000000000001.wal", 2048),
            disk => disk.Cut("data/wal/0000000000000003.wal", 100),
            disk => disk.Damage("data/wal/slots", 0, new byte[1024]),
            disk => disk.Unreadable = "data/wal/0000000000000002.wal",
            disk => disk.Unreadable = "data/wal/slots",
        })
        {
            var log = new WalHarness();
            for (ulong index = 1; index <= 4; index++)
            {
                log.WriteOne(index, 1, payloadLength: 1200);
            }

            breakIt(log.Disk);

            Assert.Throws<DamageException>(log.Reopen);
        }
    }

    [Fact]
    public void First_frame_that_did_not_fit_in_the_first_segment_is_found()
    {
        var log = new WalHarness();
        log.WriteOne(1, 1, payloadLength: 10_000);

        log.ReopenAndCheck();
        log.WriteOne(2, 1);
        log.ReopenAndCheck();
    }

    [Fact]
    public void Slot_that_was_torn_leaves_the_other_one()
    {
        for (var block = 0; block < 2; block++)
        {
            var log = new WalHarness();
            log.Begin(term: 1).Add(1, 1).Write();
            log.Begin(term: 2).Add(2, 2).Write();
            log.Disk.Flip("data/wal/slots", (block * 512) + 20);

            log.ReopenAndCheck();
        }
    }

    [Fact]
    public void Recovery_makes_the_last_frame_durable_before_it_returns()
    {
        var log = new WalHarness();
        log.WriteOne(1, 1);
        log.Begin().Add(2, 1);
        var write = log.Frame();
        write.File.Write(write.Offset, write.Buffers);
        log.Disk.Kill();

        // Killed before its sync returned: the frame lies in the page cache only.
        Assert.Equal(2, log.Reopen().Entries.Count);
        log.Disk.Crash();

        Assert.Equal(2, log.Reopen().Entries.Count);
    }

    [Fact]
    public void Recovery_may_be_interrupted_at_every_call_and_repeated()
    {
        for (var calls = 0; ; calls++)
        {
            var log = new WalHarness();
            log.WriteOne(1, 1);
            log.Begin(term: 2).Add(2, 2).Write();
            log.Begin().Add(3, 2);
            var write = log.Frame();
            write.File.Write(write.Offset, write.Buffers);
            var model = log.Model.With(log.Batch);
            log.Disk.CallsUntilCrash = log.Disk.Calls + calls;
            var crashed = Record.Exception(() => log.Reopen()) is CrashException;
            log.Disk.Kill();

            LogModel.Of(log.Reopen(), log.Wal.Store).MustEqual(model);
            if (!crashed)
            {
                Assert.True(calls >= 4);
                return;
            }
        }
    }

    [Fact]
    public void First_start_may_be_interrupted_at_every_call_and_repeated()
    {
        for (var calls = 0; ; calls++)
        {
            var disk = new CrashingFileSystem { CallsUntilCrash = calls };
            var crashed = Record.Exception(() => new WalHarness(disk: disk)) is CrashException;
            disk.Crash();
            var log = new WalHarness(disk: disk);

            Assert.Empty(log.Wal.Recovered.Entries);
            log.WriteOne(1, 1);
            log.ReopenAndCheck();
            if (!crashed)
            {
                Assert.True(calls >= 8);
                return;
            }
        }
    }

    [Fact]
    public void Names_that_a_killed_process_left_unsynced_are_made_durable()
    {
        for (var calls = 0; calls < 12; calls++)
        {
            var disk = new CrashingFileSystem { CallsUntilCrash = calls };
            Record.Exception(() => new WalHarness(disk: disk));
            disk.Kill();
            var log = new WalHarness(disk: disk);
            log.WriteOne(1, 1);
            disk.Crash();

            log.ReopenAndCheck();
        }
    }

    [Fact]
    public void Recycling_and_removal_may_be_interrupted_at_every_call()
    {
        for (var calls = 0; calls < 60; calls++)
        {
            var log = new WalHarness(spares: 1);
            for (ulong index = 1; index <= 8; index++)
            {
                log.WriteOne(index, 1, payloadLength: 1500);
            }

            log.Wal.TrimPrefix(new LogIndex(7));
            log.Disk.CallsUntilCrash = log.Disk.Calls + (calls / 2);
            Record.Exception(log.PumpAll);
            if (calls % 2 == 0)
            {
                log.Disk.Crash();
            }

            log.Disk.Kill();
            log.ReopenAndCheck();
            log.WriteOne(9, 1, payloadLength: 1500);
            log.WriteOne(10, 1, payloadLength: 1500);
            log.Disk.Crash();
            log.ReopenAndCheck();
        }
    }

    [Fact]
    public void Full_disk_while_segments_leave_never_makes_a_gap()
    {
        for (var calls = 0; calls < 20; calls++)
        {
            var log = new WalHarness(spares: 0);
            for (ulong index = 1; index <= 8; index++)
            {
                log.WriteOne(index, 1, payloadLength: 1500);
            }

            log.Wal.TrimPrefix(new LogIndex(7));
            log.Disk.CallsUntilFull = log.Disk.Calls + calls;
            for (var pump = 0; pump < 5; pump++)
            {
                log.PumpAll();
            }

            log.Disk.CallsUntilFull = int.MaxValue;
            log.ReopenAndCheck();
            log.WriteOne(9, 1, payloadLength: 1500);
            log.ReopenAndCheck();
        }
    }

    [Fact]
    public void Old_frames_in_a_recycled_segment_are_never_taken_for_new_ones()
    {
        var log = new WalHarness(spares: 0);
        for (ulong index = 1; index <= 100; index++)
        {
            log.WriteOne(index, 1, payloadLength: 20 + (int)(index * 37 % 900));
            log.Wal.TrimPrefix(new LogIndex(index == 1 ? 0 : index - 1));
            log.PumpAll();
            log.ReopenAndCheck();
        }

        Assert.True(log.Segments.Count <= 3);
    }

    [Fact]
    public void Segment_of_another_directory_is_refused_by_name()
    {
        var log = new WalHarness();
        log.WriteOne(1, 1);
        var other = WalHarness.Identity with { Directory = 99 };

        var fault = Assert.Throws<IdentityException>(
            () => Wal.Open(new WalOptions { SegmentBytes = 4096 }, log.Disk, WalHarness.Directory, other));

        Assert.StartsWith($"{First} belongs to n3 of cluster", fault.Message);
    }

    [Fact]
    public void Newer_format_is_refused_as_such()
    {
        var log = new WalHarness();
        log.Disk.Damage(First, 8, 2);

        var fault = Assert.Throws<IdentityException>(log.Reopen);

        Assert.Contains("has log format 2, this program reads up to 1", fault.Message);
    }

    [Fact]
    public void Unknown_files_are_left_alone_and_temporary_ones_removed()
    {
        var log = new WalHarness();
        log.Disk.Create("data/wal/notes.txt");
        log.Disk.Create("data/wal/0000000000000009.wal.tmp");

        var facts = log.Reopen().Facts;

        Assert.Contains(new StorageFact.UnknownFile("data/wal/notes.txt"), facts);
        Assert.Contains(new StorageFact.TempFileRemoved("data/wal/0000000000000009.wal.tmp"), facts);
        Assert.Contains("data/wal/notes.txt", log.Disk.Paths);
    }

    [Fact]
    public void Damaged_record_is_told_by_a_read_and_never_given_out()
    {
        var log = new WalHarness();
        log.WriteOne(1, 1);
        log.Disk.Flip(First, 700);

        Assert.Throws<DamageException>(() => log.Wal.Store.TryRead(
            new EntryRange(new LogIndex(1), new LogIndex(1)), 1000, []));
    }

    // Everything before is synced; of the frame under way stays what the choice says.
    private static void CheckCut(
        int payload, ulong term, Func<UnsyncedWrite, byte[]> keep, Func<int, bool>? keepsSector = null)
    {
        var log = new WalHarness(segmentBytes: 8192);
        log.WriteOne(1, 1);
        log.WriteOne(2, 1);
        log.Begin(term).Add(3, term, payload);
        var write = log.Frame();
        write.File.Write(write.Offset, write.Buffers);
        var after = log.Model.With(log.Batch);

        log.Disk.Crash(unsynced => keepsSector is null
            ? keep(unsynced)
            : Merge(keep(unsynced), keepsSector));

        var recovered = log.Reopen();
        var found = LogModel.Of(recovered, log.Wal.Store);
        Assert.True(found.Same(log.Model) || found.Same(after), found.ToString());
        log.WriteOne(found.Last.Index.Value + 1, 3);
        log.Reopen();
    }

    // Sectors that are not kept hold what they held before: zeros.
    private static byte[] Merge(byte[] bytes, Func<int, bool> keepsSector)
    {
        var merged = bytes.ToArray();
        for (var at = 0; at < merged.Length; at += CrashingFileSystem.Sector)
        {
            if (!keepsSector(at / CrashingFileSystem.Sector))
            {
                merged.AsSpan(at, Math.Min(CrashingFileSystem.Sector, merged.Length - at)).Clear();
            }
        }

        return merged;
    }
}
