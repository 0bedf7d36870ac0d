using System.Buffers;
using System.Text;

namespace Quorate.Mvcc.Tests;

/// <summary>docs/format/state.md, written beside the writes and read back in pieces.</summary>
public sealed class SnapshotTests
{
    [Fact]
    public void The_bytes_of_an_empty_state_are_those_of_the_format()
    {
        using var store = new StoreDriver();

        var expected = "51524D5354415445 0100 "
            + "04 6D657461 0100 28000000 "
            + "0000000000000000 0000000000000000 0100000000000000 0000000000000000 0000000000000000 00000000 "
            + "02 6B76 0100 00000000 "
            + "07 6D656D62657273 0100 00000000 "
            + "00";
        var bytes = StoreDriver.SnapshotOf(store.State);
        Assert.Equal(expected.Replace(" ", ""), Convert.ToHexString(bytes[..^4]));
        Assert.Equal(StateFormat.Checksum(0, bytes.AsSpan()[..^4]), BitConverter.ToUInt32(bytes.AsSpan()[^4..]));
    }

    [Fact]
    public void The_bytes_of_a_put_and_a_delete_are_those_of_the_format()
    {
        using var store = new StoreDriver();
        store.Put("k", "v1");
        store.Delete("k");

        var rows = "2C000000 0200000000000000 00000000 00 "
            + "0200000000000000 0100000000000000 0000000000000000 01000000 6B 7631"
            + "2A000000 0300000000000000 00000000 01 "
            + "0000000000000000 0000000000000000 0000000000000000 01000000 6B"
            + "00000000 07";
        Assert.Contains(rows.Replace(" ", ""), Convert.ToHexString(StoreDriver.SnapshotOf(store.State)));
    }

    [Fact]
    public void A_snapshot_written_beside_the_writes_is_the_state_at_its_beginning()
    {
        using var store = Filled(300);
        var expected = StoreDriver.SnapshotOf(store.State);
        var applied = store.State.Applied;
        using var snapshot = store.State.BeginSnapshot();
        var target = new ArrayBufferWriter<byte>();
        for (var i = 0; snapshot.WriteNext(target, 200); i++)
        {
            store.Put($"key{i % 400}", new string('x', 100));
            store.Apply(new CompactCommand());
            store.CompactFully();
        }

        Assert.Equal(applied, snapshot.Applied);
        Assert.Equal(expected, target.WrittenSpan.ToArray());
        Assert.False(snapshot.WriteNext(target, 200));
    }

    [Theory]
    [InlineData(1)]
    [InlineData(7)]
    [InlineData(4096)]
    public void Pieces_of_any_size_make_the_same_state(int pieceBytes)
    {
        using var store = Filled(50);
        var bytes = StoreDriver.SnapshotOf(store.State);

        using var loaded = StoreDriver.Load(bytes, pieceBytes);

        Assert.Equal(store.State.ToString(), loaded.ToString());
        Assert.Equal(bytes, StoreDriver.SnapshotOf(loaded, bytesMax: 1));
    }

    [Fact]
    public void A_loaded_state_goes_on_like_the_one_it_came_from()
    {
        using var store = Filled(50);
        store.Apply(new CompactCommand(store.State.CurrentRevision.Value - 10));
        using var loaded = new StoreDriver(StoreDriver.Load(StoreDriver.SnapshotOf(store.State)));

        foreach (var driver in new[] { store, loaded })
        {
            driver.Put("key1", "again");
            driver.Delete("key2");
            driver.Apply(new CompactCommand());
            driver.Put("key2", "back");
        }

        Assert.Equal(store.State.ToString(), loaded.State.ToString());
        Assert.Equal(StoreDriver.SnapshotOf(store.State), StoreDriver.SnapshotOf(loaded.State));
    }

    [Fact]
    public void A_snapshot_cut_anywhere_is_refused()
    {
        using var store = Filled(3);
        var bytes = StoreDriver.SnapshotOf(store.State);
        for (var cut = 0; cut < bytes.Length; cut++)
        {
            var refused = Assert.Throws<StateFormatException>(() => StoreDriver.Load(bytes.AsSpan(0, cut)));
            Assert.Contains("cut", refused.Message);
        }

        Assert.Throws<StateFormatException>(() => StoreDriver.Load([.. bytes, 0]));
    }

    [Fact]
    public void A_snapshot_with_any_bit_flipped_is_refused()
    {
        using var store = Filled(3);
        var bytes = StoreDriver.SnapshotOf(store.State);
        for (var bit = 0; bit < bytes.Length * 8; bit++)
        {
            var damaged = (byte[])bytes.Clone();
            damaged[bit / 8] ^= (byte)(1 << (bit % 8));
            Assert.Throws<StateFormatException>(() => StoreDriver.Load(damaged));
        }
    }

    [Theory]
    [InlineData("QRMSTATE", "QRMSTATF", "do not begin with QRMSTATE")]
    [InlineData("QRMSTATE\u0001", "QRMSTATE\u0002", "format version 2")]
    [InlineData("\u0002kv\u0001", "\u0002kv\u0007", "'kv' has version 7")]
    [InlineData("\u0002kv\u0001", "\u0002xy\u0003", "the table 'xy' of version 3, which this node does not know")]
    [InlineData("\u0002kv\u0001", "\u0004meta\u0001", "'meta' is not where it belongs")]
    public void What_is_not_known_is_named(string text, string other, string expected)
    {
        using var store = Filled(1);
        var bytes = Encoding.Latin1.GetString(StoreDriver.SnapshotOf(store.State)).Replace(text, other);

        var refused = Assert.Throws<StateFormatException>(() => StoreDriver.Load(Encoding.Latin1.GetBytes(bytes)));

        Assert.Contains(expected, refused.Message);
    }

    [Fact]
    public void A_row_too_long_to_be_true_is_refused_before_it_is_waited_for()
    {
        using var loader = new StateLoader(StoreDriver.Tiny);
        byte[] bytes = [.. "QRMSTATE"u8, 1, 0, 4, .. "meta"u8, 1, 0, 255, 255, 255, 127];

        var refused = Assert.Throws<StateFormatException>(() => loader.Feed(bytes));

        Assert.Contains("too long", refused.Message);
        Assert.Contains("before", Assert.Throws<StateFormatException>(() => loader.Feed([0])).Message);
        Assert.Throws<StateFormatException>(loader.Complete);
    }

    [Fact]
    public void A_loader_hands_over_once()
    {
        using var store = Filled(1);
        using var loader = new StateLoader(StoreDriver.Tiny);
        loader.Feed(StoreDriver.SnapshotOf(store.State));
        using var loaded = loader.Complete();

        Assert.Throws<ObjectDisposedException>(loader.Complete);
        loader.Dispose();
        Assert.Equal(store.State.Hash, loaded.Hash);
    }

    private static StoreDriver Filled(int keys)
    {
        var store = new StoreDriver();
        for (var i = 0; i < keys; i++)
        {
            store.Put($"key{i}", new string('v', i));
            store.Put($"key{i / 2}", "w");
        }

        store.Delete("key1");
        store.Gather(CommittedKind.ConfigChange, StoreDriver.Bytes("config"));
        store.Gather(new MemberPublishCommand(5, "five", ["http://five"]));
        store.Flush();
        return store;
    }
}
