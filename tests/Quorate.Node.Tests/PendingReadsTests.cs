using Quorate.Raft;

namespace Quorate.Node.Tests;

public sealed class PendingReadsTests
{
    private readonly Completions _completions = new(new InlineCompletions());
    private readonly PendingReads _reads = new();
    private readonly List<ReadRequest> _retry = [];

    [Fact]
    public void A_confirmed_read_waits_until_its_index_is_applied()
    {
        var waiter = new Waiter();
        var id = _reads.Begin([new ReadRequest(100, waiter)]);

        _reads.Confirmed(id, new LogIndex(7), _completions);
        _reads.Applied(new LogIndex(6), _completions);
        _completions.Tell();
        Assert.Null(waiter.Told);

        _reads.Applied(new LogIndex(7), _completions);
        _completions.Tell();
        Assert.True(waiter.Told!.Value.Confirmed);
    }

    [Fact]
    public void A_read_whose_index_is_applied_already_is_told_at_once()
    {
        var waiter = new Waiter();
        _reads.Applied(new LogIndex(9), _completions);

        _reads.Confirmed(_reads.Begin([new ReadRequest(100, waiter)]), new LogIndex(7), _completions);
        _completions.Tell();

        Assert.True(waiter.Told!.Value.Confirmed);
    }

    [Fact]
    public void Not_ready_is_asked_again_and_no_leader_is_told()
    {
        var patient = new Waiter();
        var refused = new Waiter();
        var notReady = _reads.Begin([new ReadRequest(100, patient)]);
        var noLeader = _reads.Begin([new ReadRequest(100, refused)]);

        _reads.Refused(notReady, RefusalReason.NotReady, _retry, _completions);
        _reads.Refused(noLeader, RefusalReason.NoLeader, _retry, _completions);
        _completions.Tell();

        Assert.Null(patient.Told);
        Assert.Same(patient, Assert.Single(_retry).Waiter);
        Assert.Equal(RefusalReason.NoLeader, refused.Told!.Value.Refused);
    }

    [Fact]
    public void A_deadline_tells_only_those_whose_time_is_over()
    {
        var hasty = new Waiter();
        var patient = new Waiter();
        var id = _reads.Begin([new ReadRequest(5, hasty), new ReadRequest(50, patient)]);

        _reads.Advance(tick: 5, _completions);
        _reads.Confirmed(id, LogIndex.Zero, _completions);
        _completions.Tell();

        Assert.False(hasty.Told!.Value.Confirmed);
        Assert.Null(hasty.Told.Value.Refused);
        Assert.True(patient.Told!.Value.Confirmed);
    }

    private sealed class Waiter : IReadWaiter
    {
        public ReadOutcome? Told { get; private set; }

        public void Completed(in ReadOutcome outcome)
        {
            Assert.Null(Told);
            Told = outcome;
        }
    }
}
