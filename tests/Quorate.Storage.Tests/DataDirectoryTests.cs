using Quorate.Raft;

namespace Quorate.Storage.Tests;

public sealed class DataDirectoryTests
{
    private readonly CrashingFileSystem _disk = new();

    [Fact]
    public void Identity_comes_back()
    {
        var identity = new DirectoryIdentity(42, new NodeId(7), new UInt128(1, 2), "näme")
        {
            Alias = "älias",
            Token = "töken",
        };
        DataDirectory.Create(_disk, "data", identity, Start()).Dispose();

        using var directory = DataDirectory.Open(_disk, "data");

        Assert.Equal(identity, directory.Identity);
        Assert.Equal("data/wal", directory.WalPath);
        Assert.Equal("data/snapshots", directory.SnapshotPath);
        Assert.Empty(directory.Peers);
        Assert.Null(directory.Recovery);
        Assert.Empty(directory.TakeFacts());
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

    [Theory]
    [InlineData("n1", "", "n1", true)]
    [InlineData("n1", "made", "n1", true)]
    [InlineData("n1", "made", "made", true)]
    [InlineData("n1", "made", "other", false)]
    [InlineData("n1", "", "", false)]
    public void A_member_goes_by_its_name_and_by_the_one_it_was_made_with(
        string name, string alias, string asked, bool expected)
    {
        var identity = new DirectoryIdentity(42, new NodeId(7), 1, name) { Alias = alias };

        Assert.Equal(expected, identity.IsNamed(asked));
    }

    [Fact]
    public void A_name_that_clusters_give_keeps_the_first_one_as_alias()
    {
        var made = new DirectoryIdentity(1, new NodeId(1), 9, "made") { Token = "t" };

        var first = made.TakenOver(2, new NodeId(2), "second");
        var again = first.TakenOver(3, new NodeId(3), "third");
        var back = first.TakenOver(3, new NodeId(3), "made");

        Assert.Equal(new DirectoryIdentity(2, new NodeId(2), 9, "second") { Alias = "made" }, first);
        Assert.Equal("made", again.Alias);
        Assert.Equal("", back.Alias);
    }

    [Fact]
    public void A_new_log_holds_its_first_frame_and_is_not_taken_for_a_lost_one()
    {
        Create().Dispose();

        using var directory = DataDirectory.Open(_disk, "data");
        using var wal = directory.OpenLog(Options);

        Assert.True(wal.Recovered.HasFrames);
        Assert.Equal(EntryId.Zero, wal.Recovered.Mark);
        Assert.Equal(default, wal.Recovered.HardState);
    }

    [Theory]
    [InlineData("segments")]
    [InlineData("all")]
    [InlineData("zeros")]
    public void A_log_that_is_gone_is_damage(string what)
    {
        Create().Dispose();
        var first = Assert.Single(_disk.Paths, path => path.EndsWith(".wal", StringComparison.Ordinal));
        if (what == "zeros")
        {
            _disk.Damage(first, 512, new byte[4096 - 512]);
        }
        else
        {
            _disk.Delete(first);
        }

        if (what == "all")
        {
            _disk.Delete("data/wal/slots");
        }

        using var directory = DataDirectory.Open(_disk, "data");
        for (var i = 0; i < 2; i++)
        {
            var fault = Assert.Throws<DamageException>(() => directory.OpenLog(Options));
            Assert.Contains("the log is gone", fault.Message);
        }
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
    public void Lost_identity_is_damage_and_not_an_empty_place()
    {
        Create().Dispose();
        _disk.Delete("data/identity");

        Assert.Contains(
            "it is missing, but wal is not empty",
            Assert.Throws<DamageException>(() => DataDirectory.Open(_disk, "data")).Message);
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
        Create().Dispose();
        _disk.Delete("data/identity");

        Assert.Throws<DamageException>(Create);
    }

    [Fact]
    public void Log_of_a_later_life_without_identity_is_damage()
    {
        using (var directory = Create())
        {
            directory.TakeOver(43, new NodeId(8), "n8", Options);
        }

        _disk.Delete("data/identity");

        Assert.Throws<DamageException>(Create);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void Crash_while_it_is_made_leaves_a_whole_one_or_none(bool keepsCache)
    {
        var (made, begun) = (0, 0);
        for (var calls = 0; ; calls++)
        {
            var disk = new CrashingFileSystem { CallsUntilCrash = calls };
            var crashed = Record.Exception(() => Create(disk)) is CrashException;
            Crash(disk, keepsCache);

            var whole = DataDirectory.Exists(disk, "data");
            using (var directory = whole ? DataDirectory.Open(disk, "data") : Create(disk))
            {
                directory.OpenLog(Options).Dispose();
                directory.OpenSnapshots();
            }

            Assert.False(disk.FileExists("data/unfinished"));
            if (!crashed)
            {
                Assert.True(made > 0 && begun > 5);
                return;
            }

            made += whole ? 1 : 0;
            begun += whole ? 0 : 1;
        }
    }

    [Fact]
    public void What_a_crash_left_is_removed_and_what_is_not_ours_is_told_and_stays()
    {
        Create().Dispose();
        string[] names = ["identity.tmp", "peers.tmp", "peers-3", "wal-2/x", "mine", "wal-02/y", "lock.tmp"];
        foreach (var name in names)
        {
            _disk.Create($"data/{name}").Dispose();
        }

        using var directory = DataDirectory.Open(_disk, "data");

        Assert.Equal(
            ["data/identity", "data/lock.tmp", "data/mine", "data/wal-02/y", "data/wal/0000000000000001.wal",
                "data/wal/slots"],
            _disk.Paths.Order(StringComparer.Ordinal));
        Assert.Equal(
            ["data/lock.tmp", "data/mine", "data/wal-02"],
            directory.TakeFacts().OfType<StorageFact.UnknownFile>().Select(fact => fact.Path));
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

    private static WalOptions Options => new() { SegmentBytes = 4096 };

    private static DirectoryStart Start() => new() { Log = Options };

    private static void Crash(CrashingFileSystem disk, bool keepsCache)
    {
        if (keepsCache)
        {
            disk.Kill();
        }
        else
        {
            disk.Crash();
        }
    }

    private static DataDirectory Create(CrashingFileSystem disk) => DataDirectory.Create(
        disk, "data", new DirectoryIdentity(42, new NodeId(7), new UInt128(1, 2), "näme"), Start());

    private DataDirectory Create() => Create(_disk);
}
