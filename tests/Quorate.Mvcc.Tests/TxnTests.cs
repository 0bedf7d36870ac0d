namespace Quorate.Mvcc.Tests;

public sealed class TxnTests : IDisposable
{
    private readonly StoreDriver _store = new();

    public void Dispose() => _store.Dispose();

    [Theory]
    [InlineData(CompareTarget.Version, CompareRelation.Equal, 0, true)]
    [InlineData(CompareTarget.CreateRevision, CompareRelation.Less, 1, true)]
    [InlineData(CompareTarget.ModRevision, CompareRelation.Greater, 0, false)]
    [InlineData(CompareTarget.Lease, CompareRelation.NotEqual, 0, false)]
    public void A_missing_key_counts_as_zeros(
        CompareTarget target, CompareRelation relation, long number, bool expected)
    {
        Assert.Equal(expected, Run([Compare("missing", target, relation, number)]).Succeeded);
        var range = Compare("missing", target, relation, number) with { RangeEnd = Bytes("n") };
        Assert.Equal(expected, Run([range]).Succeeded);
    }

    [Theory]
    [InlineData(CompareRelation.Equal)]
    [InlineData(CompareRelation.NotEqual)]
    public void A_value_compare_never_holds_for_a_missing_key(CompareRelation relation) =>
        Assert.False(Run([Compare("missing", CompareTarget.Value, relation)]).Succeeded);

    [Fact]
    public void A_range_compare_must_hold_for_every_key()
    {
        _store.Put("a", "1");
        _store.Put("b", "1");
        _store.Put("b", "2");
        var version = Compare("a", CompareTarget.Version, CompareRelation.Equal, 1);

        Assert.True(Run([version with { RangeEnd = Bytes("b") }]).Succeeded);
        Assert.False(Run([version with { RangeEnd = Bytes("c") }]).Succeeded);
    }

    [Fact]
    public void Nested_compares_see_the_state_before_the_outermost_write()
    {
        var nested = new TxnCommand(
            [Compare("k", CompareTarget.Version, CompareRelation.Equal, 0)], [Put("seen", "before")], []);

        Assert.True(Run([], [Put("k", "v"), new TxnOperation.Txn(nested)]).Succeeded);

        Assert.Equal("before", Read("seen"));
    }

    [Fact]
    public void All_changes_share_one_revision_and_reads_see_the_ones_before_them()
    {
        _store.Put("a", "0");

        var result = Run(
            [],
            [
                Put("b", "1"),
                new TxnOperation.Range(new RangeQuery(Bytes("a"), Bytes("z"))),
                new TxnOperation.DeleteRange(new DeleteRangeCommand(Bytes("a"), PrevKv: true)),
                new TxnOperation.Range(new RangeQuery(Bytes("a"), Bytes("z"))),
                new TxnOperation.Range(new RangeQuery(Bytes("a"), Bytes("z")) { Revision = 2 }),
            ]);

        Assert.Equal(new Revision(3), _store.State.CurrentRevision);
        Assert.Equal(["a", "b"], Keys(result.Responses[1]));
        Assert.Equal(1, Assert.IsType<DeleteRangeOperationResult>(result.Responses[2]).Deleted);
        Assert.Equal(["b"], Keys(result.Responses[3]));
        Assert.Equal(["a"], Keys(result.Responses[4]));
        var range = Assert.IsType<RangeOperationResult>(result.Responses[3]).Range;
        Assert.Equal((new Revision(3), new Revision(3)), (range.Revision, range.Kvs[0].ModRevision));
    }

    [Fact]
    public void A_range_that_cannot_be_read_fails_the_whole_transaction_before_any_write()
    {
        _store.Put("a", "0");
        _store.Put("a", "1");
        _store.Apply(new CompactCommand(3));

        Assert.Equal(ApplyError.FutureRevision, Fails(Range(4)));
        Assert.Equal(ApplyError.Compacted, Fails(Range(2)));

        Assert.Equal(new Revision(3), _store.State.CurrentRevision);
        Assert.Null(Read("written"));
    }

    [Fact]
    public void A_put_that_cannot_be_done_fails_only_on_the_branch_taken()
    {
        var bad = new TxnOperation.Put(new PutCommand(Bytes("x"), default, Lease: 1));
        var missing = new TxnOperation.Put(new PutCommand(Bytes("x"), default, IgnoreLease: true));

        Assert.Equal(ApplyError.LeaseNotFound, Fails(bad));
        Assert.Equal(ApplyError.KeyNotFound, Fails(missing));
        Assert.Equal(ApplyError.None, _store.Apply(new TxnCommand([], [Put("k", "v")], [bad, missing])).Error);

        Assert.Null(Read("written"));
    }

    [Fact]
    public void Nested_results_stand_in_their_place()
    {
        var inner = new TxnCommand(
            [Compare("k", CompareTarget.Version, CompareRelation.Greater, 0)], [], [Put("k", "v")]);

        var result = Run([], [new TxnOperation.Txn(inner), Put("l", "w")]);

        var nested = Assert.IsType<TxnResult>(result.Responses[0]);
        Assert.False(nested.Succeeded);
        Assert.IsType<PutOperationResult>(Assert.Single(nested.Responses));
        Assert.IsType<PutOperationResult>(result.Responses[1]);
    }

    [Fact]
    public void What_the_validator_would_refuse_does_no_harm_when_it_is_committed()
    {
        var result = _store.Apply(new TxnCommand(
            [],
            [
                Put("k", "1"),
                Put("k", "2"),
                new TxnOperation.DeleteRange(new DeleteRangeCommand(Bytes("k"))),
                Put("k", "3"),
            ],
            []));

        Assert.Equal((ApplyError.None, new Revision(2)), (result.Error, result.Revision));
        Assert.Equal("3", Read("k"));
        using var loaded = StoreDriver.Load(StoreDriver.SnapshotOf(_store.State));
        Assert.Equal(_store.State.Hash, loaded.Hash);
    }

    private static ReadOnlyMemory<byte> Bytes(string text) => StoreDriver.Bytes(text);

    private static TxnOperation Put(string key, string value) =>
        new TxnOperation.Put(new PutCommand(Bytes(key), Bytes(value)));

    private static TxnOperation Range(long revision) =>
        new TxnOperation.Range(new RangeQuery(Bytes("a")) { Revision = revision });

    private static TxnCompare Compare(string key, CompareTarget target, CompareRelation relation, long number = 0) =>
        new(Bytes(key), default, target, relation, number);

    private static IEnumerable<string> Keys(OperationResult result) =>
        Assert.IsType<RangeOperationResult>(result).Range.Kvs.Select(kv => TwinStore.Text(kv.Key));

    private TxnResult Run(TxnCompare[] compares, TxnOperation[]? success = null)
    {
        var result = _store.Apply(new TxnCommand(compares, success ?? [], []));
        Assert.Equal(ApplyError.None, result.Error);
        Assert.NotNull(result.Txn);
        return result.Txn;
    }

    private ApplyError Fails(TxnOperation operation)
    {
        var result = _store.Apply(new TxnCommand([], [Put("written", "v"), operation], []));
        Assert.Null(result.Txn);
        return result.Error;
    }

    private string? Read(string key)
    {
        using var view = _store.State.OpenView();
        return view.TryGet(Bytes(key).Span, out var kv) ? TwinStore.Text(kv.Value) : null;
    }
}
