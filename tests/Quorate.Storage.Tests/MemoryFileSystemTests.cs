using Quorate.Raft;

namespace Quorate.Storage.Tests;

public sealed class MemoryFileSystemTests
{
    private readonly MemoryFileSystem _files = new();

    [Fact]
    public void Directory_with_log_and_snapshots_works_in_it()
    {
        var options = new WalOptions { SegmentBytes = 1 << 20 };
        var identity = new DirectoryIdentity(1, new NodeId(2), 3, "n1");
        using (var directory = DataDirectory.Create(_files, "/a/data", identity, new DirectoryStart { Log = options }))
        {
            Assert.Throws<IdentityException>(() => DataDirectory.Open(_files, "/a/data"));
            using var wal = directory.OpenLog(options);
            var batch = new WalBatch();
            batch.Begin(new WriteId(1), new HardState(new Term(1), new NodeId(2)));
            var (header, record) = WalHarness.Record(WalHarness.Id(1, 1), 300_000);
            batch.Add(header, record);
            Assert.True(wal.TryFrame(batch, out var write));
            DiskWrite.Run(write!);
            wal.Written(write!);
        }

        using var again = DataDirectory.Open(_files, "/a/data");
        using (var wal = again.OpenLog(options))
        {
            Assert.Equal("t1 vote=n2 log=(0@0)..1@1", wal.Recovered.ToString());
        }

        again.TakeOver(4, new NodeId(5), "n2", options);
        Assert.Equal(["identity", "snapshots-2", "wal-2"], _files.List("/a/data"));
        Assert.Equal(["data"], _files.List("/a"));
    }

    [Fact]
    public void File_reads_what_a_plain_array_reads()
    {
        _files.CreateDirectory("d");
        using var file = _files.Create("d/f");
        var twin = Array.Empty<byte>();
        var random = new Random(7);
        for (var i = 0; i < 500; i++)
        {
            var offset = random.Next(300_000);
            if (random.Next(20) == 0)
            {
                file.SetLength(offset);
                Array.Resize(ref twin, offset);
                continue;
            }

            var bytes = new byte[random.Next(1, 100_000)];
            if (random.Next(3) > 0)
            {
                random.NextBytes(bytes);
            }

            file.Write(offset, [bytes.AsMemory(0, bytes.Length / 2), bytes.AsMemory(bytes.Length / 2)]);
            Array.Resize(ref twin, Math.Max(twin.Length, offset + bytes.Length));
            bytes.CopyTo(twin, offset);
            var read = new byte[twin.Length + 10];
            Assert.Equal(twin.Length, file.Read(0, read));
            Assert.True(read.AsSpan(0, twin.Length).SequenceEqual(twin));
        }

        Assert.Equal(twin.Length, file.Length);
    }

    [Fact]
    public void Zeros_take_no_memory()
    {
        _files.CreateDirectory("d");
        using var file = _files.Create("d/f");
        file.Write(0, new byte[1 << 20]);
        Assert.Equal(0, _files.Bytes);

        file.Write(500_000, new byte[] { 1 });

        Assert.Equal(64 * 1024, _files.Bytes);
        var read = new byte[3];
        Assert.Equal(3, file.Read(499_999, read));
        Assert.Equal([0, 1, 0], read);
    }

    [Fact]
    public void Wrong_calls_are_refused_as_on_a_disk()
    {
        _files.CreateDirectory("d");
        _files.Create("d/f").Dispose();

        Assert.Throws<StorageException>(() => _files.Create("d/f"));
        Assert.Throws<StorageException>(() => _files.Create("e/f"));
        Assert.Throws<StorageException>(() => _files.Open("d/g", writable: true));
        Assert.Throws<StorageException>(() => _files.Delete("d/g"));
        Assert.Throws<StorageException>(() => _files.Rename("d/g", "d/h"));
        Assert.Throws<StorageException>(() => _files.List("e"));
        Assert.Throws<StorageException>(() => _files.DeleteDirectory("d"));
        using (Assert.IsAssignableFrom<IDisposable>(_files.TryLock("d/lock")))
        {
            Assert.Null(_files.TryLock("d/lock"));
        }

        _files.Rename("d/f", "d/g");
        _files.Delete("d/g");
        _files.DeleteDirectory("d");
        Assert.Throws<StorageException>(() => _files.List("d"));
    }
}
