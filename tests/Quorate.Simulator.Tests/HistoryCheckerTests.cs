namespace Quorate.Simulator.Tests;

/// <summary>The checker that judges whole runs, on histories made by hand.</summary>
public sealed class HistoryCheckerTests
{
    private readonly HistoryChecker _checker = new();
    private int _lastId;

    [Fact]
    public void A_right_history_passes()
    {
        Commit(Put("a", "1"), index: 1, revision: 2);
        Answer(Read("a"), revision: 2, new Pair("a", "1", 2, 2, 1));

        _checker.Finish();
    }

    [Fact]
    public void A_lost_write_is_rejected()
    {
        var lost = Put("a", "1");
        lost.Outcome = OperationOutcome.Done;
        lost.Index = 1;
        lost.Revision = 2;
        _checker.Returned(lost);

        Objects("was acknowledged and is not committed");
    }

    [Fact]
    public void A_stale_read_is_rejected()
    {
        Commit(Put("a", "1"), index: 1, revision: 2);
        Commit(Put("a", "2"), index: 2, revision: 3);
        Answer(Read("a"), revision: 2, new Pair("a", "1", 2, 2, 1));

        Objects("is stale");
    }

    [Fact]
    public void A_read_that_began_before_the_write_ended_may_miss_it()
    {
        Commit(Put("a", "1"), index: 1, revision: 2);
        var read = Read("a");
        Commit(Put("a", "2"), index: 2, revision: 3);
        Answer(read, revision: 2, new Pair("a", "1", 2, 2, 1));

        _checker.Finish();
    }

    [Fact]
    public void A_refused_write_in_the_log_is_rejected()
    {
        var refused = Put("a", "1");
        refused.Outcome = OperationOutcome.NotDone;
        _checker.Returned(refused);

        var objection = Assert.Throws<CheckerException>(() => _checker.Committed(1, refused));
        Assert.Contains("was refused", objection.Message);
    }

    [Fact]
    public void A_write_that_stands_twice_in_the_log_is_rejected()
    {
        var doubled = Put("a", "1");
        _checker.Committed(1, doubled);

        var objection = Assert.Throws<CheckerException>(() => _checker.Committed(2, doubled));
        Assert.Contains("is committed twice", objection.Message);
    }

    [Fact]
    public void An_unknown_outcome_may_be_in_the_log_or_not()
    {
        var there = Put("a", "1");
        var absent = Put("a", "2");
        there.Outcome = absent.Outcome = OperationOutcome.Unknown;
        _checker.Returned(there);
        _checker.Returned(absent);
        _checker.Committed(1, there);

        _checker.Finish();
    }

    [Fact]
    public void A_write_behind_one_that_was_called_later_is_rejected()
    {
        Commit(Put("a", "1"), index: 1, revision: 2);
        var early = Put("a", "0");
        early.IndexFloor = 5;

        var objection = Assert.Throws<CheckerException>(() => _checker.Committed(2, early));
        Assert.Contains("which was answered before it was called", objection.Message);
    }

    [Fact]
    public void A_wrong_value_is_rejected()
    {
        Commit(Put("a", "1"), index: 1, revision: 2);
        Answer(Read("a"), revision: 2, new Pair("a", "9", 2, 2, 1));

        Objects("saw");
    }

    private void Objects(string because)
    {
        var objection = Assert.Throws<CheckerException>(_checker.Finish);
        Assert.Contains(because, objection.Message);
    }

    private Operation Put(string key, string value)
    {
        var put = new Operation
        {
            Id = ++_lastId, Client = 0, Node = 0, Kind = OperationKind.Put, InvokedUs = _lastId,
            Writes = [new Pair(key, value)],
        };
        _checker.Invoked(put);
        return put;
    }

    private Operation Read(string key)
    {
        var read = new Operation
        {
            Id = ++_lastId, Client = 0, Node = 0, Kind = OperationKind.Read, InvokedUs = _lastId,
            Low = key, High = key + "\0",
        };
        _checker.Invoked(read);
        return read;
    }

    private void Commit(Operation write, ulong index, long revision)
    {
        _checker.Committed(index, write);
        write.Outcome = OperationOutcome.Done;
        write.Index = index;
        write.Revision = revision;
        _checker.Returned(write);
    }

    private void Answer(Operation read, long revision, params Pair[] seen)
    {
        read.Outcome = OperationOutcome.Done;
        read.Revision = revision;
        read.Seen = seen;
        _checker.Returned(read);
    }
}
