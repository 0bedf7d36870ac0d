using Quorate.Raft;

namespace Quorate.Storage.Tests;

public sealed class DataDirectoryTests
{
    private readonly MemoryFileSystem _disk = new();

    [Fact]
    public void Identity_comes_back()
    {
        Create().Dispose();

        using var directory = DataDirectory.Open(_disk, "data");

        Assert.Equal(new DirectoryIdentity(42, new NodeId(7), new UInt128(1, 2), "näme"), directory.Identity);
        Assert.Equal("data/wal", directory.WalPath);
        Assert.Equal("data/snapshots", directory.SnapshotPath);
        Assert.Empty(directory.Peers);
        directory.Expect(42, new NodeId(7));
    }

    [Fact]
    public void Second_user_is_refused_until_the_first_has_ended()
    {
        var first = Create();

        var fault = Assert.Throws<IdentityException>(() => DataDirectory.Open(_disk, "data"));
        Assert.StartsWith("data is in use by another process", fault.Message);

        first.Dispose();
        DataDirectory.Open(_disk, "data").Dispose();
    }

    [Fact]
    public void Another_member_or_cluster_is_refused_by_name()
    {
        using var directory = Create();

        var fault = Assert.Throws<IdentityException>(() => directory.Expect(42, new NodeId(8)));

        Assert.Equal(
            "data belongs to \"näme\" (n7) of cluster 0000000000000000000000000000002a, not to n8 of cluster "
            + "0000000000000000000000000000002a: start with the settings it was made with, "
            + "or use another data directory.",
            fault.Message);
        Assert.Throws<IdentityException>(() => directory.Expect(43, new NodeId(7)));
    }

    [Fact]
    public void Newer_format_is_refused_as_such_and_a_flipped_byte_is_damage()
    {
        Create().Dispose();
        var length = _disk.Content("data/identity").Length;
        for (var offset = 0; offset < length; offset++)
        {
            _disk.Flip("data/identity", offset);
            var fault = Assert.ThrowsAny<StorageException>(() => DataDirectory.Open(_disk, "data"));
            Assert.Equal(offset is >= 8 and < 12, fault is IdentityException);
            _disk.Flip("data/identity", offset);
        }

        DataDirectory.Open(_disk, "data").Dispose();
    }

    [Fact]
    public void Directory_without_identity_is_none()
    {
        Assert.False(DataDirectory.Exists(_disk, "data"));
        Assert.Throws<IdentityException>(() => DataDirectory.Open(_disk, "data"));
    }

    [Fact]
    public void Making_one_twice_is_refused()
    {
        Create().Dispose();

        Assert.Throws<IdentityException>(Create);
    }

    [Fact]
    public void Log_without_identity_is_damage()
    {
        _disk.Create("data/wal/0000000000000001.wal");

        Assert.Throws<DamageException>(Create);
    }

    [Fact]
    public void Crash_while_it_is_made_leaves_a_whole_one_or_none()
    {
        for (var calls = 0; ; calls++)
        {
            var disk = new MemoryFileSystem { CallsUntilCrash = calls };
            var crashed = Record.Exception(() => Create(disk)) is CrashException;
            disk.Crash();

            (DataDirectory.Exists(disk, "data") ? DataDirectory.Open(disk, "data") : Create(disk)).Dispose();
            if (!crashed)
            {
                return;
            }
        }
    }

    [Fact]
    public void Peers_are_noted_durably_and_replaced_by_member()
    {
        using (var directory = Create())
        {
            directory.NotePeer(new PeerNote(new NodeId(9), 1));
            directory.NotePeer(new PeerNote(new NodeId(8), 2));
            directory.NotePeer(new PeerNote(new NodeId(9), 3));
        }

        _disk.Crash();

        using var again = DataDirectory.Open(_disk, "data");
        Assert.Equal([new PeerNote(new NodeId(8), 2), new PeerNote(new NodeId(9), 3)], again.Peers);
    }

    [Fact]
    public void Notes_with_any_byte_flipped_are_damage()
    {
        using (var directory = Create())
        {
            directory.NotePeer(new PeerNote(new NodeId(9), 1));
        }

        for (var offset = 0; offset < _disk.Content("data/peers").Length; offset++)
        {
            _disk.Flip("data/peers", offset);
            Assert.Throws<DamageException>(() => DataDirectory.Open(_disk, "data"));
            _disk.Flip("data/peers", offset);
        }
    }

    private static DataDirectory Create(MemoryFileSystem disk) =>
        DataDirectory.Create(disk, "data", 42, new NodeId(7), "näme", new Counter());

    private DataDirectory Create() => Create(_disk);

    private sealed class Counter : IRandomSource
    {
        private ulong _next;

        public ulong Next() => ++_next;
    }
}
