namespace Quorate.Mvcc.Tests;

/// <summary>Compaction gives memory back, and nobody but the memory notices.</summary>
public sealed class CompactionTests
{
    private static readonly StateMachineOptions Small = new() { ChunkBytes = 1 << 16 };

    [Fact]
    public void Overwriting_the_same_keys_with_compaction_keeps_memory_bounded()
    {
        using var store = new StoreDriver(Small);
        var most = 0L;
        for (var round = 0; round < 20; round++)
        {
            Overwrite(store, keys: 2_000, puts: 4_000, seed: round);
            store.Apply(new CompactCommand());
            store.CompactFully();
            most = Math.Max(most, store.State.Stats.NativeBytes);
        }

        // 2,000 keys of some 350 bytes live; at most half of each chunk is history.
        Assert.InRange(most, 0, 4 << 20);
        Assert.Equal(2_000, store.State.Stats.Keys);

        // Sizes are told with the root; what that root's publishing freed shows in the next one.
        Assert.InRange(store.State.Stats.RetiredChunks, 0, 1);
    }

    [Fact]
    public void Deleted_keys_leave_the_index_and_the_log()
    {
        using var store = new StoreDriver();
        for (var i = 0; i < 5_000; i++)
        {
            store.Gather(new PutCommand(StoreDriver.Bytes($"key{i:d5}"), StoreDriver.Bytes("value")));
        }

        store.Gather(new DeleteRangeCommand(StoreDriver.Bytes("key"), KeyRange.FromKey));
        store.Flush();
        Assert.Equal((0, 5_000), (store.State.Stats.Keys, store.State.Stats.IndexedKeys));

        // The tombstones stand exactly at the first compact revision: somebody may ask for them until the next one.
        store.Apply(new CompactCommand());
        store.CompactFully();
        Assert.Equal(5_000, store.State.Stats.IndexedKeys);
        store.Put("other", "v");
        store.Put("other", new string('v', 2_000));
        store.Apply(new CompactCommand());
        store.CompactFully();

        Assert.Equal((1, 1), (store.State.Stats.Keys, store.State.Stats.IndexedKeys));
        Assert.InRange(store.State.Stats.RecordBytes, 1, 20_000);
    }

    [Fact]
    public void A_tombstone_at_the_compact_revision_is_in_the_snapshot_and_one_below_is_not()
    {
        using var store = new StoreDriver();
        store.Put("a", "v");
        store.Delete("a");
        store.Put("b", "v");
        store.Delete("b");

        store.Apply(new CompactCommand());
        store.CompactFully();

        using var loaded = StoreDriver.Load(StoreDriver.SnapshotOf(store.State));
        Assert.Equal((0, 1), (loaded.Stats.Keys, loaded.Stats.IndexedKeys));
    }

    [Fact]
    public void A_held_snapshot_keeps_only_what_it_can_reach()
    {
        const int keys = 20_000;
        using var store = new StoreDriver(new StateMachineOptions());
        Overwrite(store, keys, keys * 2, seed: 1);
        var before = store.State.Stats;
        using var snapshot = store.State.BeginSnapshot();

        for (var round = 0; round < 10; round++)
        {
            Overwrite(store, keys, 50_000, seed: round, valueBytes: 8);
        }

        // The tree of the snapshot beside the newest one, and what one sweep leaves; not a copy per batch.
        var after = store.State.Stats;
        Assert.InRange(after.IndexBytes, before.IndexBytes, (before.IndexBytes * 4) + (2 << 20));
        Assert.Equal(new Revision(keys * 2 + 1), snapshot.Revision);
    }

    [Fact]
    public void Rewriting_waits_for_older_views_and_goes_on_when_they_close()
    {
        using var store = new StoreDriver(Small);
        Overwrite(store, keys: 100, puts: 5_000, seed: 3);
        var view = store.State.OpenView();
        store.Apply(new CompactCommand());

        Assert.False(store.State.CompactStep(int.MaxValue));
        var held = store.State.Stats.RecordBytes;
        view.Dispose();
        store.CompactFully();

        Assert.InRange(store.State.Stats.RecordBytes, 1, held / 5);
    }

    [Fact]
    public void A_step_is_bounded()
    {
        using var store = new StoreDriver(Small);
        Overwrite(store, keys: 1_000, puts: 20_000, seed: 4);
        store.Apply(new CompactCommand());
        var steps = 0;
        while (store.State.CompactStep(1))
        {
            steps++;
        }

        // One chunk a step.
        Assert.InRange(steps, 20_000 * 350 / (1 << 16) / 2, int.MaxValue);
    }

    [Fact]
    public void Small_chunks_that_rewriting_leaves_are_joined()
    {
        using var store = new StoreDriver(Small);
        for (var i = 0; i < 2_000; i++)
        {
            store.Put($"cold{i}", "stays");
            Overwrite(store, keys: 10, puts: 20, seed: i);
            if (i % 200 == 0)
            {
                store.Apply(new CompactCommand());
                store.CompactFully();
            }
        }

        store.Apply(new CompactCommand());
        store.CompactFully();

        // 200 chunks were written; those that the last pass has made small are joined by the next.
        Assert.InRange(store.State.Table.Log.Count, 1, 40);
    }

    [Fact]
    public void Values_larger_than_a_chunk_come_and_go()
    {
        using var store = new StoreDriver(Small);
        for (var i = 0; i < 10; i++)
        {
            store.Apply(new PutCommand(StoreDriver.Bytes($"k{i % 2}"), new byte[1_500_000]));
            store.Put("small", "v");
            store.Apply(new CompactCommand());
            store.CompactFully();
        }

        using var view = store.State.OpenView();
        Assert.True(view.TryGet("k1"u8, out var kv));
        Assert.Equal(1_500_000, kv.Value.Length);
        Assert.InRange(store.State.Stats.RecordBytesAllocated, 3_000_000, 6_200_000);
    }

    [Fact]
    public void Equal_logs_hash_alike_whether_or_not_anything_was_rewritten()
    {
        using var lazy = new StoreDriver(Small);
        using var eager = new StoreDriver();
        foreach (var store in new[] { lazy, eager })
        {
            for (var round = 0; round < 10; round++)
            {
                Overwrite(store, keys: 50, puts: 300, seed: round);
                store.Apply(new CompactCommand(store.State.CurrentRevision.Value - 20));
                if (store == eager)
                {
                    store.CompactFully();
                }
            }
        }

        Assert.Equal(lazy.State.Hash, eager.State.Hash);
        Assert.Equal(StoreDriver.SnapshotOf(lazy.State), StoreDriver.SnapshotOf(eager.State));
    }

    // Long chains stay alive above the compact revision while their parts are moved one after the other, so that every
    // pointer between neighbours is moved many times.
    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    public void Compaction_that_follows_at_a_distance_keeps_every_chain_whole(int seed)
    {
        using var rewritten = new StoreDriver(
            new StateMachineOptions { ChunkBytes = 1 << 13, RetiredNodesMax = 1, PoisonFreedMemory = true });
        using var untouched = new StoreDriver(new StateMachineOptions());
        var random = new Random(seed);
        for (var i = 1; i <= 1_500; i++)
        {
            // The tenth keys are written seldom, so that versions of very different age are neighbours in a chain.
            var key = random.Next(10) == 0 ? random.Next(400) : random.Next(20);
            foreach (var store in new[] { rewritten, untouched })
            {
                _ = i % 13 == 0 ? store.Delete($"key{key}") : store.Put($"key{key}", $"{i}");
                if (i % 5 == 0 && i > 300)
                {
                    store.Apply(new CompactCommand(store.State.CurrentRevision.Value - 250));
                }
            }

            rewritten.CompactFully();
            if (i % 100 == 0)
            {
                HistoriesAgree(untouched.State, rewritten.State);
            }
        }
    }

    private static void HistoriesAgree(StateMachine expected, StateMachine actual)
    {
        using var left = expected.OpenView();
        using var right = actual.OpenView();
        for (var revision = Math.Max(1, left.CompactRevision.Value); revision <= left.Revision.Value; revision += 3)
        {
            var query = new RangeQuery(KeyRange.FromKey, KeyRange.FromKey) { Revision = revision };
            Assert.Equal(Texts(left.Range(query)), Texts(right.Range(query)));
        }
    }

    private static IEnumerable<string> Texts(RangeResult result) =>
        result.Kvs.Select(kv => $"{kv} {TwinStore.Text(kv.Value)}");

    private static void Overwrite(StoreDriver store, int keys, int puts, int seed, int valueBytes = 256)
    {
        var random = new Random(seed);
        var value = new byte[valueBytes];
        for (var i = 0; i < puts; i++)
        {
            var key = i < keys && seed == 0 ? i : random.Next(keys);
            store.Gather(new PutCommand(StoreDriver.Bytes($"key{key:d8}"), value), wantsResult: false);
            if (i % 16 == 0)
            {
                store.Flush();
            }
        }

        store.Flush();
    }
}
