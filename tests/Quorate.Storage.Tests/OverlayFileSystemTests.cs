using Quorate.Raft;

namespace Quorate.Storage.Tests;

public sealed class OverlayFileSystemTests
{
    private static readonly WalOptions Options = new() { SegmentBytes = 4096 };
    private readonly CrashingFileSystem _below = new();

    [Fact]
    public void Directory_is_read_as_it_is_and_not_a_byte_of_it_changes()
    {
        MakeDirectory();
        _below.Create("data/peers.tmp").Dispose();
        _below.Create("data/wal-2/slots").Dispose();
        _below.Create("data/snapshots/x.tmp").Dispose();
        var before = Contents();
        var calls = _below.Calls;

        using (var directory = DataDirectory.Open(new OverlayFileSystem(_below), "data"))
        {
            using var wal = directory.OpenLog(Options);
            Assert.Equal("t2 vote=n7 log=(0@0)..3@2", wal.Recovered.ToString());
            Assert.Empty(directory.OpenSnapshots().List());
            directory.TakeOver(42, new NodeId(8), "given", Options);
            Assert.Equal("data/wal-2", directory.WalPath);
            directory.OpenLog(Options).Dispose();
        }

        Assert.Equal(calls, _below.Calls);
        Assert.Equal(before, Contents());
        using var again = DataDirectory.Open(_below, "data");
        Assert.Equal("n1", again.Identity.Name);
    }

    [Fact]
    public void Directory_in_use_is_locked_for_the_overlay_too()
    {
        MakeDirectory();
        _below.Create("data/lock").Dispose();
        var overlay = new OverlayFileSystem(_below);

        using (DataDirectory.Open(_below, "data"))
        {
            Assert.True(Assert.Throws<IdentityException>(() => DataDirectory.Open(overlay, "data")).IsInUse);
        }

        using (DataDirectory.Open(overlay, "data"))
        {
            Assert.True(Assert.Throws<IdentityException>(() => DataDirectory.Open(_below, "data")).IsInUse);
        }
    }

    [Fact]
    public void Damage_is_found_through_it()
    {
        MakeDirectory();
        _below.Flip("data/wal/slots", 20);
        _below.Flip("data/wal/slots", 532);
        using var directory = DataDirectory.Open(new OverlayFileSystem(_below), "data");

        Assert.Throws<DamageException>(() => directory.OpenLog(Options));
    }

    [Fact]
    public void Changes_are_seen_by_those_who_made_them_and_by_handles_opened_before()
    {
        Put("d/a", [1, 2, 3]);
        Put("d/b", [4]);
        var overlay = new OverlayFileSystem(_below);
        using var early = overlay.Open("d/a", writable: false);
        using (var file = overlay.Open("d/a", writable: true))
        {
            file.Write(1, [9]);
            file.Write(4, [new byte[] { 7 }, new byte[] { 8 }]);
        }

        Assert.Equal(6, early.Length);
        overlay.Rename("d/a", "d/c");
        overlay.Delete("d/b");
        overlay.Create("d/new").Dispose();
        overlay.CreateDirectory("d/sub");
        overlay.Create("d/sub/x").Dispose();

        Assert.Equal(["c", "new", "sub"], overlay.List("d"));
        Assert.Equal(["x"], overlay.List("d/sub"));
        Assert.Equal([1, 9, 3, 0, 7, 8], Read(overlay, "d/c"));
        Assert.False(overlay.FileExists("d/a"));
        Assert.False(overlay.FileExists("d/b"));
        Assert.Throws<StorageException>(() => overlay.Open("d/b", writable: false));
        Assert.Throws<StorageException>(() => overlay.Delete("d/b"));
        Assert.Throws<StorageException>(() => overlay.Create("d/c"));
        Assert.Throws<StorageException>(() => overlay.DeleteDirectory("d/sub"));
        overlay.Delete("d/sub/x");
        overlay.DeleteDirectory("d/sub");
        Assert.Equal(["c", "new"], overlay.List("d"));
        Assert.Equal([1, 2, 3], _below.Content("d/a"));
        Assert.Equal([4], _below.Content("d/b"));
    }

    private void MakeDirectory()
    {
        var batch = new WalBatch();
        batch.Begin(new WriteId(1), new HardState(new Term(2), new NodeId(7)));
        for (ulong i = 1; i <= 3; i++)
        {
            var (header, record) = WalHarness.Record(WalHarness.Id(i, 2));
            batch.Add(header, record);
        }

        var identity = new DirectoryIdentity(0, new NodeId(7), new UInt128(1, 2), "n1");
        DataDirectory.Create(
            _below, "data", identity, new DirectoryStart { Log = Options, FirstFrame = batch }).Dispose();
    }

    private void Put(string path, byte[] bytes)
    {
        using var file = _below.Create(path);
        file.Write(0, bytes);
    }

    private static byte[] Read(OverlayFileSystem files, string path)
    {
        using var file = files.Open(path, writable: false);
        var bytes = new byte[file.Length];
        Assert.Equal(bytes.Length, file.Read(0, bytes));
        return bytes;
    }

    private List<string> Contents() =>
        [.. _below.Paths.Select(path => $"{path} {Convert.ToHexString(_below.Content(path))}")];
}
