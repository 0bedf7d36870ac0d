namespace Quorate.Mvcc.Tests;

public sealed class CommandValidatorTests
{
    [Fact]
    public void Good_commands_pass()
    {
        Command[] commands =
        [
            Put("k"),
            new PutCommand(Bytes("k"), default, IgnoreValue: true, IgnoreLease: true),
            new DeleteRangeCommand(Bytes("k"), Bytes("a")),
            new TxnCommand([], [], []),
            new CompactCommand(),
            new MemberPublishCommand(1, "n1", ["http://127.0.0.1:2379"]),
        ];

        Assert.All(commands, command => Assert.Null(CommandValidator.Validate(command)));
    }

    [Fact]
    public void An_empty_key_is_refused_wherever_it_stands()
    {
        Command[] commands =
        [
            Put(""),
            new DeleteRangeCommand(default, Bytes("z")),
            Txn([Op(Put(""))], []),
            Txn([], [new TxnOperation.Range(new RangeQuery(default))]),
            Txn([], [new TxnOperation.DeleteRange(new DeleteRangeCommand(default))]),
            new TxnCommand([Compare("")], [], []),
            Txn([new TxnOperation.Txn(Txn([Op(Put(""))], []))], []),
        ];

        Assert.All(commands, command => Refuses(
            CommandFaultCode.KeyMissing, "etcdserver: key is not provided", command));
    }

    [Fact]
    public void What_is_kept_must_not_be_given()
    {
        Refuses(
            CommandFaultCode.ValueProvided,
            "etcdserver: value is provided",
            new PutCommand(Bytes("k"), Bytes("v"), IgnoreValue: true));
        Refuses(
            CommandFaultCode.LeaseProvided,
            "etcdserver: lease is provided",
            new PutCommand(Bytes("k"), Bytes("v"), Lease: 1, IgnoreLease: true));
    }

    [Fact]
    public void The_limit_on_bytes_is_exact()
    {
        var head = CommandCodec.EncodedLength(Put("k"));
        var most = CommandLimits.BytesMax - head;

        Assert.Null(CommandValidator.Validate(new PutCommand(Bytes("k"), new byte[most])));
        Refuses(
            CommandFaultCode.TooLarge,
            "etcdserver: request is too large",
            new PutCommand(Bytes("k"), new byte[most + 1]));
    }

    [Fact]
    public void A_nested_transaction_gets_what_its_parent_leaves()
    {
        const string text = "etcdserver: too many operations in txn request";
        var nested = new TxnOperation.Txn(Txn(Puts("n", 28), []));

        Assert.Null(CommandValidator.Validate(Txn(Puts("k", 128), [])));
        Refuses(CommandFaultCode.TooManyOperations, text, Txn([], Puts("k", 129)));
        Assert.Null(CommandValidator.Validate(Txn([nested, .. Puts("k", 99)], [])));
        Refuses(CommandFaultCode.TooManyOperations, text, Txn([nested, .. Puts("k", 100)], []));
        Refuses(CommandFaultCode.TooManyOperations, text, Nested(CommandLimits.TxnDepthMax + 1));
    }

    [Fact]
    public void One_path_must_not_write_a_key_twice()
    {
        TxnCommand[] duplicates =
        [
            Txn([Op(Put("a")), Op(Put("a"))], []),
            Txn([], [Op(Put("a")), Op(Put("a"))]),
            Txn([Op(Put("b")), Delete("a", "c")], []),
            Txn([Delete("a", "c"), Op(Put("b"))], []),
            Txn([Op(Put("a")), new TxnOperation.Txn(Txn([Op(Put("a"))], []))], []),
            Txn([Op(Put("a")), new TxnOperation.Txn(Txn([Delete("a")], []))], []),
            Txn([Delete("a"), new TxnOperation.Txn(Txn([], [Op(Put("a"))]))], []),
            Txn([new TxnOperation.Txn(Txn([Op(Put("a"))], [])), new TxnOperation.Txn(Txn([], [Op(Put("a"))]))], []),
        ];

        Assert.All(duplicates, txn => Refuses(
            CommandFaultCode.DuplicateKey, "etcdserver: duplicate key given in txn request", txn));
    }

    [Fact]
    public void Branches_that_exclude_each_other_may_write_the_same_key()
    {
        Assert.Null(CommandValidator.Validate(Txn([Op(Put("a"))], [Op(Put("a"))])));
        Assert.Null(CommandValidator.Validate(
            Txn([new TxnOperation.Txn(Txn([Op(Put("a"))], [Op(Put("a"))]))], [])));
        Assert.Null(CommandValidator.Validate(Txn([Delete("a", "c"), Delete("b")], [])));
    }

    [Fact]
    public void Odds_and_ends_are_refused()
    {
        Refuses(CommandFaultCode.NegativeRevision, "the revision to compact at is negative", new CompactCommand(-1));
        Refuses(
            CommandFaultCode.InvalidMember,
            "a member without an id cannot publish",
            new MemberPublishCommand(0, "n", []));
        Refuses(
            CommandFaultCode.InvalidMember,
            "a member's name and each of its URLs have at most 1024 bytes",
            new MemberPublishCommand(1, new string('n', 1025), []));
        Refuses(
            CommandFaultCode.InvalidMember,
            "a member has at most 64 client URLs",
            new MemberPublishCommand(1, "n", new string[65]));
        Refuses(
            CommandFaultCode.InvalidCompare,
            "etcdserver: invalid compare",
            new TxnCommand([Compare("k") with { Value = Bytes("v") }], [], []));
        Assert.Equal(
            "etcdserver: invalid sort option",
            CommandValidator.Validate(new RangeQuery(Bytes("k")) { Order = (SortOrder)3 })?.Message);
    }

    private static ReadOnlyMemory<byte> Bytes(string text) => StoreDriver.Bytes(text);

    private static PutCommand Put(string key) => new(Bytes(key), default);

    private static TxnOperation Op(PutCommand put) => new TxnOperation.Put(put);

    private static TxnOperation Delete(string key, string rangeEnd = "") =>
        new TxnOperation.DeleteRange(new DeleteRangeCommand(Bytes(key), Bytes(rangeEnd)));

    private static TxnOperation[] Puts(string prefix, int count) =>
        [.. Enumerable.Range(0, count).Select(i => Op(Put(prefix + i)))];

    private static TxnCompare Compare(string key) =>
        new(Bytes(key), default, CompareTarget.Version, CompareRelation.Equal);

    private static TxnCommand Txn(TxnOperation[] success, TxnOperation[] failure) => new([], success, failure);

    private static TxnCommand Nested(int depth) =>
        depth == 1 ? Txn([], []) : Txn([new TxnOperation.Txn(Nested(depth - 1))], []);

    private static void Refuses(CommandFaultCode code, string message, Command command) =>
        Assert.Equal(new CommandFault(code, message), CommandValidator.Validate(command));
}
