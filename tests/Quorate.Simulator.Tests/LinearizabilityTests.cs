namespace Quorate.Simulator.Tests;

/// <summary>Histories made by hand: time runs from left to right, one line an operation.</summary>
public sealed class LinearizabilityTests
{
    [Fact]
    public void One_after_the_other_is_linearizable() => Accepts(
        Write(0, 1, "a"), Read(2, 3, "a"), Write(4, 5, "b"), Read(6, 7, "b"));

    [Fact]
    public void A_stale_read_is_rejected() => Rejects(
        Write(0, 1, "a"), Write(2, 3, "b"), Read(4, 5, "a"));

    [Fact]
    public void A_lost_write_is_rejected() => Rejects(
        Write(0, 1, "a"), Read(2, 3, null));

    [Fact]
    public void A_read_during_a_write_may_see_either() => Accepts(
        Write(0, 1, "a"), Write(2, 9, "b"), Read(3, 4, "a"), Read(5, 6, "b"));

    [Fact]
    public void What_was_seen_is_not_unseen() => Rejects(
        Write(0, 1, "a"), Write(2, 9, "b"), Read(3, 4, "b"), Read(5, 6, "a"));

    [Fact]
    public void A_write_of_unknown_outcome_may_have_happened() => Accepts(
        Write(0, 1, "a"), Unknown(2, "b"), Read(4, 5, "b"));

    [Fact]
    public void A_write_of_unknown_outcome_may_happen_late_or_never()
    {
        Accepts(Write(0, 1, "a"), Unknown(2, "b"), Read(4, 5, "a"), Read(6, 7, "b"));
        Accepts(Write(0, 1, "a"), Unknown(2, "b"), Read(4, 5, "a"), Read(6, 7, "a"));
    }

    [Fact]
    public void A_write_of_unknown_outcome_happens_once() => Rejects(
        Unknown(0, "b"), Read(2, 3, "b"), Write(4, 5, "c"), Read(6, 7, "b"));

    [Fact]
    public void A_refused_write_is_never_seen() => Rejects(
        Write(0, 1, "a"), new RegisterOperation(2, 3, IsWrite: true, "b", OperationOutcome.NotDone), Read(4, 5, "b"));

    [Fact]
    public void Both_checkers_agree_on_small_histories()
    {
        for (var seed = 0UL; seed < 300; seed++)
        {
            var (register, checker) = SmallHistory.Draw(new SimRandom(seed));

            Assert.Equal(LinearizabilityChecker.Check(register), checker);
        }
    }

    private static void Accepts(params RegisterOperation[] history) =>
        Assert.True(LinearizabilityChecker.Check(history));

    private static void Rejects(params RegisterOperation[] history) =>
        Assert.False(LinearizabilityChecker.Check(history));

    private static RegisterOperation Write(long from, long to, string value) => new(from, to, IsWrite: true, value);

    private static RegisterOperation Read(long from, long to, string? value) => new(from, to, IsWrite: false, value);

    private static RegisterOperation Unknown(long from, string value) =>
        new(from, long.MaxValue, IsWrite: true, value, OperationOutcome.Unknown);
}
