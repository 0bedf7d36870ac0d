using Quorate.Storage;

namespace Quorate.Simulator.Tests;

/// <summary>What the simulated disk keeps, and what it may lose.</summary>
public sealed class SimDiskTests
{
    private static readonly byte[] Bytes = [1, 2, 3, 4];

    [Fact]
    public void What_was_synced_survives_a_power_failure()
    {
        foreach (var disk in Disks())
        {
            var files = Mount(disk);
            using (var file = files.Create("/d/a"))
            {
                file.Write(0, Bytes);
                file.Sync();
            }

            files.SyncDirectory("/d");
            disk.LosePower();

            Assert.Equal(Bytes, disk.Find("/d/a")!.Cached.ToArray());
        }
    }

    [Fact]
    public void A_kill_of_the_process_loses_nothing_that_was_written()
    {
        foreach (var disk in Disks())
        {
            using var file = Mount(disk).Create("/d/a");
            file.Write(0, Bytes);

            Assert.Equal(Bytes, disk.Find("/d/a")!.Cached.ToArray());
            Assert.Equal(["/d/a"], disk.UnsyncedFiles("/d"));
        }
    }

    [Fact]
    public void A_name_that_was_not_synced_is_lost_where_the_disk_is_strict()
    {
        var disk = NewDisk(seed: 1, strict: true);
        var files = Mount(disk);
        using (var file = files.Create("/d/a"))
        {
            file.Write(0, Bytes);
            file.Sync();
        }

        disk.LosePower();

        Assert.Null(disk.Find("/d/a"));
    }

    [Fact]
    public void Unsynced_writes_are_kept_dropped_and_torn()
    {
        var lengths = new SortedSet<int>();
        for (var seed = 0UL; seed < 200; seed++)
        {
            var disk = NewDisk(seed, strict: false);
            var files = Mount(disk);
            using (var file = files.Create("/d/a"))
            {
                file.Sync();
                files.SyncDirectory("/d");
                file.Write(0, new byte[1536]);
            }

            disk.LosePower();
            lengths.Add(disk.Find("/d/a")!.Length);
        }

        Assert.Contains(0, lengths);
        Assert.Contains(512, lengths);
        Assert.Contains(1536, lengths);
        Assert.Contains(lengths, length => length % 512 != 0);
    }

    [Fact]
    public void After_a_failed_sync_the_next_one_succeeds_and_keeps_nothing()
    {
        var table = new FaultTable();
        var losses = 0;
        for (var seed = 0UL; seed < 50; seed++)
        {
            var disk = NewDisk(seed, strict: true);
            var faults = new DiskFaults(new SimRandom(seed), table);
            var files = new SimFileSystem(disk, new SimProcess(), faults);
            files.CreateDirectory("/d");
            using var file = files.Create("/d/a");
            files.SyncDirectory("/d");
            file.Write(0, Bytes);
            faults.SyncErrorChance = 1;
            Assert.Throws<StorageException>(file.Sync);

            faults.SyncErrorChance = 0;
            file.Sync();
            Assert.Equal(Bytes, disk.Find("/d/a")!.Cached.ToArray());
            disk.LosePower();
            losses += disk.Find("/d/a")!.Length < Bytes.Length ? 1 : 0;
        }

        Assert.True(losses > 10, "the pages were marked clean, so the second sync wrote nothing");
    }

    [Fact]
    public void A_lock_ends_with_its_process()
    {
        var disk = NewDisk(seed: 1, strict: true);
        var first = new SimProcess();
        var faults = new DiskFaults(new SimRandom(1), new FaultTable());
        new SimFileSystem(disk, first, faults).CreateDirectory("/d");

        Assert.NotNull(new SimFileSystem(disk, first, faults).TryLock("/d/lock"));
        Assert.Null(new SimFileSystem(disk, new SimProcess(), faults).TryLock("/d/lock"));
        first.Kill();
        Assert.NotNull(new SimFileSystem(disk, new SimProcess(), faults).TryLock("/d/lock"));
    }

    [Fact]
    public void A_doomed_process_ends_at_the_drawn_call_and_does_nothing_more()
    {
        var disk = NewDisk(seed: 1, strict: true);
        var process = new SimProcess();
        var files = new SimFileSystem(disk, process, new DiskFaults(new SimRandom(1), new FaultTable()));
        files.CreateDirectory("/d");
        process.Doom(1);

        using var file = files.Create("/d/a");
        Assert.Throws<SimulatedCrashException>(() => file.Write(0, Bytes));
        Assert.Throws<SimulatedCrashException>(file.Sync);
        Assert.Equal(0, disk.Find("/d/a")!.Length);
    }

    private static IEnumerable<SimDisk> Disks()
    {
        for (var seed = 0UL; seed < 20; seed++)
        {
            yield return NewDisk(seed, strict: seed % 2 == 0);
        }
    }

    private static SimDisk NewDisk(ulong seed, bool strict) => new(new SimRandom(seed), strict, new FaultTable());

    private static SimFileSystem Mount(SimDisk disk)
    {
        var faults = new DiskFaults(new SimRandom(1), new FaultTable());
        var files = new SimFileSystem(disk, new SimProcess(), faults);
        files.CreateDirectory("/d");
        return files;
    }
}
