using Quorate.Raft;

namespace Quorate.Node.Tests;

public sealed class MemberListTests
{
    private static readonly StartMember[] List =
    [
        new("n1", ["http://127.0.0.1:2380"]),
        new("n2", ["http://127.0.0.1:22380"]),
        new("größe", ["http://127.0.0.1:32380", "http://[::1]:32380"]),
    ];

    [Fact]
    public void The_order_of_a_start_list_changes_nothing()
    {
        var forth = MemberList.FromStartList("token", List);
        var back = MemberList.FromStartList("token", [.. List.Reverse()]);

        Assert.Equal(forth.ClusterId, back.ClusterId);
        Assert.Equal(new Roster(forth.Members, []).ToBytes(), new Roster(back.Members, []).ToBytes());
    }

    [Fact]
    public void Token_and_addresses_change_the_ids()
    {
        var one = MemberList.FromStartList("token", List);
        var other = MemberList.FromStartList("another", List);

        Assert.NotEqual(one.ClusterId, other.ClusterId);
        Assert.NotEqual(one.Members[0].Id, other.Members[0].Id);
    }

    [Fact]
    public void A_first_start_is_over_when_everybody_was_met()
    {
        var (_, members) = MemberList.FromStartList("token", List);
        var meeting = new Meeting(members.Skip(1), missingAllowed: 0);

        meeting.Met(members[1].Id);
        Assert.False(meeting.IsOver);
        Assert.Equal([members[2].Name], meeting.WaitingFor);

        meeting.Met(members[2].Id);
        Assert.True(meeting.IsOver);
        Assert.Empty(meeting.WaitingFor);
    }

    [Fact]
    public void A_bootstrap_quorum_needs_a_majority_only()
    {
        var (_, members) = MemberList.FromStartList("token", List);
        var meeting = new Meeting(members.Skip(1), missingAllowed: 1);

        Assert.False(meeting.IsOver);
        meeting.Met(members[1].Id);

        Assert.True(meeting.IsOver);
    }
}
