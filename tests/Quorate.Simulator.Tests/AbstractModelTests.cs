namespace Quorate.Simulator.Tests;

public sealed class AbstractModelTests
{
    [Fact]
    public void Every_state_of_the_smallest_model_is_safe()
    {
        var bounds = new AbstractBounds(TermMax: 1, EntriesMax: 1, WritesMax: 1, WithDuplicates: true);

        var explored = AbstractExplorer.Explore(bounds, TimeSpan.FromMinutes(2));

        Assert.True(explored.IsAll, $"{explored}");
    }

    [Fact]
    public void What_is_seen_of_the_whole_model_in_ten_seconds_is_safe()
    {
        var explored = AbstractExplorer.Explore(AbstractBounds.Full, TimeSpan.FromSeconds(10));

        Assert.True(explored.States > 10_000, $"{explored}");
    }

    [Fact]
    public void What_is_seen_of_a_joint_change_in_ten_seconds_is_safe()
    {
        var explored = AbstractExplorer.Explore(AbstractBounds.Changing, TimeSpan.FromSeconds(10));

        Assert.True(explored.States > 10_000, $"{explored}");
    }

    [Fact]
    public void A_change_at_once_between_majorities_that_need_not_meet_is_found_out()
    {
        var bounds = AbstractBounds.Changing with { EntriesMax = 2, Change = AbstractChange.AtOnce };

        var objection = Assert.Throws<CheckerException>(
            () => AbstractExplorer.Explore(bounds, TimeSpan.FromMinutes(5)));

        Assert.Contains("AbstractModel", objection.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void An_entry_is_followed_only_where_the_leader_has_it()
    {
        var before = Log(1, 1);
        var leader = Log(1, 1, 2);

        Assert.True(AbstractRules.MayFollow(before, Log(1, 1, 2), leader, from: 0));
        Assert.False(AbstractRules.MayFollow(before, Log(1, 1, 1), leader, from: 0));
    }

    [Fact]
    public void Nothing_is_cut_that_does_not_conflict()
    {
        var leader = Log(1, 1, 1);

        Assert.False(AbstractRules.MayFollow(Log(1, 1, 1), Log(1, 1), leader, from: 0));
        Assert.True(AbstractRules.MayFollow(Log(1, 1, 2), Log(1, 1, 1), leader, from: 0));
    }

    [Fact]
    public void Only_entries_of_the_own_term_commit_by_counting()
    {
        Assert.True(AbstractRules.MayCommit(leaderTerm: 3, entryTerm: 3, holders: 2, voters: 3));
        Assert.False(AbstractRules.MayCommit(leaderTerm: 3, entryTerm: 2, holders: 2, voters: 3));
        Assert.False(AbstractRules.MayCommit(leaderTerm: 3, entryTerm: 3, holders: 1, voters: 3));
    }

    private static TermListView Log(params ulong[] terms)
    {
        var list = new TermList();
        foreach (var term in terms)
        {
            list.Add(term);
        }

        return list.View;
    }
}
