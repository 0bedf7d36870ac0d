using Quorate.Raft;

namespace Quorate.Storage.Tests;

/// <summary>The disk of the machine that runs the tests.</summary>
public sealed class RealFileSystemTests : IDisposable
{
    private readonly string _root = Directory.CreateTempSubdirectory("quorate-").FullName;
    private readonly RealFileSystem _files = new();

    public void Dispose() => Directory.Delete(_root, recursive: true);

    [Fact]
    public void File_is_written_read_renamed_and_removed()
    {
        var path = PathOf("a");
        using (var file = _files.Create(path))
        {
            file.Write(0, "hello"u8);
            file.Write(5, new ReadOnlyMemory<byte>[] { " big"u8.ToArray(), " world"u8.ToArray() });
            file.Sync();
            Assert.Equal(15, file.Length);
        }

        _files.Rename(path, PathOf("b"));
        _files.SyncDirectory(_root);

        using (var file = _files.Open(PathOf("b"), writable: false))
        {
            var bytes = new byte[20];
            Assert.Equal(15, file.Read(0, bytes));
            Assert.Equal("hello big world", System.Text.Encoding.UTF8.GetString(bytes, 0, 15));
            Assert.Equal(0, file.Read(15, bytes));
        }

        Assert.Equal(["b"], _files.List(_root));
        _files.Delete(PathOf("b"));
        Assert.False(_files.FileExists(PathOf("b")));
    }

    [Fact]
    public void Faults_name_the_path()
    {
        _files.Create(PathOf("a")).Dispose();

        Assert.Contains(PathOf("a"), Assert.Throws<StorageException>(() => _files.Create(PathOf("a"))).Message);
        Assert.Equal(PathOf("b"), Assert.Throws<StorageException>(() => _files.Open(PathOf("b"), true)).Path);
        Assert.Throws<StorageException>(() => _files.List(PathOf("c")));
        Assert.Throws<StorageException>(() => _files.Rename(PathOf("d"), PathOf("e")));
    }

    [Fact]
    public void Directory_is_for_its_owner_only()
    {
        var path = PathOf("outer/inner");

        _files.CreateDirectory(path);
        _files.CreateDirectory(path);

        Assert.True(Directory.Exists(path));
        if (!OperatingSystem.IsWindows())
        {
            const UnixFileMode owner = UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute;
            Assert.Equal(owner, File.GetUnixFileMode(path));
            Assert.Equal(owner, File.GetUnixFileMode(PathOf("outer")));
        }
    }

    [Fact]
    public void Lock_is_held_until_it_is_released()
    {
        var first = _files.TryLock(PathOf("lock"));
        Assert.NotNull(first);

        Assert.Null(_files.TryLock(PathOf("lock")));
        first.Dispose();

        using var again = _files.TryLock(PathOf("lock"));
        Assert.NotNull(again);
    }

    [Fact]
    public void Full_device_is_told_as_such()
    {
        // Linux has a device that is always full; elsewhere the mapping alone is tested.
        if (OperatingSystem.IsLinux())
        {
            using var full = _files.Open("/dev/full", writable: true);
            Assert.Throws<DiskFullException>(() => full.Write(0, new byte[10]));
        }
    }

    [Fact]
    public void Log_snapshots_and_directory_work_on_it()
    {
        var path = PathOf("n1.quorate");
        var identity = new DirectoryIdentity(1, new NodeId(2), new UInt128(4, 4), "n1");
        var (header, record) = WalHarness.Record(WalHarness.Id(1, 1), 300);
        var batch = new WalBatch();
        batch.Begin(new WriteId(1), new HardState(new Term(1), new NodeId(2)));
        batch.Add(header, record);
        var options = new WalOptions { SegmentBytes = 65_536 };
        var start = new DirectoryStart { Log = options, FirstFrame = batch };
        using (var directory = DataDirectory.Create(_files, path, identity, start))
        {
            Assert.Throws<IdentityException>(() => DataDirectory.Open(_files, path));
            using var wal = directory.OpenLog(options);
            while (wal.PumpBackground())
            {
            }
        }

        using var again = DataDirectory.Open(_files, path);
        using (var reopened = again.OpenLog(options))
        {
            Assert.Equal("t1 vote=n2 log=(0@0)..1@1", reopened.Recovered.ToString());
        }

        var snapshots = again.OpenSnapshots();
        using (var writer = snapshots.Create(WalHarness.Snapshot(1, 1)))
        {
            writer.Append(new byte[100_000]);
            writer.Complete();
        }

        using (var reader = snapshots.OpenNewest()!)
        {
            Assert.Equal(100_000, reader.ContentLength);
        }

        again.TakeOver(3, new NodeId(4), "n2", options);
        Assert.Equal(
            ["identity", "lock", "snapshots-2", "wal-2"],
            Directory.GetFileSystemEntries(path).Select(Path.GetFileName).Order(StringComparer.Ordinal));
        using var empty = again.OpenLog(options);
        Assert.Equal(EntryId.Zero, empty.Recovered.Mark);
    }

    private string PathOf(string name) => Path.Join(_root, name);
}
