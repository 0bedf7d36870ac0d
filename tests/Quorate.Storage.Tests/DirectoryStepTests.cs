using Quorate.Raft;

namespace Quorate.Storage.Tests;

/// <summary>Another identity for a directory: one step, whatever happens in the middle of it.</summary>
public sealed class DirectoryStepTests
{
    private static readonly DirectoryIdentity Old = new(0, new NodeId(7), new UInt128(1, 2), "n1");
    private static readonly PeerNote Met = new(new NodeId(9), 99);
    private static readonly WalOptions Options = new() { SegmentBytes = 4096 };

    public enum Step
    {
        TakeOver,
        Reset,
        Recover,
    }

    [Theory]
    [InlineData(Step.TakeOver, false)]
    [InlineData(Step.TakeOver, true)]
    [InlineData(Step.Reset, false)]
    [InlineData(Step.Reset, true)]
    [InlineData(Step.Recover, false)]
    [InlineData(Step.Recover, true)]
    public void Crash_at_any_call_leaves_the_old_one_or_the_new_one_whole(Step step, bool keepsCache)
    {
        var (old, done) = (0, 0);
        for (var calls = 0; ; calls++)
        {
            var disk = MakeOld();
            disk.CallsUntilCrash = disk.Calls + calls;
            var crashed = Record.Exception(() => Take(disk, step)) is CrashException;
            if (keepsCache)
            {
                disk.Kill();
            }
            else
            {
                disk.Crash();
            }

            var isNew = ExpectWhole(disk, step);
            if (!crashed)
            {
                // A recovery removes nothing, so that it may end with the step itself.
                var hasRest = done > 0 || step == Step.Recover;
                Assert.True(isNew && old > 5 && hasRest, $"{old} before, {done} behind the step");
                return;
            }

            (old, done) = isNew ? (old, done + 1) : (old + 1, done);

            // What the crash has left is in nobody's way.
            if (!isNew)
            {
                Take(disk, step);
                Assert.True(ExpectWhole(disk, step));
            }
        }
    }

    [Fact]
    public void Takeover_keeps_the_directory_id_and_forgets_who_was_met()
    {
        var disk = MakeOld();

        using (var directory = DataDirectory.Open(disk, "data"))
        {
            directory.TakeOver(42, new NodeId(8), "given", Options);
            Assert.Empty(directory.Peers);
            directory.NotePeer(new PeerNote(new NodeId(5), 55));
        }

        using var again = DataDirectory.Open(disk, "data");
        Assert.Equal(
            new DirectoryIdentity(42, new NodeId(8), Old.Directory, "given") { Alias = "n1" }, again.Identity);
        Assert.Equal([new PeerNote(new NodeId(5), 55)], again.Peers);
        Assert.Equal("data/wal-2", again.WalPath);
    }

    [Fact]
    public void Every_step_begins_another_life_and_leaves_nothing_of_the_one_before()
    {
        var disk = MakeOld();
        for (ulong i = 1; i < 5; i++)
        {
            using var directory = DataDirectory.Open(disk, "data");
            directory.TakeOver(i, new NodeId(i), $"n{i}", Options);
        }

        Assert.Equal(
            ["data/identity", "data/wal-5/0000000000000001.wal", "data/wal-5/slots"], disk.Paths);
    }

    [Fact]
    public void Recovery_keeps_what_was_and_it_can_be_taken_back()
    {
        var disk = MakeOld();
        Take(disk, Step.Recover);
        var kept = disk.Paths.Where(path => path.StartsWith("data/wal/", StringComparison.Ordinal)).ToList();
        Assert.NotEmpty(kept);

        disk.Rename("data/identity-before-recovery-1", "data/identity");

        using var directory = DataDirectory.Open(disk, "data");
        Assert.Equal(Old, directory.Identity);
        Assert.Equal([Met], directory.Peers);
        Assert.Null(directory.Recovery);
        directory.OpenLog(Options).Dispose();
        Assert.DoesNotContain(disk.Paths, path => path.StartsWith("data/wal-2", StringComparison.Ordinal));
    }

    [Fact]
    public void What_a_recovery_keeps_goes_when_its_identity_is_removed()
    {
        var disk = MakeOld();
        Take(disk, Step.Recover);
        disk.Delete("data/identity-before-recovery-1");

        using var directory = DataDirectory.Open(disk, "data");

        Assert.DoesNotContain(disk.Paths, path => path.StartsWith("data/wal/", StringComparison.Ordinal));
        Assert.NotNull(directory.Recovery);
    }

    [Fact]
    public void Second_recovery_keeps_both_identities_and_tells_the_newest()
    {
        var disk = MakeOld();
        Take(disk, Step.Recover);
        var second = Note() with { Cluster = 78 };
        using (var directory = DataDirectory.Open(disk, "data"))
        {
            var identity = new DirectoryIdentity(78, new NodeId(79), 80, "n1");
            directory.Begin(identity, new DirectoryStart { Log = Options, Recovery = second });
        }

        using var again = DataDirectory.Open(disk, "data");
        Assert.Equal<UInt128>(78, again.Recovery!.Cluster);
        Assert.True(disk.FileExists("data/identity-before-recovery-1"));
        Assert.True(disk.FileExists("data/identity-before-recovery-2"));
        Assert.Equal("data/wal-3", again.WalPath);
    }

    [Fact]
    public void Reset_leaves_nothing_of_recoveries_and_of_what_they_kept()
    {
        var disk = MakeOld();
        Take(disk, Step.Recover);

        Take(disk, Step.Reset);

        Assert.Equal(
            ["data/identity", "data/wal-3/0000000000000001.wal", "data/wal-3/slots"], disk.Paths);
        using var directory = DataDirectory.Open(disk, "data");
        Assert.True(directory.Identity.IsUnconfigured);
        Assert.Equal("n1", directory.Identity.Name);
        Assert.NotEqual<UInt128>(79, directory.Identity.Directory);
    }

    [Fact]
    public void Note_of_a_recovery_comes_back()
    {
        var disk = MakeOld();
        Take(disk, Step.Recover);

        using var directory = DataDirectory.Open(disk, "data");

        var note = directory.Recovery!;
        Assert.Equal(Note() with { Doubts = note.Doubts }, note);
        Assert.Equal(Note().Doubts, note.Doubts);
    }

    [Fact]
    public void Notes_that_cannot_be_read_are_told_and_hold_nothing_up()
    {
        var disk = MakeOld();
        Take(disk, Step.Recover);
        disk.Damage("data/recovered.json", 0, (byte)'{');

        using var directory = DataDirectory.Open(disk, "data");

        Assert.Null(directory.Recovery);
        Assert.Single(directory.TakeFacts().OfType<StorageFact.RecoveryNotesUnreadable>());
    }

    [Fact]
    public void Leftover_that_cannot_be_removed_is_told_and_holds_nothing_up()
    {
        var disk = MakeOld();
        disk.Create("data/wal-2/deep/file").Dispose();

        using var directory = DataDirectory.Open(disk, "data");

        Assert.Single(directory.TakeFacts().OfType<StorageFact.LeftoverStays>());
        Assert.Equal(Old, directory.Identity);
    }

    // The old one: three entries in its log, one member met.
    private static CrashingFileSystem MakeOld()
    {
        var disk = new CrashingFileSystem();
        var batch = new WalBatch();
        batch.Begin(new WriteId(1), new HardState(new Term(2), new NodeId(7)));
        for (ulong i = 1; i <= 3; i++)
        {
            var (header, record) = WalHarness.Record(WalHarness.Id(i, 2));
            batch.Add(header, record);
        }

        using var directory = DataDirectory.Create(
            disk, "data", Old, new DirectoryStart { Log = Options, FirstFrame = batch });
        directory.NotePeer(Met);
        return disk;
    }

    private static void Take(CrashingFileSystem disk, Step step)
    {
        using var directory = DataDirectory.Open(disk, "data");
        switch (step)
        {
            case Step.TakeOver:
                directory.TakeOver(42, new NodeId(8), "given", Options);
                break;
            case Step.Reset:
                directory.Reset(new Counter(100), Options);
                break;
            default:
                directory.Begin(new DirectoryIdentity(77, new NodeId(78), 79, "n1"), Recovered());
                break;
        }
    }

    private static DirectoryStart Recovered()
    {
        var snapshot = WalHarness.Snapshot(4, 3);
        var batch = new WalBatch();
        batch.Begin(new WriteId(1), new HardState(new Term(3), NodeId.None));
        batch.AddInstall(snapshot, keepSuffix: false);
        return new DirectoryStart
        {
            Log = Options,
            FirstFrame = batch,
            Recovery = Note(),
            WriteSnapshot = snapshots =>
            {
                using var writer = snapshots.Create(snapshot);
                writer.Append(new byte[5000]);
                writer.Complete();
            },
        };
    }

    private static RecoveryNote Note() => new()
    {
        At = new DateTimeOffset(2026, 1, 31, 12, 30, 15, TimeSpan.Zero),
        Cluster = 77,
        From = Old.Log,
        Last = WalHarness.Id(3, 2),
        KnownCommitted = new LogIndex(2),
        Doubts = ["entry 3 is not known to be committed", "\"n2\" was not surveyed"],
        Program = "0.1.0",
    };

    // Opens it twice: what the first one cleans changes nothing. True for the new one.
    private static bool ExpectWhole(CrashingFileSystem disk, Step step)
    {
        var isNew = Expect(disk, step);
        Assert.Equal(isNew, Expect(disk, step));
        return isNew;
    }

    private static bool Expect(CrashingFileSystem disk, Step step)
    {
        using var directory = DataDirectory.Open(disk, "data");
        using var wal = directory.OpenLog(Options);
        var snapshots = directory.OpenSnapshots().List();
        if (directory.Identity == Old)
        {
            Assert.Equal("t2 vote=n7 log=(0@0)..3@2", wal.Recovered.ToString());
            Assert.Equal([Met], directory.Peers);
            Assert.Null(directory.Recovery);
            Assert.DoesNotContain(disk.Paths, path => path.Contains("-2", StringComparison.Ordinal));
            Assert.False(disk.FileExists("data/identity-before-recovery-1"));
            return false;
        }

        Assert.Empty(directory.Peers);
        var isRecovered = step == Step.Recover;
        Assert.Equal(
            isRecovered ? "t3 vote=- log=(4@3)..4@3" : "t0 vote=- log=(0@0)..0@0",
            wal.Recovered.ToString());
        Assert.Equal(isRecovered ? [WalHarness.Id(4, 3)] : [], snapshots.Select(snapshot => snapshot.Last));
        Assert.Equal(isRecovered, directory.Recovery is not null);
        Assert.Equal(isRecovered, disk.FileExists("data/wal/slots"));
        Assert.Equal(isRecovered, disk.FileExists("data/identity-before-recovery-1"));
        Assert.Equal(step == Step.TakeOver, directory.Identity.Directory == Old.Directory);
        return true;
    }

    private sealed class Counter(ulong next) : IRandomSource
    {
        public ulong Next() => next++;
    }
}
