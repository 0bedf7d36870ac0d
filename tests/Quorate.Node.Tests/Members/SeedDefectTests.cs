namespace Quorate.Node.Tests.Members;

/// <summary>What went wrong with members in the systems that Quorate replaces, and has no other test here.</summary>
public sealed class SeedDefectTests
{
    // EASC raft: servers ran under one name and were added under another; once the leader had died, none of them took
    // itself for a member, and nobody was ever elected again.
    [Fact]
    public void Nodes_that_are_added_under_other_names_than_they_run_with_elect_a_leader_when_theirs_is_gone()
    {
        using var cluster = TestCluster.OfList(1);
        var leader = cluster.UntilLed();
        foreach (var id in (int[])[2, 3])
        {
            var newcomer = cluster.Add(id);
            newcomer.StartUnconfigured();
            cluster.MustChange(leader, new MemberChange.Add($"{id}", [newcomer.Url], StaysLearner: false));
            cluster.Until(() => leader.Member.Raft.Config.Voters.Length == id);
        }

        cluster.UntilSettled();
        cluster.Write(leader, "a");
        leader.Stop();

        var heir = cluster.UntilLed();

        Assert.NotEqual(1, heir.Number);
        cluster.Until(() => heir.Holds("a"));
        Assert.Equal(["2", "3", "n1"], heir.Member.Status().Members.Select(member => member.Name).Order());
    }

    // hraftd: two requests to join, which anybody may send, moved a member to a dead port and took the leader's place;
    // the cluster never had a leader again.
    [Fact]
    public void Two_stray_joins_move_nobody_and_evict_nobody()
    {
        using var cluster = TestCluster.OfList(3);
        var leader = cluster.UntilLed();
        var moved = cluster.Follower;
        var stray = cluster.Add(4);
        stray.StartUnconfigured();
        cluster.Tick(5);
        var before = leader.Member.Raft.Config;

        var toDeadPort = cluster.Change(leader, new MemberChange.Add(moved.Name, ["http://dead:1"], false));
        var inPlaceOfLeader = cluster.Change(leader, new MemberChange.Add(leader.Name, [stray.Url], false));

        Assert.Equal(ChangeRefusal.Unreachable, toDeadPort.Refused);
        Assert.Equal(ChangeRefusal.NameTaken, inPlaceOfLeader.Refused);
        Assert.True(leader.Leads);
        Assert.Equal(before, leader.Member.Raft.Config);
        Assert.Empty(stray.Invitations);
        cluster.Write(moved, "a");
    }

    // raftdb: a member that joined again was removed first and then added, so that the quorum was smaller in between.
    // Permazen: a new server counted at once, before it held anything.
    [Fact]
    public void Joining_again_makes_no_entry_and_a_new_server_counts_only_when_it_has_caught_up()
    {
        using var cluster = TestCluster.OfList(3, followsInvitations: false);
        var leader = cluster.UntilLed();
        var newest = leader.Member.Raft.ConfigIndex;
        var again = cluster.Change(leader, new MemberChange.Add(cluster.Follower.Name, [cluster.Follower.Url], false));

        Assert.True(again.IsDone);
        Assert.Equal(newest, leader.Member.Raft.ConfigIndex);

        // It is added, and never follows the invitation: three voters decide, as before.
        var newcomer = cluster.Add(4);
        newcomer.StartUnconfigured();
        cluster.MustChange(leader, new MemberChange.Add("n4", [newcomer.Url], StaysLearner: false));
        newcomer.Stop();
        cluster.Others(leader).First(node => node != newcomer).Stop();
        cluster.Write(leader, "a");

        Assert.Equal(3, leader.Member.Raft.Config.Voters.Length);
    }
}
