namespace Quorate.Raft.Tests;

public class WritesInFlightTests
{
    private static readonly HardState State = new(new Term(1), new NodeId(1));

    [Fact]
    public void An_acknowledgement_covers_every_write_up_to_it()
    {
        var writes = new WritesInFlight(default, LogIndex.Zero);
        writes.HandOut(State, new LogIndex(3), bytes: 30, tick: 1, installs: false);
        var second = writes.HandOut(State, new LogIndex(5), bytes: 20, tick: 2, installs: false);

        Assert.True(writes.TryAcknowledge(second));

        Assert.Equal((new LogIndex(5), 0L, true, State),
            (writes.Stable, writes.Bytes, writes.IsIdle, writes.DurableHardState));
    }

    [Fact]
    public void A_stale_acknowledgement_changes_nothing()
    {
        var writes = new WritesInFlight(default, LogIndex.Zero);
        var first = writes.HandOut(State, new LogIndex(3), bytes: 30, tick: 1, installs: false);
        Assert.True(writes.TryAcknowledge(first));

        Assert.False(writes.TryAcknowledge(first));
        Assert.False(writes.TryAcknowledge(WriteId.None));

        Assert.Equal(new LogIndex(3), writes.Stable);
    }

    [Fact]
    public void An_acknowledgement_of_nothing_that_was_handed_out_is_a_fault()
    {
        var writes = new WritesInFlight(default, LogIndex.Zero);

        Assert.Throws<InvariantViolationException>(() => writes.TryAcknowledge(new WriteId(1)));
    }

    [Fact]
    public void A_write_vouches_for_nothing_that_was_replaced_since()
    {
        var writes = new WritesInFlight(default, new LogIndex(9));
        var first = writes.HandOut(State, new LogIndex(10), bytes: 10, tick: 1, installs: false);
        writes.TruncateFrom(new LogIndex(10));
        var second = writes.HandOut(State, new LogIndex(10), bytes: 10, tick: 1, installs: false);
        writes.TruncateFrom(new LogIndex(10));
        var third = writes.HandOut(State, new LogIndex(10), bytes: 10, tick: 1, installs: false);

        writes.TryAcknowledge(first);
        Assert.Equal(new LogIndex(9), writes.Stable);
        writes.TryAcknowledge(second);
        Assert.Equal(new LogIndex(9), writes.Stable);
        writes.TryAcknowledge(third);
        Assert.Equal(new LogIndex(10), writes.Stable);
    }

    [Fact]
    public void Installing_lasts_until_the_last_marker_is_durable()
    {
        var writes = new WritesInFlight(default, LogIndex.Zero);
        var first = writes.HandOut(State, new LogIndex(10), bytes: 0, tick: 1, installs: true);
        var second = writes.HandOut(State, new LogIndex(20), bytes: 0, tick: 1, installs: true);

        writes.TryAcknowledge(first);
        Assert.True(writes.IsInstalling);
        writes.TryAcknowledge(second);
        Assert.False(writes.IsInstalling);
    }
}
