namespace Quorate.Mvcc.Tests;

public sealed class ReadViewTests
{
    [Fact]
    public void A_view_stays_as_it_was_whatever_is_written_and_compacted_beside_it()
    {
        using var store = new StoreDriver();
        for (var i = 0; i < 200; i++)
        {
            store.Put($"k{i:d3}", "old");
        }

        using var view = store.State.OpenView();
        var before = Everything(view);
        for (var i = 0; i < 1000; i++)
        {
            store.Put($"k{i % 200:d3}", $"new{i}");
            store.Delete($"k{(i * 7) % 200:d3}");
            store.Apply(new CompactCommand());
            store.CompactFully();
        }

        Assert.Equal(before, Everything(view));
        Assert.Equal(new Revision(201), view.Revision);
        Assert.Equal(Revision.None, view.CompactRevision);
    }

    [Fact]
    public void A_view_from_before_a_compaction_still_reads_the_history_it_had()
    {
        using var store = new StoreDriver();
        store.Put("k", "first");
        store.Delete("k");
        store.Put("k", "third");
        using var view = store.State.OpenView();
        store.Put("k", "fourth");
        store.Apply(new CompactCommand());
        store.CompactFully();
        Fill(store);

        Assert.Equal("first", At(view, 2));
        Assert.Null(At(view, 3));
        Assert.Equal("third", At(view, 4));
        using var younger = store.State.OpenView();
        Assert.Equal(ReadError.Compacted, younger.Range(new RangeQuery(StoreDriver.Bytes("k")) { Revision = 4 }).Error);
        Assert.Equal("fourth", At(younger, 5));
    }

    [Fact]
    public void A_closed_view_says_so()
    {
        using var store = new StoreDriver();
        var view = store.State.OpenView();
        view.Dispose();
        view.Dispose();

        Assert.Throws<ObjectDisposedException>(() => view.Revision);
        Assert.Throws<ObjectDisposedException>(() => view.TryGet("k"u8, out _));
        Assert.Equal("closed", view.ToString());
    }

    [Fact]
    public void Views_outlive_the_state_machine_and_nobody_gets_a_new_one()
    {
        var store = new StoreDriver();
        store.Put("k", "v");
        using var view = store.State.OpenView();
        store.State.Dispose();

        Assert.True(view.TryGet("k"u8, out var kv));
        Assert.Equal("v", TwinStore.Text(kv.Value));
        Assert.Throws<ObjectDisposedException>(store.State.OpenView);
        Assert.Throws<ObjectDisposedException>(() => store.State.Applied);
        Assert.Throws<ObjectDisposedException>(() => store.Put("k", "w"));
        Assert.Throws<ObjectDisposedException>(() => store.State.CompactStep(1));
    }

    // The writer may publish, and look at the pins, between a reader's look at the root and its pin: what it frees
    // then was retired by the newer root, so the reader must not use the older one.
    [Fact]
    public void A_pin_that_the_writer_may_have_missed_is_not_used()
    {
        using var store = new StoreDriver();
        store.Put("k", "old");
        var board = store.State.Board;
        var root = board.Current;
        store.Put("k", "new");
        var slot = board.Pins.Take(root.Batch);

        Assert.False(board.IsSafe(ref root, slot));
        Assert.Equal(board.Current.Batch, root.Batch);
        Assert.True(board.IsSafe(ref root, slot));

        var pins = new List<long>();
        board.Pins.Collect(pins);
        Assert.Equal([root.Batch], pins);
        board.Unpin(slot);
    }

    [Fact]
    public void More_views_than_a_segment_of_pins_has_slots_can_be_open_at_once()
    {
        using var store = new StoreDriver();
        var views = new List<ReadView>();
        for (var i = 0; i < 300; i++)
        {
            store.Put("k", $"{i}");
            views.Add(store.State.OpenView());
        }

        for (var i = 0; i < views.Count; i++)
        {
            Assert.True(views[i].TryGet("k"u8, out var kv));
            Assert.Equal($"{i}", TwinStore.Text(kv.Value));
            views[i].Dispose();
        }
    }

    // Freed memory is poisoned and never used again, so that a reader that comes too late finds no node, or a wrong
    // sum. Each transaction moves one unit between accounts: every view must see the same total.
    [Fact]
    public async Task Readers_beside_the_writer_see_whole_batches_only()
    {
        const int accounts = 300;
        const int transfers = 6_000;
        using var store = new StoreDriver();
        for (var i = 0; i < accounts; i++)
        {
            store.Put($"account{i:d3}", "100");
        }

        var isOver = false;
        var readers = new Task<int>[3];
        for (var i = 0; i < readers.Length; i++)
        {
            readers[i] = Task.Run(() =>
            {
                var views = 0;
                while (!Volatile.Read(ref isOver))
                {
                    TotalIsRight(store.State, accounts, views++);
                }

                return views;
            });
        }

        Transfer(store, accounts, transfers);
        Volatile.Write(ref isOver, true);
        await Task.WhenAll(readers);

        TotalIsRight(store.State, accounts, 0);
    }

    private static void Transfer(StoreDriver store, int accounts, int transfers)
    {
        var random = new Random(5);
        var balance = Enumerable.Repeat(100, accounts).ToArray();
        for (var i = 0; i < transfers; i++)
        {
            var (from, to) = (random.Next(accounts), random.Next(accounts));
            balance[from]--;
            balance[to]++;
            store.Gather(new TxnCommand([], [Put(from, balance[from]), Put(to, balance[to])], []), wantsResult: false);
            if (i % 3 == 0)
            {
                store.Flush();
            }

            if (i % 300 == 0)
            {
                store.Apply(new CompactCommand());
            }

            store.State.CompactStep(4096);
        }

        store.Flush();
    }

    private static TxnOperation Put(int account, int balance) => new TxnOperation.Put(
        new PutCommand(StoreDriver.Bytes($"account{account:d3}"), StoreDriver.Bytes($"{balance}")));

    private static void TotalIsRight(StateMachine state, int accounts, int back)
    {
        using var view = state.OpenView();
        var revision = Math.Max(view.CompactRevision.Value, view.Revision.Value - (back % 50));
        var result = view.Range(new RangeQuery(StoreDriver.Bytes("account"), KeyRange.FromKey)
        {
            Revision = Math.Max(accounts + 1, revision),
        });

        Assert.Equal(ReadError.None, result.Error);
        Assert.Equal(accounts, result.Kvs.Count);
        Assert.Equal(accounts * 100, result.Kvs.Sum(kv => int.Parse(TwinStore.Text(kv.Value))));
    }

    private static void Fill(StoreDriver store)
    {
        for (var i = 0; i < 100; i++)
        {
            store.Put($"other{i}", new string('x', 100));
        }

        store.CompactFully();
    }

    private static string? At(ReadView view, long revision)
    {
        var result = view.Range(new RangeQuery(StoreDriver.Bytes("k")) { Revision = revision });
        Assert.Equal(ReadError.None, result.Error);
        return result.Kvs.Count == 0 ? null : TwinStore.Text(result.Kvs[0].Value);
    }

    private static List<string> Everything(ReadView view) =>
    [
        .. view.Range(new RangeQuery(KeyRange.FromKey, KeyRange.FromKey)).Kvs
            .Select(kv => $"{kv} {TwinStore.Text(kv.Value)}"),
    ];
}
