using Quorate.Node.Tests.Peer;
using Quorate.Raft;

namespace Quorate.Node.Tests.Members;

/// <summary>Who may be taken into a cluster, and who stays what it is; and members that move.</summary>
public sealed class JoiningTests
{
    [Fact]
    public void Two_clusters_with_data_never_merge()
    {
        using var cluster = new TestCluster();
        var (ours, theirs) = (Lone(cluster, 1), Lone(cluster, 2));
        cluster.Write(ours, "ours");
        cluster.Write(theirs, "theirs");

        var there = cluster.Change(ours, new MemberChange.Add("", [theirs.Url], StaysLearner: false));
        var back = cluster.Change(theirs, new MemberChange.Add("", [ours.Url], StaysLearner: false));
        cluster.Tick(500);

        Assert.Equal((ChangeRefusal.HasData, ChangeRefusal.HasData), (there.Refused, back.Refused));
        AssertApart(ours, theirs);
    }

    [Fact]
    public void Clusters_of_several_never_merge_empty_or_not()
    {
        using var cluster = TestCluster.OfList(2);
        cluster.UntilLed();
        StartMember[] list = [new("n4", [TestCluster.UrlOf(4)]), new("n5", [TestCluster.UrlOf(5)])];
        var (four, five) = (cluster.Add(4, list), cluster.Add(5, list));
        four.Start();
        five.Start();
        cluster.Until(() => four.Leads || five.Leads);
        cluster.Tick(200);
        var ours = cluster[1];

        foreach (var change in new MemberChange[]
        {
            new MemberChange.Add("", [four.Url], StaysLearner: false),
            new MemberChange.Replace(ours.Member.Self, "", [five.Url]),
            new MemberChange.Update(ours.Member.Self, [four.Url]),
        })
        {
            Assert.Equal(ChangeRefusal.OtherCluster, cluster.Change(ours, change).Refused);
        }

        cluster.Tick(500);
        Assert.NotEqual(ours.Member.Status().ClusterId, four.Member.Status().ClusterId);
        Assert.Equal(2, ours.Member.Status().Members.Count);
        Assert.Equal(2, four.Member.Status().Members.Count);
        Assert.All(cluster.Running, node => Assert.Empty(node.Invitations));
    }

    [Fact]
    public void Lone_node_is_taken_in_also_before_it_has_elected_itself()
    {
        using var cluster = new TestCluster();
        var ours = Lone(cluster, 1);
        var fresh = cluster.Add(2, new StartMember("n2", [TestCluster.UrlOf(2)]));
        fresh.Start();

        var told = ours.Change(new MemberChange.Add("", [fresh.Url], StaysLearner: false));
        cluster.Until(() =>
        {
            Assert.NotEqual(NodeState.AloneWithData, fresh.Member.NodeState);
            return told.IsTold && fresh.Member.Status().ClusterId == ours.Member.Status().ClusterId;
        });

        Assert.True(told.Outcome.IsDone, $"{told.Outcome}");
        cluster.UntilSettled();
    }

    [Fact]
    public void Empty_clusters_of_one_that_ask_for_each_other_become_one_at_most()
    {
        using var cluster = new TestCluster();
        var (one, two) = (Lone(cluster, 1), Lone(cluster, 2));

        var there = one.Change(new MemberChange.Add("", [two.Url], StaysLearner: false), deadlineTicks: 300);
        var back = two.Change(new MemberChange.Add("", [one.Url], StaysLearner: false), deadlineTicks: 300);
        cluster.Until(() => there.IsTold && back.IsTold);
        cluster.Tick(1000);

        var taken = one.Invitations.Count + two.Invitations.Count;
        Assert.InRange(taken, 0, 1);
        Assert.Equal(taken == 1, one.Member.Status().ClusterId == two.Member.Status().ClusterId);
        Assert.True(one.Leads || two.Leads);
        cluster.Write(one, "a");
        cluster.Write(two, "b");
    }

    [Fact]
    public void Node_that_is_asking_another_in_is_not_taken_in_itself_before_that_has_ended()
    {
        using var cluster = new TestCluster();
        var (one, two) = (Lone(cluster, 1), Lone(cluster, 2));
        const string Silent = "http://silent:1";
        cluster.Network.TransportOf(Silent).Listen(static _ => new Stranger());
        var asking = two.Change(new MemberChange.Add("", [Silent], StaysLearner: false), deadlineTicks: 200);
        cluster.Tick(10);
        Assert.False(asking.IsTold);

        var add = new MemberChange.Add("", [two.Url], StaysLearner: false);
        var early = cluster.Change(one, add);
        Assert.False(asking.IsTold);
        Assert.Equal(ChangeRefusal.HasData, early.Refused);
        Assert.Contains("is changing", early.Words, StringComparison.Ordinal);

        cluster.Until(() => asking.IsTold);
        Assert.Equal(ChangeRefusal.Unreachable, asking.Outcome.Refused);
        cluster.Tick();
        cluster.MustChange(one, add);
        cluster.Until(() => one.Leads && one.Member.Raft.Config.Voters.Length == 2);
    }

    [Fact]
    public void Lone_node_that_gets_data_after_it_was_met_keeps_it()
    {
        using var cluster = new TestCluster();
        var (ours, lone) = (Lone(cluster, 1), Lone(cluster, 2));
        cluster.Write(ours, "ours");

        // The change is committed, and the write is there before the invitation comes.
        var told = ours.Change(new MemberChange.Add("n2", [lone.Url], StaysLearner: true));
        var put = default(ToldPut);
        cluster.Pumped = () => put = put is null && ours.Member.Core.IsChanging ? lone.Put("theirs") : put;
        cluster.Until(() => told.IsTold && put is { IsTold: true });
        cluster.Tick(500);

        Assert.True(put!.Outcome.IsDone);
        Assert.Empty(lone.Invitations);
        AssertApart(ours, lone);

        // Nothing is half for ever: who never came is taken out again.
        cluster.MustChange(ours, new MemberChange.Remove(told.Outcome.Member));
        Assert.Single(ours.Member.Status().Members);
    }

    [Fact]
    public void Lone_node_that_holds_nothing_is_taken_in_and_gives_up_its_own_cluster()
    {
        using var cluster = new TestCluster();
        var (ours, lone) = (Lone(cluster, 1), Lone(cluster, 2));
        cluster.Write(ours, "ours");
        var before = lone.Member.Status();

        var told = cluster.Change(ours, new MemberChange.Add("", [lone.Url], StaysLearner: false));
        Assert.True(told.IsDone, $"{told}");
        cluster.Until(() => ours.Leads && ours.Member.Raft.Config.Voters.Length == 2);
        cluster.UntilSettled();

        Assert.Equal(ours.Member.Status().ClusterId, lone.Member.Status().ClusterId);
        Assert.NotEqual(before.ClusterId, lone.Member.Status().ClusterId);
        Assert.Equal(before.DirectoryId, lone.Member.Status().DirectoryId);
        Assert.Equal(told.Member, lone.Member.Self);
        Assert.True(lone.Holds("ours"));
    }

    [Fact]
    public void Newcomer_that_stops_at_any_step_of_its_way_in_gets_in_when_it_is_back()
    {
        var steps = 0;
        using (var cluster = TestCluster.OfList(3))
        {
            steps = Join(cluster, stopAt: int.MaxValue);
        }

        for (var stopAt = 0; stopAt < steps; stopAt += Math.Max(1, steps / 40))
        {
            using var cluster = TestCluster.OfList(3, snapshotCount: 4);

            Join(cluster, stopAt);
        }
    }

    [Fact]
    public void Adding_a_member_again_is_done_at_once_and_a_wrong_address_costs_nothing()
    {
        using var cluster = TestCluster.OfList(3);
        var leader = cluster.UntilLed();
        var follower = cluster.Follower;
        var last = leader.Member.Raft.Last;

        var again = cluster.Change(follower, new MemberChange.Add("", [leader.Url], StaysLearner: false));
        var nobody = cluster.Change(follower, new MemberChange.Add("", ["http://nobody:1"], StaysLearner: false));

        Assert.Equal((true, leader.Member.Self), (again.IsDone, again.Member));
        Assert.Equal(ChangeRefusal.Unreachable, nobody.Refused);
        Assert.Contains("http://nobody:1", nobody.Words, StringComparison.Ordinal);
        Assert.Equal(last, leader.Member.Raft.Last);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void Member_that_has_moved_is_one_entry_and_no_quorum_smaller(bool isAsked)
    {
        using var cluster = TestCluster.OfList(3);
        cluster.UntilLed();
        cluster.Tick(300);
        var moved = cluster.Follower;
        var id = moved.Member.Self;
        moved.Stop();
        var configIndex = cluster.Leader.Member.Raft.ConfigIndex;
        var seen = new SortedSet<LogIndex>();
        var joint = false;
        cluster.Pumped = () =>
        {
            seen.Add(cluster.Leader.Member.Core.Config.Index);
            joint |= cluster.Leader.Member.Core.Config.Config.IsJoint;
        };

        moved.Url = "http://elsewhere:2380";
        moved.Start(isAsked ? [] : [moved.Url]);
        if (isAsked)
        {
            cluster.MustChange(cluster.Leader, new MemberChange.Update(id, [moved.Url]));
        }

        cluster.Until(() => cluster.Leader.Member.Status().Find(id)!.PeerUrls is [var url] && url == moved.Url);
        cluster.UntilSettled();
        cluster.Write(moved, "a");

        Assert.False(joint);
        Assert.Equal(1, seen.Count(index => index > configIndex));
        Assert.Equal(3, cluster.Leader.Member.Raft.Config.Voters.Length);
    }

    [Fact]
    public void Members_at_swapped_addresses_are_each_told_apart()
    {
        using var cluster = TestCluster.OfList(3);
        var leader = cluster.UntilLed();
        var (one, two) = (cluster.Others(leader).First(), cluster.Others(leader).Last());

        var told = cluster.Change(leader, new MemberChange.Update(one.Member.Self, [two.Url]));

        Assert.Equal(ChangeRefusal.UrlTaken, told.Refused);
        Assert.Contains(two.Name, told.Words, StringComparison.Ordinal);
    }

    // The number of the newcomer's turns until it was a voter.
    private static int Join(TestCluster cluster, int stopAt)
    {
        cluster.UntilLed();
        for (var i = 0; i < 10; i++)
        {
            cluster.Write(cluster.Leader, $"k{i}");
        }

        var newcomer = cluster.Add(4);
        newcomer.StartUnconfigured();
        cluster.Tick(5);
        var (turns, isStopped) = (0, false);
        cluster.PumpUnits = 1;
        cluster.Pumped = () =>
        {
            if (newcomer.IsRunning && turns++ == stopAt)
            {
                newcomer.Stop();
                isStopped = true;
            }
        };

        bool IsIn() => cluster.Leader.Member.Raft is { IsChanging: false, Config.Voters.Length: 4 };
        var add = new MemberChange.Add("n4", [newcomer.Url], StaysLearner: false);
        var told = cluster.Leader.Change(add);
        cluster.Until(() => isStopped || IsIn());
        if (isStopped)
        {
            cluster.Tick(150);
            newcomer.Start();
            cluster.Tick(50);
        }

        cluster.Until(() => told.IsTold);
        if (told.Outcome.Refused == ChangeRefusal.Unreachable)
        {
            // It was gone before it could answer: nothing was changed.
            Assert.Equal(3, cluster.Leader.Member.Status().Members.Count);
            told = cluster.Leader.Change(add);
        }

        cluster.Until(() => told.IsTold && IsIn());
        Assert.True(told.Outcome.IsDone, $"stopped at {stopAt}: {told.Outcome}");
        cluster.UntilSettled();
        Assert.Equal(told.Outcome.Member, newcomer.Member.Self);
        Assert.All(Enumerable.Range(0, 10), i => Assert.True(newcomer.Holds($"k{i}"), $"stopped at {stopAt}: k{i}"));
        return turns;
    }

    private static TestNode Lone(TestCluster cluster, int id)
    {
        var node = cluster.Add(id, new StartMember($"n{id}", [TestCluster.UrlOf(id)]));
        node.Start();
        cluster.Until(() => node.Leads && !node.Member.Core.IsChanging);
        cluster.Tick(100);
        return node;
    }

    private static void AssertApart(TestNode ours, TestNode theirs)
    {
        Assert.NotEqual(ours.Member.Status().ClusterId, theirs.Member.Status().ClusterId);
        Assert.True(ours.Leads && theirs.Leads);
        Assert.True(ours.Holds("ours") && theirs.Holds("theirs"));
        Assert.False(ours.Holds("theirs") || theirs.Holds("ours"));
    }
}
