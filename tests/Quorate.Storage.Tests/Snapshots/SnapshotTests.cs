using Quorate.Raft;

namespace Quorate.Storage.Tests;

public sealed class SnapshotTests
{
    private const string Path = "data/snapshots";

    private readonly CrashingFileSystem _disk = new();

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(65_536)]
    [InlineData(65_537)]
    [InlineData(200_000)]
    public void Content_comes_back(int length)
    {
        var content = Content(length);
        Take(Open(), WalHarness.Snapshot(10, 2), content);
        var snapshots = Open();

        using var reader = snapshots.OpenNewest()!;

        Assert.Equal([WalHarness.Snapshot(10, 2)], snapshots.List());
        Assert.Equal(WalHarness.Snapshot(10, 2), reader.Metadata);
        Assert.Equal(length, reader.ContentLength);
        Assert.Equal(content, ReadAll(reader));
        for (var offset = 0; offset < length; offset += 9_999)
        {
            var target = new byte[70_000];
            var read = reader.ReadAt(offset, target);
            Assert.Equal(Math.Min(70_000, length - offset), read);
            Assert.True(target.AsSpan(0, read).SequenceEqual(content.AsSpan(offset, read)));
        }
    }

    [Fact]
    public void Snapshot_is_there_after_a_crash_once_completed_and_never_before()
    {
        for (var calls = 0; ; calls++)
        {
            var disk = new CrashingFileSystem();
            Take(Open(disk), WalHarness.Snapshot(5, 1), Content(100));
            disk.CallsUntilCrash = disk.Calls + calls;
            var crashed = Record.Exception(
                () => Take(Open(disk), WalHarness.Snapshot(9, 1), Content(70_000))) is CrashException;
            disk.Crash();

            using var reader = Open(disk).OpenNewest()!;

            Assert.Equal(crashed ? 5ul : 9, reader.Metadata.Last.Index.Value);
            if (!crashed)
            {
                Assert.True(calls >= 6);
                return;
            }
        }
    }

    [Fact]
    public void Name_that_a_killed_process_left_unsynced_is_made_durable()
    {
        var snapshots = Open();
        var writer = snapshots.Create(WalHarness.Snapshot(3, 1));
        writer.Append(Content(10));
        _disk.CallsUntilCrash = _disk.Calls + 4;
        Assert.Throws<CrashException>(writer.Complete);

        _disk.Kill();
        writer.Dispose();
        Open();
        _disk.Crash();

        Assert.Single(Open().List());
    }

    [Fact]
    public void Snapshot_without_completion_leaves_nothing()
    {
        var snapshots = Open();
        using (var writer = snapshots.Create(WalHarness.Snapshot(3, 1)))
        {
            writer.Append(Content(100_000));
            Assert.Equal(100_000, writer.BytesWritten);
        }

        Assert.Empty(_disk.Paths);
        Assert.Null(snapshots.OpenNewest());
    }

    [Fact]
    public void Unfinished_files_are_removed_and_unknown_ones_left()
    {
        _disk.Create($"{Path}/{SnapshotFormat.NameOf(WalHarness.Id(3, 1))}.1.tmp");
        _disk.Create($"{Path}/notes.txt");

        var facts = Open().TakeFacts().Select(fact => fact.ToString());

        Assert.Equal(
            [$"unfinished {Path}/0000000000000003-0000000000000001.snap.1.tmp removed",
             $"unknown file {Path}/notes.txt left alone"],
            facts);
    }

    [Fact]
    public void Snapshot_cut_at_any_byte_is_passed_over_for_the_older_one()
    {
        var name = Path + "/" + SnapshotFormat.NameOf(WalHarness.Id(9, 1));
        Take(Open(), WalHarness.Snapshot(5, 1), Content(10));
        Take(Open(), WalHarness.Snapshot(9, 1), Content(300));
        var whole = _disk.Content(name).Length;

        for (var cut = 0; cut < whole; cut++)
        {
            var disk = _disk.Copy();
            disk.Cut(name, cut);
            var snapshots = Open(disk);

            using var reader = snapshots.OpenNewest()!;

            Assert.Equal(5ul, reader.Metadata.Last.Index.Value);
            Assert.Contains(snapshots.TakeFacts(), fact => fact is StorageFact.SnapshotSkipped);
        }
    }

    [Fact]
    public void Snapshot_with_any_byte_flipped_is_passed_over_for_the_older_one()
    {
        var name = Path + "/" + SnapshotFormat.NameOf(WalHarness.Id(9, 1));
        Take(Open(), WalHarness.Snapshot(5, 1), Content(10));
        Take(Open(), WalHarness.Snapshot(9, 1), Content(300));
        var whole = _disk.Content(name).Length;

        for (var offset = 0; offset < whole; offset++)
        {
            _disk.Flip(name, offset);
            using var reader = Open().OpenNewest()!;
            Assert.Equal(5ul, reader.Metadata.Last.Index.Value);
            _disk.Flip(name, offset);
        }
    }

    [Fact]
    public void Damaged_block_is_told_when_it_is_read()
    {
        var snapshots = Open();
        Take(snapshots, WalHarness.Snapshot(9, 1), Content(200_000));
        _disk.Flip(Path + "/" + SnapshotFormat.NameOf(WalHarness.Id(9, 1)), 150_000);

        using var reader = snapshots.Open(WalHarness.Id(9, 1))!;

        Assert.Equal(65_536, reader.ReadNext(new byte[65_536]));
        Assert.Throws<DamageException>(() => ReadAll(reader));
        Assert.Null(snapshots.OpenNewest());
    }

    [Fact]
    public void Only_the_newest_few_are_kept()
    {
        var snapshots = Open();
        for (ulong index = 1; index <= 5; index++)
        {
            Take(snapshots, WalHarness.Snapshot(index, 1), Content(10));
        }

        snapshots.Retain(3, new LogIndex(ulong.MaxValue));
        _disk.Crash();

        Assert.Equal([5, 4, 3], snapshots.List().Select(snapshot => snapshot.Last.Index.Value));
        Assert.Equal([5, 4, 3], Open().List().Select(snapshot => snapshot.Last.Index.Value));
        Assert.Null(snapshots.Open(WalHarness.Id(1, 1)));
    }

    [Fact]
    public void Later_ones_than_the_state_are_neither_counted_nor_removed()
    {
        var snapshots = Open();
        for (ulong index = 1; index <= 5; index++)
        {
            Take(snapshots, WalHarness.Snapshot(index, 1), Content(10));
        }

        snapshots.Retain(1, new LogIndex(3));

        Assert.Equal([5, 4, 3], snapshots.List().Select(snapshot => snapshot.Last.Index.Value));
        Assert.Equal([5, 4, 3], Open().List().Select(snapshot => snapshot.Last.Index.Value));
    }

    [Fact]
    public void Full_disk_is_told_and_leaves_nothing()
    {
        var snapshots = Open();
        _disk.Room = 100_000;

        Assert.Throws<DiskFullException>(() => Take(snapshots, WalHarness.Snapshot(5, 1), Content(200_000)));

        Assert.Empty(_disk.Paths);
        _disk.Room = long.MaxValue;
        Take(snapshots, WalHarness.Snapshot(5, 1), Content(200_000));
        Assert.Single(snapshots.List());
    }

    [Fact]
    public void Snapshot_of_another_directory_is_passed_over()
    {
        Take(Open(), WalHarness.Snapshot(5, 1), Content(10));
        var other = SnapshotDirectory.Open(_disk, Path, WalHarness.Identity with { Member = new NodeId(9) });

        Assert.Empty(other.List());
        Assert.Contains("belongs to n3 of cluster", other.TakeFacts()[0].ToString());
    }

    private static byte[] Content(int length)
    {
        var content = new byte[length];
        new Random(length).NextBytes(content);
        return content;
    }

    private static void Take(SnapshotDirectory snapshots, SnapshotMetadata metadata, byte[] content)
    {
        using var writer = snapshots.Create(metadata);
        foreach (var piece in content.Chunk(50_000))
        {
            writer.Append(piece);
        }

        writer.Complete();
    }

    private static byte[] ReadAll(SnapshotReader reader)
    {
        var all = new List<byte>();
        var buffer = new byte[30_000];
        int read;
        while ((read = reader.ReadNext(buffer)) > 0)
        {
            all.AddRange(buffer.AsSpan(0, read).ToArray());
        }

        return [.. all];
    }

    private static SnapshotDirectory Open(CrashingFileSystem disk) =>
        SnapshotDirectory.Open(disk, Path, WalHarness.Identity);

    private SnapshotDirectory Open() => Open(_disk);
}
