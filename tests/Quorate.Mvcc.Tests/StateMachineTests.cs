namespace Quorate.Mvcc.Tests;

/// <summary>The data model, as etcd has it.</summary>
public sealed class StateMachineTests
{
    [Fact]
    public void An_empty_store_stands_at_revision_1_and_the_first_put_makes_2()
    {
        using var store = new StoreDriver();
        Assert.Equal("applied=0@0 revision=1 compact=0 hash=0000000000000000", store.State.ToString());

        var result = store.Put("k", "v");

        Assert.Equal(new Revision(2), result.Revision);
        Assert.Equal("k v1 created=2 mod=2 1 B", Get(store, "k").ToString());
    }

    [Fact]
    public void A_life_of_a_key_begins_anew_after_a_delete()
    {
        using var store = new StoreDriver();
        store.Put("k", "a");
        store.Put("k", "a");
        Assert.Equal("k v2 created=2 mod=3 1 B", Get(store, "k").ToString());

        Assert.Equal(1, store.Delete("k").Deleted);
        store.Put("k", "b");

        Assert.Equal("k v1 created=5 mod=5 1 B", Get(store, "k").ToString());
    }

    [Fact]
    public void What_changes_nothing_takes_no_revision()
    {
        using var store = new StoreDriver();
        store.Put("k", "v");

        store.Delete("missing");
        store.Delete("a", "b");
        store.Apply(new TxnCommand([], [], []));
        store.Apply(new CompactCommand(2));
        store.Apply(new PutCommand(Bytes("k"), Bytes("v"), Lease: 5));
        store.Apply(new MemberPublishCommand(1, "n1", []));
        store.Gather(CommittedKind.Noop, default);
        store.Gather(CommittedKind.ConfigChange, Bytes("config"));
        store.Flush();

        Assert.Equal(new Revision(2), store.State.CurrentRevision);
        Assert.Equal(new AppliedId(1, 9), store.State.Applied);
    }

    [Fact]
    public void A_range_of_deletes_is_one_revision_and_tells_what_was_there()
    {
        using var store = new StoreDriver();
        store.Put("a", "1");
        store.Put("b", "2");
        store.Put("c", "3");

        var result = store.Apply(new DeleteRangeCommand(Bytes("a"), Bytes("c"), PrevKv: true));

        Assert.Equal((2L, new Revision(5)), (result.Deleted, result.Revision));
        Assert.Equal(["a", "b"], result.PrevKvs.Select(kv => TwinStore.Text(kv.Key)));
        Assert.Equal(1, store.State.Stats.Keys);
    }

    [Fact]
    public void Client_errors_are_results_and_change_nothing()
    {
        using var store = new StoreDriver();
        store.Put("k", "v");
        store.Put("k", "w");

        Assert.Equal(ApplyError.LeaseNotFound, store.Apply(new PutCommand(Bytes("k"), default, Lease: -4)).Error);
        Assert.Equal(
            ApplyError.KeyNotFound, store.Apply(new PutCommand(Bytes("x"), default, IgnoreValue: true)).Error);
        Assert.Equal(ApplyError.FutureRevision, store.Apply(new CompactCommand(4)).Error);
        Assert.Equal(ApplyError.None, store.Apply(new CompactCommand()).Error);
        Assert.Equal(ApplyError.Compacted, store.Apply(new CompactCommand(3)).Error);
        Assert.Equal(ApplyError.Compacted, store.Apply(new CompactCommand(-9)).Error);

        Assert.Equal(new Revision(3), store.State.CurrentRevision);
        Assert.Equal(new Revision(3), store.State.CompactRevision);
    }

    [Fact]
    public void A_put_may_keep_the_value_and_tell_the_one_before()
    {
        using var store = new StoreDriver();
        store.Put("k", "v");

        var result = store.Apply(
            new PutCommand(Bytes("k"), default, IgnoreValue: true, IgnoreLease: true, PrevKv: true));

        Assert.Equal("k v1 created=2 mod=2 1 B", Assert.Single(result.PrevKvs).ToString());
        Assert.Equal("k v2 created=2 mod=3 1 B", Get(store, "k").ToString());
        Assert.Empty(store.Apply(new PutCommand(Bytes("new"), default, PrevKv: true)).PrevKvs);
    }

    [Fact]
    public void Bytes_that_break_the_format_are_passed_over_alike_on_every_node()
    {
        using var store = new StoreDriver();
        var put = CommandCodec.ToBytes(new PutCommand(Bytes("k"), Bytes("v")));
        store.Gather(CommittedKind.Command, put.AsMemory(0, put.Length - 1));
        store.Gather(CommittedKind.Command, default);
        store.Gather(CommittedKind.Command, new byte[] { 1, CommandFormat.DeleteRange, 0 });
        store.Flush();

        Assert.All(store.Results, result => Assert.Equal(ApplyError.Malformed, result.Error));
        Assert.Equal(Revision.Empty, store.State.CurrentRevision);
    }

    [Theory]
    [InlineData(2, 1, "version 2")]
    [InlineData(1, 200, "kind 200")]
    public void An_unknown_command_stops_the_node_before_anything_of_its_batch_shows(
        byte version, byte kind, string expected)
    {
        using var store = new StoreDriver();
        store.Put("k", "v");
        store.Gather(new PutCommand(Bytes("other"), Bytes("v")));
        store.Gather(CommittedKind.Command, new byte[] { version, kind, 0 });

        var stopped = Assert.Throws<UnknownCommandException>(store.Flush);

        Assert.Contains(expected, stopped.Message);
        Assert.Equal(new AppliedId(1, 1), store.State.Applied);
        using var view = store.State.OpenView();
        Assert.False(view.TryGet(Bytes("other").Span, out _));
        Assert.Throws<StoreInvariantException>(() => store.Put("k", "w"));
    }

    [Fact]
    public void An_unknown_kind_of_entry_stops_the_node_too()
    {
        using var store = new StoreDriver();
        store.Gather((CommittedKind)9, default);

        Assert.Contains("kind 9", Assert.Throws<UnknownCommandException>(store.Flush).Message);
    }

    [Fact]
    public void Entries_are_taken_in_the_order_of_the_log_only()
    {
        using var store = new StoreDriver();
        var skipped = new CommittedEntry(new AppliedId(1, 2), CommittedKind.Noop, default, false);

        Assert.Throws<StoreInvariantException>(() => store.State.ApplyBatch([skipped], store));
    }

    [Fact]
    public void Results_are_told_only_to_who_waits_and_never_show_in_the_hash()
    {
        using var waited = new StoreDriver();
        using var silent = new StoreDriver();
        for (var i = 0; i < 10; i++)
        {
            var command = new PutCommand(Bytes("k"), Bytes($"{i}"), PrevKv: true);
            waited.Gather(command, wantsResult: true);
            silent.Gather(command, wantsResult: i == 3);
        }

        waited.Flush();
        silent.Flush();

        Assert.Equal(10, waited.Results.Count);
        Assert.Equal(new Revision(5), Assert.Single(silent.Results).Revision);
        Assert.Equal(waited.State.Hash, silent.State.Hash);
    }

    [Fact]
    public void The_hash_tells_states_apart_for_ever()
    {
        using var left = new StoreDriver();
        using var right = new StoreDriver();
        left.Put("k", "a");
        right.Put("k", "b");
        Assert.NotEqual(left.State.Hash, right.State.Hash);

        left.Put("k", "same");
        right.Put("k", "same");

        Assert.NotEqual(left.State.Hash, right.State.Hash);
    }

    [Fact]
    public void Members_and_the_configuration_are_part_of_the_state()
    {
        using var store = new StoreDriver();
        store.Gather(CommittedKind.ConfigChange, Bytes("config"));
        store.Gather(new MemberPublishCommand(9, "n9", ["http://nine"]));
        store.Gather(new MemberPublishCommand(3, "n3", []));
        store.Gather(new MemberPublishCommand(9, "nine", ["http://a", "http://b"]));
        store.Flush();

        using var loaded = StoreDriver.Load(StoreDriver.SnapshotOf(store.State));
        foreach (var members in new[] { store.State.Members, loaded.Members })
        {
            Assert.Equal((1UL, "config"), (members.ConfigIndex, TwinStore.Text(members.ConfigBytes)));
            Assert.Equal(
                ["n3 (0000000000000003) ", "nine (0000000000000009) http://a,http://b"],
                members.Members.Select(member => member.ToString()));
            Assert.Equal("n3", members.Find(3)?.Name);
            Assert.Null(members.Find(4));
        }
    }

    [Fact]
    public void A_full_table_of_members_refuses_more()
    {
        var table = MemberTable.Empty;
        for (var id = 1UL; id <= MemberTable.MembersMax; id++)
        {
            Assert.True(table.TryPublish(new MemberAttributes(id, "n", []), out table));
        }

        Assert.False(table.TryPublish(new MemberAttributes(0, "n", []), out table));

        Assert.True(table.TryPublish(new MemberAttributes(7, "again", []), out table));
        Assert.Equal(MemberTable.MembersMax, table.Members.Count);
    }

    [Fact]
    public void Options_name_all_their_faults()
    {
        var options = new StateMachineOptions { ChunkBytes = 3000, RetiredNodesMax = 0 };

        var refused = Assert.Throws<ArgumentException>(() => new StateMachine(options));

        Assert.Contains("ChunkBytes is 3000", refused.Message);
        Assert.Contains("RetiredNodesMax is 0", refused.Message);
    }

    private static ReadOnlyMemory<byte> Bytes(string text) => StoreDriver.Bytes(text);

    private static KeyValue Get(StoreDriver store, string key)
    {
        using var view = store.State.OpenView();
        Assert.True(view.TryGet(Bytes(key).Span, out var kv));
        return kv;
    }
}
