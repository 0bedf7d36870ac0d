using Quorate.Raft;

namespace Quorate.Node.Tests.Members;

/// <summary>Whole clusters that grow, shrink and change their members, with clients writing.</summary>
public sealed class MemberScenarioTests
{
    [Theory]
    [InlineData(100_000)] // newcomers get the log
    [InlineData(5)] // newcomers get a snapshot first
    public void Cluster_grows_from_one_to_five_and_shrinks_to_one_and_no_write_is_lost(int snapshotCount)
    {
        using var cluster = TestCluster.OfList(1, snapshotCount);
        cluster.UntilLed();
        var keys = new List<string>();
        Write(cluster, keys);

        for (var id = 2; id <= 5; id++)
        {
            AddVoter(cluster, id);
            Write(cluster, keys);
        }

        Assert.Equal(5, cluster.UntilSettled().Member.Raft.Config.Voters.Length);
        foreach (var node in cluster.Running)
        {
            Assert.All(keys, key => Assert.True(node.Holds(key), $"{key} at {node}"));
        }

        // The leader goes first: leadership moves while the cluster shrinks.
        for (var voters = 4; voters >= 1; voters--)
        {
            cluster.MustChange(cluster.Leader, new MemberChange.Remove(cluster.Leader.Member.Self));
            cluster.UntilSettled();
            Assert.Equal(voters, cluster.Leader.Member.Raft.Config.Voters.Length);
            Write(cluster, keys);
        }

        Assert.All(keys, key => Assert.True(cluster.Leader.Holds(key), key));
        Assert.Equal(4, cluster.Running.Count(node => node.Member.Status().NodeState == NodeState.Removed));
    }

    [Fact]
    public void Announced_member_is_taken_in_when_it_answers_and_becomes_a_voter()
    {
        using var cluster = TestCluster.OfList(3);
        cluster.UntilLed();
        var late = cluster.Add(4);
        var told = cluster.Change(
            cluster.Follower, new MemberChange.Announce([late.Url], StaysLearner: false));
        cluster.Write(cluster.Follower, "before");
        cluster.Tick(500);
        Assert.True(cluster.Leader.Member.Status().Find(told.Member)!.IsAnnounced);
        Assert.False(cluster.Leader.Member.Raft.Config.Contains(told.Member));

        late.StartUnconfigured();
        cluster.Until(() => IsVoter(cluster, told.Member));
        cluster.UntilSettled();

        Assert.Equal(told.Member, late.Member.Self);
        Assert.Equal(late.Name, cluster.Leader.Member.Status().Find(told.Member)!.Name);
        Assert.True(late.Holds("before"));
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void Learner_that_is_to_stay_one_is_promoted_when_it_is_asked_for_only(bool isAnnounced)
    {
        using var cluster = TestCluster.OfList(3);
        cluster.UntilLed();
        var fourth = cluster.Add(4);
        fourth.StartUnconfigured();
        var id = cluster.Change(cluster.Leader, isAnnounced
            ? new MemberChange.Announce([fourth.Url], StaysLearner: true)
            : new MemberChange.Add("n4", [fourth.Url], StaysLearner: true)).Member;
        cluster.Until(() => cluster.Leader.Member.Raft.Config.IsLearner(id));

        cluster.Write(cluster.Follower, "a");
        cluster.Tick(1000);
        Assert.True(cluster.UntilSettled().Member.Raft.Config.IsLearner(id));
        Assert.True(fourth.Holds("a"));
        Assert.Equal(RaftRole.Follower, fourth.Member.Raft.Role);

        cluster.MustChange(cluster.Leader, new MemberChange.Promote(id));
        Assert.True(IsVoter(cluster, id));
    }

    [Fact]
    public void Heir_takes_a_members_place_and_the_quorum_is_never_smaller()
    {
        using var cluster = TestCluster.OfList(3);
        cluster.UntilLed();
        var old = cluster.Follower;
        var heir = cluster.Add(4);
        heir.StartUnconfigured();
        var fewest = int.MaxValue;
        cluster.Pumped = () =>
        {
            foreach (var node in cluster.Running.Where(node => node != heir))
            {
                fewest = Math.Min(fewest, node.Member.Core.Config.Config.Voters.Length);
            }
        };

        var told = cluster.Change(cluster.Leader, new MemberChange.Replace(old.Member.Self, "heir", [heir.Url]));
        cluster.Until(() => IsVoter(cluster, told.Member));
        cluster.UntilSettled();

        Assert.Equal(3, fewest);
        Assert.False(cluster.Leader.Member.Raft.Config.Contains(old.Member.Self));
        Assert.Equal(3, cluster.Leader.Member.Status().Members.Count);
        cluster.Until(() => old.Member.Status().NodeState == NodeState.Removed);
    }

    [Fact]
    public void Cluster_of_one_is_moved_to_another_machine_by_a_replacement()
    {
        using var cluster = TestCluster.OfList(1, snapshotCount: 5);
        var old = cluster.UntilLed();
        var keys = new List<string>();
        Write(cluster, keys);
        Write(cluster, keys);
        var heir = cluster.Add(2);
        heir.StartUnconfigured();

        var told = cluster.Change(old, new MemberChange.Replace(old.Member.Self, "", [heir.Url]));
        Assert.True(told.IsDone, $"{told}");
        cluster.Until(() => heir.Leads);
        cluster.UntilSettled();
        cluster.Write(heir, "after");

        Assert.Equal([told.Member], heir.Member.Raft.Config.Voters.ToArray());
        Assert.All(keys, key => Assert.True(heir.Holds(key), key));
        Assert.Equal(NodeState.Removed, old.Member.Status().NodeState);
    }

    [Fact]
    public void Member_whose_disk_is_lost_is_replaced_by_itself_on_a_new_disk()
    {
        using var cluster = TestCluster.OfList(3);
        cluster.UntilLed();
        cluster.Write(cluster.Leader, "a");
        var wiped = cluster.Follower;
        var old = wiped.Member.Self;
        wiped.Stop();
        wiped.LoseDisk();
        wiped.StartUnconfigured();
        cluster.Tick(100);

        var told = cluster.Change(cluster.Leader, new MemberChange.Replace(old, wiped.Name, [wiped.Url]));
        Assert.True(told.IsDone, $"{told}");
        cluster.Until(() => IsVoter(cluster, told.Member));
        cluster.UntilSettled();

        Assert.NotEqual(old, told.Member);
        Assert.Equal(told.Member, wiped.Member.Self);
        Assert.True(wiped.Holds("a"));
        Assert.Equal(3, cluster.Leader.Member.Status().Members.Count);
        Assert.Equal(3, cluster.Leader.Member.Status().Members.Select(member => member.Name).Distinct().Count());
    }

    [Fact]
    public void Member_does_not_take_another_members_place()
    {
        using var cluster = TestCluster.OfList(3);
        cluster.UntilLed();
        var leader = cluster.Leader;
        var (old, other) = (cluster.Follower, cluster.Others(leader).Last());

        var told = cluster.Change(leader, new MemberChange.Replace(old.Member.Self, "", [other.Url]));
        var itself = cluster.Change(leader, new MemberChange.Replace(old.Member.Self, "", [old.Url]));

        Assert.Equal(ChangeRefusal.UrlTaken, told.Refused);
        Assert.Equal(ChangeRefusal.UrlTaken, itself.Refused);
        Assert.Contains("cannot take the place", told.Words, StringComparison.Ordinal);
        Assert.Equal(3, cluster.UntilSettled().Member.Raft.Config.Voters.Length);
    }

    [Fact]
    public void Member_on_a_lost_disk_gets_in_nowhere_and_counts_nowhere()
    {
        using var cluster = TestCluster.OfList(3);
        cluster.UntilLed();
        cluster.Write(cluster.Leader, "a");
        cluster.Tick(200);
        var wiped = cluster.Follower;
        wiped.Stop();
        wiped.LoseDisk();
        wiped.Start();
        cluster.Tick(500);
        var leader = cluster.Leader;
        var other = cluster.Others(leader).First(node => node != wiped);

        // Two of three, and the third is nobody: one more that hangs costs the quorum.
        other.IsPaused = true;
        var put = leader.Put("b");
        cluster.Tick(400);
        Assert.False(put is { IsTold: true, Outcome.IsDone: true });
        Assert.False(wiped.Leads || leader.Leads);

        other.IsPaused = false;
        cluster.Until(() => cluster.Running.Any(node => node.Leads));
        cluster.Write(cluster.Leader, "c");
        Assert.False(wiped.Holds("a"));
    }

    [Fact]
    public void Two_dead_of_five_are_removed_and_two_new_ones_added_with_no_other_restarted()
    {
        using var cluster = TestCluster.OfList(5);
        cluster.UntilLed();
        var keys = new List<string>();
        Write(cluster, keys);
        var dead = cluster.Others(cluster.Leader).Take(2).ToArray();
        var gone = dead.Select(node => node.Member.Self).ToArray();
        foreach (var node in dead)
        {
            node.Stop();
        }

        cluster.Tick(200);
        var kept = cluster.Running.ToArray();
        foreach (var id in gone)
        {
            cluster.MustChange(cluster.Follower, new MemberChange.Remove(id));
            Write(cluster, keys);
        }

        AddVoter(cluster, 6);
        Write(cluster, keys);
        AddVoter(cluster, 7);
        Write(cluster, keys);

        var leader = cluster.UntilSettled();
        Assert.Equal(5, leader.Member.Raft.Config.Voters.Length);
        Assert.All(gone, id => Assert.False(leader.Member.Raft.Config.Contains(id)));
        Assert.All(kept, node => Assert.Equal(1, node.Starts));
        foreach (var node in cluster.Running)
        {
            Assert.All(keys, key => Assert.True(node.Holds(key), $"{key} at {node}"));
        }
    }

    [Fact]
    public void Removal_that_would_cost_the_quorum_is_refused_and_taken_with_force()
    {
        using var cluster = TestCluster.OfList(3);
        var leader = cluster.UntilLed();
        var (live, hung) = (cluster.Others(leader).First(), cluster.Others(leader).Last());
        hung.IsPaused = true;
        cluster.Tick(200);

        var refused = cluster.Change(leader, new MemberChange.Remove(live.Member.Self));
        Assert.Equal(ChangeRefusal.WouldLoseQuorum, refused.Refused);
        Assert.Contains("force", refused.Words, StringComparison.Ordinal);
        Assert.Equal(3, leader.Member.Raft.Config.Voters.Length);
        cluster.Write(leader, "still a quorum");

        var forced = leader.Change(new MemberChange.Remove(live.Member.Self), force: true);
        cluster.Tick(50);
        Assert.True(leader.Member.Core.IsChanging);
        Assert.False(forced.IsTold);

        hung.IsPaused = false;
        cluster.Until(() => forced.IsTold);
        Assert.True(forced.Outcome.IsDone);
        Assert.Equal(2, cluster.UntilSettled().Member.Raft.Config.Voters.Length);
    }

    [Fact]
    public void Last_voter_is_not_removed_though_learners_are_left()
    {
        using var cluster = TestCluster.OfList(1);
        var leader = cluster.UntilLed();
        var learner = cluster.Add(2);
        learner.StartUnconfigured();
        cluster.MustChange(leader, new MemberChange.Add("n2", [learner.Url], StaysLearner: true));
        cluster.UntilSettled();

        foreach (var force in new[] { false, true })
        {
            var told = cluster.Change(learner, new MemberChange.Remove(leader.Member.Self), force);

            Assert.Equal(ChangeRefusal.LastVoter, told.Refused);
        }

        cluster.Write(learner, "a");
        cluster.MustChange(leader, new MemberChange.Remove(learner.Member.Self));
    }

    [Fact]
    public void Changes_asked_at_once_at_several_members_are_done_one_after_the_other()
    {
        using var cluster = TestCluster.OfList(3);
        cluster.UntilLed();
        var newcomers = new[] { cluster.Add(4), cluster.Add(5) };
        var askers = new[] { cluster.Follower, cluster.Leader };
        foreach (var node in newcomers)
        {
            node.StartUnconfigured();
        }

        var told = newcomers
            .Select((node, i) => askers[i].Change(new MemberChange.Add(node.Name, [node.Url], StaysLearner: false)))
            .ToArray();
        cluster.Until(() => told.All(each => each.IsTold));

        Assert.All(told, each => Assert.True(each.Outcome.IsDone, $"{each.Outcome}"));
        cluster.Until(() => told.All(each => IsVoter(cluster, each.Outcome.Member)));
    }

    [Fact]
    public void Leader_that_removes_itself_hands_over_and_is_told_that_it_is_done()
    {
        using var cluster = TestCluster.OfList(3);
        var leader = cluster.UntilLed();
        var term = leader.Member.Raft.HardState.Term;

        var told = leader.Change(new MemberChange.Remove(leader.Member.Self));
        cluster.Until(() => told.IsTold && !leader.Leads);
        var gaveUp = leader.Member.Now;
        cluster.Until(() => cluster.Running.Any(node => node.Leads));

        // Told to run, nobody waits for an election timeout.
        Assert.True(told.Outcome.IsDone);
        Assert.True(leader.Member.Now - gaveUp < Usual.ElectionTicks, $"{leader.Member.Now - gaveUp} ticks");
        Assert.Equal(term.Value + 1, cluster.Leader.Member.Raft.HardState.Term.Value);
        cluster.Write(cluster.Leader, "after");
        Assert.Equal(NodeState.Removed, leader.Member.Status().NodeState);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void Removed_member_that_is_started_again_disturbs_nobody(bool wasDown)
    {
        using var cluster = TestCluster.OfList(3);
        cluster.UntilLed();
        cluster.Write(cluster.Leader, "a");
        var removed = cluster.Follower;
        var id = removed.Member.Self;
        if (wasDown)
        {
            removed.Stop();
            cluster.Tick(50);
        }

        cluster.MustChange(cluster.Leader, new MemberChange.Remove(id));
        cluster.UntilSettled();
        removed.Stop();
        var (leader, term) = (cluster.Leader, cluster.Leader.Member.Raft.HardState.Term);
        removed.Start();
        cluster.Tick(2000);

        Assert.True(leader.Leads);
        Assert.Equal(term, leader.Member.Raft.HardState.Term);
        Assert.Equal(NodeState.Removed, removed.Member.Status().NodeState);
        cluster.Write(leader, "b");
        Assert.False(removed.Holds("b"));
    }

    [Fact]
    public void Removed_member_comes_back_as_a_new_one_after_a_reset_only()
    {
        using var cluster = TestCluster.OfList(3);
        cluster.UntilLed();
        var back = cluster.Follower;
        var old = back.Member.Self;
        cluster.MustChange(cluster.Leader, new MemberChange.Remove(old));
        cluster.Until(() => back.Member.Status().NodeState == NodeState.Removed);
        var add = new MemberChange.Add("", [back.Url], StaysLearner: false);

        var refused = cluster.Change(cluster.Leader, add);
        Assert.Equal(ChangeRefusal.HasData, refused.Refused);
        Assert.Contains("quorate reset", refused.Words, StringComparison.Ordinal);

        back.Stop();
        back.Reset();
        back.Start();
        var told = cluster.Change(cluster.Leader, add);
        Assert.True(told.IsDone, $"{told}");
        cluster.Until(() => IsVoter(cluster, told.Member));
        cluster.UntilSettled();
        Assert.NotEqual(old, back.Member.Self);
        Assert.Equal(3, cluster.Leader.Member.Raft.Config.Voters.Length);
    }

    [Fact]
    public void Newcomer_that_was_removed_before_it_got_anything_says_how_it_can_come_back()
    {
        using var cluster = TestCluster.OfList(3);
        cluster.UntilLed();
        var newcomer = cluster.Add(4);
        newcomer.StartUnconfigured();
        cluster.Pumped = () => newcomer.IsPaused |= newcomer.Starts > 1;
        var told = cluster.Change(cluster.Leader, new MemberChange.Add("n4", [newcomer.Url], StaysLearner: true));
        cluster.Until(() => newcomer.IsPaused);
        newcomer.Stop();
        cluster.Pumped = static () => { };
        cluster.MustChange(cluster.Leader, new MemberChange.Remove(told.Member));
        newcomer.Start();
        cluster.Tick(500);

        var add = new MemberChange.Add("n4", [newcomer.Url], StaysLearner: true);
        var refused = cluster.Change(cluster.Leader, add);
        Assert.Equal(ChangeRefusal.HasData, refused.Refused);
        Assert.Contains("quorate reset", refused.Words, StringComparison.Ordinal);

        newcomer.Stop();
        newcomer.Reset();
        newcomer.Start();
        Assert.Equal(NodeState.Unconfigured, newcomer.Member.Status().NodeState);
        cluster.MustChange(cluster.Leader, add);
    }

    private static MemberOptions Usual { get; } =
        new() { Name = "any", DataDirectory = "any", InitialCluster = [] };

    private static bool IsVoter(TestCluster cluster, NodeId id) =>
        cluster.Running.Any(node => node.Leads && node.Member.Raft is { IsChanging: false } raft
            && raft.Config.IsVoter(id));

    private static void AddVoter(TestCluster cluster, int id)
    {
        var node = cluster.Add(id);
        node.StartUnconfigured();
        var told = cluster.Change(cluster.Leader, new MemberChange.Add(node.Name, [node.Url], StaysLearner: false));
        Assert.True(told.IsDone, $"{told}");
        cluster.Until(() => IsVoter(cluster, told.Member));
        cluster.UntilSettled();
    }

    private static void Write(TestCluster cluster, List<string> keys)
    {
        foreach (var node in cluster.Running.Where(node => node.Member.Status().NodeState != NodeState.Removed))
        {
            for (var i = 0; i < 4; i++)
            {
                var key = $"k{keys.Count:d3}";
                cluster.Write(node, key);
                keys.Add(key);
            }
        }
    }
}
