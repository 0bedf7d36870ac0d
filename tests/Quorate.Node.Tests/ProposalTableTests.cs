using Quorate.Mvcc;
using Quorate.Raft;

namespace Quorate.Node.Tests;

public sealed class ProposalTableTests
{
    private static readonly NodeId Self = new(1);
    private readonly Completions _completions = new(new InlineCompletions());
    private readonly ProposalTable _table = new(Self, bootNonce: 7);

    [Fact]
    public void Apply_of_our_entry_is_done()
    {
        var waiter = new Waiter();
        var id = _table.Add(waiter, deadlineTick: 100);
        _table.Placed(id, At(10, 5));

        Applied(new EntryHeader(At(10, 5), EntryKind.Command, id, 60));

        Assert.Equal("done 10@5", waiter.Told);
    }

    [Fact]
    public void Another_terms_entry_at_our_place_is_not_done()
    {
        var waiter = new Waiter();
        _table.Placed(_table.Add(waiter, deadlineTick: 100), At(10, 5));

        Applied(new EntryHeader(At(10, 6), EntryKind.Noop, ProposalId.None, 56));

        Assert.Equal("not done: replaced", waiter.Told);
    }

    [Fact]
    public void Two_of_ours_at_one_index_are_both_decided_by_what_is_applied_there()
    {
        var first = new Waiter();
        var second = new Waiter();
        _table.Placed(_table.Add(first, deadlineTick: 100), At(10, 5));
        var id = _table.Add(second, deadlineTick: 100);
        _table.Placed(id, At(10, 6));

        Applied(new EntryHeader(At(10, 6), EntryKind.Command, id, 60));

        Assert.Equal("not done: replaced", first.Told);
        Assert.Equal("done 10@6", second.Told);
    }

    [Fact]
    public void An_entry_of_an_earlier_process_answers_nobody()
    {
        var waiter = new Waiter();
        var id = _table.Add(waiter, deadlineTick: 100);

        Applied(new EntryHeader(At(10, 5), EntryKind.Command, id with { BootNonce = 6 }, 60));

        Assert.Null(waiter.Told);
    }

    [Fact]
    public void A_deadline_is_unknown_even_for_what_was_never_placed()
    {
        var waiter = new Waiter();
        _table.Add(waiter, deadlineTick: 5);

        _table.Advance(tick: 4, _completions);
        _completions.Tell();
        Assert.Null(waiter.Told);

        _table.Advance(tick: 5, _completions);
        _completions.Tell();
        Assert.Equal("unknown", waiter.Told);
    }

    [Fact]
    public void A_snapshot_over_our_place_is_unknown_and_leaves_later_places_alone()
    {
        var below = new Waiter();
        var above = new Waiter();
        _table.Placed(_table.Add(below, deadlineTick: 100), At(10, 5));
        _table.Placed(_table.Add(above, deadlineTick: 100), At(11, 5));

        _table.SnapshotPassed(new LogIndex(10), _completions);
        _completions.Tell();

        Assert.Equal("unknown", below.Told);
        Assert.Null(above.Told);
    }

    [Fact]
    public void A_forward_that_is_not_in_our_log_when_its_leader_is_gone_is_unknown()
    {
        var lost = new Waiter();
        var arrived = new Waiter();
        var current = new Waiter();
        _table.Forwarded(_table.Add(lost, deadlineTick: 100), new Term(5));
        var id = _table.Add(arrived, deadlineTick: 100);
        _table.Forwarded(id, new Term(5));
        _table.Placed(id, At(10, 5));
        _table.Forwarded(_table.Add(current, deadlineTick: 100), new Term(6));

        _table.ForwardsLost(new Term(6), _completions);
        _completions.Tell();

        Assert.Equal("unknown", lost.Told);
        Assert.Null(arrived.Told);
        Assert.Null(current.Told);
    }

    [Fact]
    public void A_refusal_is_not_done_with_its_reason_and_told_once()
    {
        var waiter = new Waiter();
        var id = _table.Add(waiter, deadlineTick: 1);

        _table.Refuse(id, RefusalReason.NotLeader, _completions);
        _table.Refuse(id, RefusalReason.NoLeader, _completions);
        _table.Advance(tick: 10, _completions);
        _completions.Tell();

        Assert.Equal("not done: NotLeader", waiter.Told);
        Assert.Equal(1, waiter.Times);
        Assert.Equal(0, _table.Count);
    }

    private static EntryId At(ulong index, ulong term) => new(new Term(term), new LogIndex(index));

    private void Applied(EntryHeader header)
    {
        _table.CompleteBatch([header], new ApplyResult[1], _completions);
        _completions.Tell();
    }

    private sealed class Waiter : IProposalWaiter
    {
        public string? Told { get; private set; }

        public int Times { get; private set; }

        public void Completed(in ProposeOutcome outcome)
        {
            Told = outcome.ToString();
            Times++;
        }
    }
}
