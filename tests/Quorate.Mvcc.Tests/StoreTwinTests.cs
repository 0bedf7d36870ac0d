using FsCheck;
using FsCheck.Fluent;

namespace Quorate.Mvcc.Tests;

/// <summary>The store against its dumb twin: any commands, any batches, any local rewriting in between.</summary>
public sealed class StoreTwinTests
{
    [Fact]
    public void Any_program_leaves_the_store_as_it_leaves_the_twin() =>
        Prop.ForAll<byte[]>(RunsAsTwin).Check(Config.QuickThrowOnFailure.WithMaxTest(300).WithEndSize(400));

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    public void A_long_program_leaves_the_store_as_it_leaves_the_twin(int seed)
    {
        var program = new byte[12_000];
        new Random(seed).NextBytes(program);

        RunsAsTwin(program);
    }

    private static void RunsAsTwin(byte[] program)
    {
        var maker = new CommandMaker(program);
        var twin = new TwinStore();
        using var store = new StoreDriver();
        using var other = new StoreDriver();
        var step = 0;
        while (!maker.IsDone)
        {
            var command = maker.Command(twin.Revision);
            var expected = twin.Apply(command);
            var result = store.Apply(command);
            other.Gather(command, wantsResult: step % 3 == 0);

            Assert.Equal(expected, result.Error);
            Assert.Equal(twin.Revision, result.Revision.Value);
            if (step++ % 7 == 0)
            {
                store.State.CompactStep(1 + (maker.Next() * 16));
                other.Flush();
                QueriesAgree(maker, twin, store.State);
            }
        }

        other.Flush();
        AllRevisionsAgree(twin, store.State);
        Assert.Equal(store.State.Hash, other.State.Hash);
        SnapshotsAgree(twin, store, other);
    }

    // The other one has rewritten nothing and was fed in other batches.
    private static void SnapshotsAgree(TwinStore twin, StoreDriver store, StoreDriver other)
    {
        store.CompactFully();
        var snapshot = StoreDriver.SnapshotOf(store.State, bytesMax: 100);
        Assert.Equal(StoreDriver.SnapshotOf(other.State), snapshot);

        using var loaded = StoreDriver.Load(snapshot, pieceBytes: 13);
        Assert.Equal(store.State.Hash, loaded.Hash);
        Assert.Equal(store.State.Applied, loaded.Applied);
        Assert.Equal(store.State.Stats.Keys, loaded.Stats.Keys);
        Assert.Equal(store.State.Stats.LiveBytes, loaded.Stats.LiveBytes);
        Assert.Equal(snapshot, StoreDriver.SnapshotOf(loaded));
        AllRevisionsAgree(twin, loaded);
    }

    private static void AllRevisionsAgree(TwinStore twin, StateMachine state)
    {
        using var view = state.OpenView();
        Assert.Equal(twin.Revision, view.Revision.Value);
        Assert.Equal(twin.Compact, view.CompactRevision.Value);
        Assert.Equal(twin.At(twin.Revision).Count, state.Stats.Keys);
        var first = Math.Max(1, Math.Max(twin.Compact, twin.Revision - 60));
        for (var revision = first; revision <= twin.Revision; revision++)
        {
            var everything = new RangeQuery(KeyRange.FromKey, KeyRange.FromKey) { Revision = revision };
            var expected = twin.At(revision).Values.Where(version => version.Key != "");
            Assert.Equal(expected.Select(Print), view.Range(everything).Kvs.Select(Print));
        }
    }

    private static void QueriesAgree(CommandMaker maker, TwinStore twin, StateMachine state)
    {
        using var view = state.OpenView();
        for (var i = 0; i < 3; i++)
        {
            var query = maker.Query(twin.Revision);
            var result = view.Range(query);
            var revision = query.Revision == 0 ? twin.Revision : query.Revision;
            Assert.Equal(
                revision > twin.Revision ? ReadError.FutureRevision
                : query.Revision > 0 && revision < twin.Compact ? ReadError.Compacted
                : ReadError.None,
                result.Error);
            if (result.Error == ReadError.None)
            {
                Agrees(query, twin.Range(query.Key, query.RangeEnd, revision), result);
            }
        }
    }

    private static void Agrees(RangeQuery query, List<TwinVersion> range, RangeResult result)
    {
        Assert.Equal(range.Count, result.Count);
        if (query.CountOnly)
        {
            Assert.Empty(result.Kvs);
            Assert.False(result.More);
            return;
        }

        var kept = range.Where(version => Passes(query, version)).ToList();
        var limit = query.Limit == 0 ? int.MaxValue : (int)query.Limit;
        var hasFilters = query.MinModRevision + query.MaxModRevision
            + query.MinCreateRevision + query.MaxCreateRevision > 0;
        var cutsFirst = !hasFilters && query.Order == SortOrder.None;
        var expected = cutsFirst ? Sorted(query, kept.Take(limit)) : Sorted(query, kept).Take(limit);

        Assert.Equal(
            expected.Select(version => Print(query.KeysOnly ? version with { Value = "" } : version)),
            result.Kvs.Select(Print));
        Assert.Equal(kept.Count > limit, result.More);
    }

    private static bool Passes(RangeQuery query, TwinVersion version) =>
        (query.MinModRevision == 0 || version.Mod >= query.MinModRevision)
        && (query.MaxModRevision == 0 || version.Mod <= query.MaxModRevision)
        && (query.MinCreateRevision == 0 || version.Create >= query.MinCreateRevision)
        && (query.MaxCreateRevision == 0 || version.Create <= query.MaxCreateRevision);

    private static IEnumerable<TwinVersion> Sorted(RangeQuery query, IEnumerable<TwinVersion> versions)
    {
        var sign = query.Order == SortOrder.Descend ? -1 : 1;
        var order = Comparer<TwinVersion>.Create((left, right) => sign * (query.OrderBy switch
        {
            SortTarget.Version => left.Version.CompareTo(right.Version),
            SortTarget.CreateRevision => left.Create.CompareTo(right.Create),
            SortTarget.ModRevision => left.Mod.CompareTo(right.Mod),
            SortTarget.Value => string.CompareOrdinal(left.Value, right.Value),
            _ => string.CompareOrdinal(left.Key, right.Key),
        }));
        return versions.Order(order);
    }

    private static string Print(TwinVersion version) =>
        $"{version.Key}={version.Value} create={version.Create} mod={version.Mod} version={version.Version}";

    private static string Print(KeyValue kv) =>
        $"{TwinStore.Text(kv.Key)}={TwinStore.Text(kv.Value)} "
        + $"create={kv.CreateRevision} mod={kv.ModRevision} version={kv.Version}";
}
