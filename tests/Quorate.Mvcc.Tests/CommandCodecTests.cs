using System.Buffers;
using FsCheck;
using FsCheck.Fluent;

namespace Quorate.Mvcc.Tests;

/// <summary>docs/format/commands.md, byte by byte.</summary>
public sealed class CommandCodecTests
{
    private static readonly TxnCommand Everything = new(
        [
            new TxnCompare(Bytes("k"), default, CompareTarget.Version, CompareRelation.Greater, 5),
            new TxnCompare(Bytes("k"), Bytes("z"), CompareTarget.Value, CompareRelation.NotEqual, 0, Bytes("v")),
        ],
        [
            new TxnOperation.Put(new PutCommand(Bytes("a"), Bytes("1"), 3, PrevKv: true)),
            new TxnOperation.Range(new RangeQuery(Bytes("a"), Bytes("b"))
            {
                Revision = 1, Limit = 2, MinModRevision = 3, MaxModRevision = 4, MinCreateRevision = 5,
                MaxCreateRevision = 6, KeysOnly = true, Order = SortOrder.Descend, OrderBy = SortTarget.Value,
            }),
        ],
        [
            new TxnOperation.Txn(new TxnCommand(
                [], [new TxnOperation.DeleteRange(new DeleteRangeCommand(Bytes("x"), KeyRange.FromKey))], [])),
        ]);

    public static TheoryData<string, string> Layouts => new()
    {
        { "put", "01 01 04 0700000000000000 01000000 02000000 6B 7631" },
        { "delete", "01 02 00 01000000 01000000 6B 7A" },
        { "txn", "01 03 01000000 01000000 00000000 "
            + "02 03 0900000000000000 01000000 00000000 00000000 6B "
            + "02 0A000000 00 01000000 00000000 6B" },
        { "compact", "01 04 2A00000000000000" },
        { "publish", "01 05 0900000000000000 0200 6E31 0100 0300 753A31" },
    };

    [Theory]
    [MemberData(nameof(Layouts))]
    public void Bytes_are_those_of_the_format(string name, string layout)
    {
        Command command = name switch
        {
            "put" => new PutCommand(Bytes("k"), Bytes("v1"), Lease: 7, PrevKv: true),
            "delete" => new DeleteRangeCommand(Bytes("k"), Bytes("z")),
            "txn" => new TxnCommand(
                [new TxnCompare(Bytes("k"), default, CompareTarget.ModRevision, CompareRelation.NotEqual, 9)],
                [new TxnOperation.DeleteRange(new DeleteRangeCommand(Bytes("k")))],
                []),
            "compact" => new CompactCommand(42),
            _ => new MemberPublishCommand(9, "n1", ["u:1"]),
        };

        Assert.Equal(layout.Replace(" ", ""), Convert.ToHexString(CommandCodec.ToBytes(command)));
    }

    [Fact]
    public void Whatever_is_written_is_read_again() =>
        Prop.ForAll<byte[]>(program =>
        {
            var maker = new CommandMaker(program);
            while (!maker.IsDone)
            {
                var bytes = CommandCodec.ToBytes(maker.Command(revision: 5));
                Assert.True(CommandCodec.TryRead(bytes.AsSpan(), out var read, out _));
                Assert.Equal(bytes, CommandCodec.ToBytes(read));
            }
        }).Check(Config.QuickThrowOnFailure.WithMaxTest(200).WithEndSize(300));

    [Fact]
    public void A_transaction_with_everything_in_it_is_read_as_it_was_written()
    {
        Assert.True(CommandCodec.TryRead(CommandCodec.ToBytes(Everything).AsMemory(), out var read, out _));

        var txn = Assert.IsType<TxnCommand>(read);
        Assert.Equal([CompareRelation.Greater, CompareRelation.NotEqual], txn.Compares.Select(c => c.Relation));
        var put = Assert.IsType<TxnOperation.Put>(txn.Success[0]).Command;
        Assert.Equal((3L, true, false, false), (put.Lease, put.PrevKv, put.IgnoreValue, put.IgnoreLease));
        var query = Assert.IsType<TxnOperation.Range>(txn.Success[1]).Query;
        Assert.Equal("b", TwinStore.Text(query.RangeEnd));
        Assert.Equal(
            query with { Key = default, RangeEnd = default },
            new RangeQuery
            {
                Revision = 1, Limit = 2, MinModRevision = 3, MaxModRevision = 4, MinCreateRevision = 5,
                MaxCreateRevision = 6, KeysOnly = true, Order = SortOrder.Descend, OrderBy = SortTarget.Value,
            });
        Assert.IsType<TxnOperation.Txn>(txn.Failure[0]);
    }

    [Fact]
    public void A_command_cut_anywhere_is_not_read()
    {
        Command[] commands =
        [
            Everything,
            new PutCommand(Bytes("key"), Bytes("value")),
            new DeleteRangeCommand(Bytes("key"), Bytes("end")),
            new CompactCommand(1),
            new MemberPublishCommand(1, "name", ["http://a", "http://b"]),
        ];
        foreach (var whole in commands.Select(CommandCodec.ToBytes))
        {
            for (var cut = 0; cut < whole.Length; cut++)
            {
                Assert.False(CommandCodec.TryRead(whole.AsSpan(0, cut), out _, out var error));
                Assert.NotEmpty(error);
            }

            Assert.False(CommandCodec.TryRead([.. whole, 0], out _, out _));
        }
    }

    [Fact]
    public void Random_bytes_are_refused_or_unknown_and_nothing_worse()
    {
        var random = new Random(7);
        var whole = CommandCodec.ToBytes(Everything);
        for (var i = 0; i < 50_000; i++)
        {
            var bytes = (byte[])whole.Clone();
            for (var change = random.Next(1, 6); change > 0; change--)
            {
                bytes[random.Next(bytes.Length)] = (byte)random.Next(256);
            }

            ReadsOrRefuses(bytes);
            var noise = new byte[random.Next(60)];
            random.NextBytes(noise);
            ReadsOrRefuses(noise);
        }
    }

    [Fact]
    public void An_unknown_version_kind_or_operation_names_itself()
    {
        var version = Assert.Throws<UnknownCommandException>(() => CommandCodec.TryRead([9, 1], out _, out _));
        var kind = Assert.Throws<UnknownCommandException>(() => CommandCodec.TryRead([1, 77], out _, out _));
        var operation = Assert.Throws<UnknownCommandException>(() => CommandCodec.TryRead(
            [1, 3, 0, 0, 0, 0, 1, 0, 0, 0, 0, 0, 0, 0, 55, 0, 0, 0, 0], out _, out _));

        Assert.Contains("version 9", version.Message);
        Assert.Contains("kind 77", kind.Message);
        Assert.Contains("kind 55", operation.Message);
    }

    [Fact]
    public void Transactions_nested_deeper_than_the_format_allows_are_refused()
    {
        Assert.True(CommandCodec.TryRead(CommandCodec.ToBytes(Nested(CommandLimits.TxnDepthMax)), out _, out _));

        Assert.False(
            CommandCodec.TryRead(CommandCodec.ToBytes(Nested(CommandLimits.TxnDepthMax + 1)), out _, out var error));

        Assert.Contains("nested", error);
    }

    [Fact]
    public void A_text_that_is_not_utf8_is_refused()
    {
        var bytes = CommandCodec.ToBytes(new MemberPublishCommand(1, "n", []));
        bytes[12] = 0xFF;

        Assert.False(CommandCodec.TryRead(bytes, out _, out var error));

        Assert.Contains("UTF-8", error);
    }

    [Fact]
    public void A_buffer_writer_gets_exactly_the_encoded_length()
    {
        var target = new ArrayBufferWriter<byte>();
        CommandCodec.Write(Everything, target);

        Assert.Equal(CommandCodec.EncodedLength(Everything), target.WrittenCount);
        Assert.Equal(CommandCodec.ToBytes(Everything), target.WrittenSpan.ToArray());
    }

    private static ReadOnlyMemory<byte> Bytes(string text) => StoreDriver.Bytes(text);

    private static TxnCommand Nested(int depth) =>
        depth == 1 ? new TxnCommand([], [], []) : new TxnCommand([], [new TxnOperation.Txn(Nested(depth - 1))], []);

    private static void ReadsOrRefuses(byte[] bytes)
    {
        try
        {
            if (CommandCodec.TryRead(bytes, out var command, out var error))
            {
                Assert.Equal(bytes, CommandCodec.ToBytes(command));
            }
            else
            {
                Assert.NotEmpty(error);
            }
        }
        catch (UnknownCommandException unknown)
        {
            Assert.Contains("know", unknown.Message);
        }
    }
}
