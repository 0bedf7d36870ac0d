using Quorate.Raft;

namespace Quorate.Node.Tests.Members;

/// <summary>From a change that is asked for to a configuration, or to a refusal with words.</summary>
public sealed class MemberChangerTests
{
    private const string Url4 = "http://127.0.0.1:4";
    private static readonly UInt128 Cluster = 42;
    private static readonly NodeId NewId = new(99);

    [Fact]
    public void Node_that_holds_nothing_enters_as_a_learner()
    {
        var plan = Changer().Plan(Add("n4"), Found(), NewId);

        Assert.True(plan.Target!.IsLearner(NewId));
        Assert.Equal(3, plan.Target.Voters.Length);
        var added = Roster.Of(plan.Target).Find(NewId)!;
        Assert.Equal(("n4", (UInt128)400), (added.Name, added.Directory));
        Assert.False(added.IsAnnounced);
    }

    [Fact]
    public void Node_without_a_wanted_name_keeps_its_own()
    {
        var plan = Changer().Plan(Add(""), Found(name: "itself"), NewId);

        Assert.Equal("itself", Roster.Of(plan.Target!).Find(NewId)!.Name);
    }

    public static TheoryData<string, ChangeRefusal, string> Newcomers => new()
    {
        { "data", ChangeRefusal.HasData, "holds data of its own" },
        { "starting", ChangeRefusal.Busy, "is starting" },
        { "removed", ChangeRefusal.HasData, "was removed from its cluster" },
        { "member", ChangeRefusal.OtherCluster, "belongs to another cluster" },
        { "wiped", ChangeRefusal.OtherDirectory, "has lost what it knew" },
        { "former", ChangeRefusal.HasData, "belonged to this cluster before" },
    };

    [Theory]
    [MemberData(nameof(Newcomers))]
    public void Node_that_may_not_be_taken_is_refused(string kind, ChangeRefusal why, string words)
    {
        var found = kind switch
        {
            "data" => Found(NodeState.AloneWithData, cluster: 7),
            "starting" => Found(NodeState.Starting, cluster: 7),
            "removed" => Found(NodeState.Removed, cluster: 7),
            "member" => Found(NodeState.Member, cluster: 7),
            "wiped" => Found(NodeState.Member, Cluster, member: 3),
            _ => Found(NodeState.Member, Cluster, member: 77),
        };

        var plan = Changer().Plan(Add("n4"), found, NewId);

        Assert.Equal(why, plan.Refused);
        Assert.Contains(words, plan.Words, StringComparison.Ordinal);
        Assert.Null(plan.Target);
    }

    [Fact]
    public void Member_that_is_found_again_is_nothing_to_do()
    {
        var found = Found(NodeState.Member, Cluster, member: 3, directory: 300);

        var plan = Changer().Plan(new MemberChange.Add("n3", ["http://127.0.0.1:3"], false), found, NewId);

        Assert.Equal((null, null, new NodeId(3)), (plan.Target, plan.Refused, plan.Member));
    }

    [Fact]
    public void Member_that_is_found_elsewhere_is_moved_in_one_step()
    {
        var found = Found(NodeState.Member, Cluster, member: 3, directory: 300);

        var plan = Changer().Plan(Add("n3"), found, NewId);

        Assert.Equal([Url4], Roster.Of(plan.Target!).Find(new NodeId(3))!.PeerUrls);
        Assert.Equal(3, plan.Target!.Voters.Length);
    }

    [Fact]
    public void Name_and_url_are_each_somebodys()
    {
        Assert.Equal(ChangeRefusal.NameTaken, Changer().Plan(Add("n3"), Found(), NewId).Refused);
        var twice = new MemberChange.Add("n4", ["http://127.0.0.1:3"], false);
        Assert.Equal(ChangeRefusal.UrlTaken, Changer().Plan(twice, Found(), NewId).Refused);
        var announce = new MemberChange.Announce(["http://127.0.0.1:3"], false);
        Assert.Equal(ChangeRefusal.UrlTaken, Changer().Plan(announce, null, NewId).Refused);
        var member = Found(NodeState.Member, Cluster, member: 3, directory: 300);
        Assert.Equal(ChangeRefusal.NameTaken, Changer().Plan(Add("n4"), member, NewId).Refused);
    }

    [Fact]
    public void Announced_member_takes_what_is_wanted_of_it_now()
    {
        var announced = Changer().Plan(new MemberChange.Announce([Url4], false), null, NewId).Target!;
        var replace = new MemberChange.Replace(new NodeId(3), "heir", [Url4]);

        var plan = new MemberChanger(Cluster, announced).Plan(replace, Found(), new NodeId(100));

        var taken = Roster.Of(plan.Target!).Find(NewId)!;
        Assert.Equal(("heir", new NodeId(3), false), (taken.Name, taken.Replaces, taken.IsAnnounced));
        Assert.True(plan.Target!.IsLearner(NewId));
    }

    [Fact]
    public void Announced_member_counts_nowhere_until_it_answers()
    {
        var announced = Changer().Plan(new MemberChange.Announce([Url4], false), null, NewId).Target!;

        Assert.False(announced.IsVoter(NewId) || announced.IsLearner(NewId));
        var changer = new MemberChanger(Cluster, announced);
        Assert.Equal(
            ChangeRefusal.NotCaughtUp, changer.Plan(new MemberChange.Promote(NewId), null, default).Refused);

        var contact = changer.PlanContact(Roster.Of(announced).Find(NewId)!, Found(name: "late"));
        Assert.True(contact.Target!.IsLearner(NewId));
        Assert.Equal("late", Roster.Of(contact.Target).Find(NewId)!.Name);
    }

    [Fact]
    public void Second_heir_of_a_member_is_refused()
    {
        var replace = new MemberChange.Replace(new NodeId(3), "n4", [Url4]);
        var first = Changer().Plan(replace, Found(), NewId).Target!;
        var second = new MemberChange.Replace(new NodeId(3), "n5", ["http://127.0.0.1:5"]);

        var plan = new MemberChanger(Cluster, first).Plan(second, Found(directory: 500), new NodeId(100));

        Assert.Equal(ChangeRefusal.ChangeUnderWay, plan.Refused);
        Assert.Contains("\"n4\"", plan.Words, StringComparison.Ordinal);
    }

    [Fact]
    public void Heir_may_have_the_name_and_the_address_of_the_member_whose_place_it_takes()
    {
        var replace = new MemberChange.Replace(new NodeId(3), "n3", ["http://127.0.0.1:3"]);

        var plan = Changer().Plan(replace, Found(), NewId);

        Assert.Equal(("n3", new NodeId(3)), NameAndReplaced(Roster.Of(plan.Target!).Find(NewId)!));
        var again = new MemberChanger(Cluster, plan.Target!).Plan(replace, Found(), new NodeId(100));
        Assert.Equal((null, null, NewId), (again.Target, again.Refused, again.Member));
        var others = new MemberChange.Replace(new NodeId(3), "n2", ["http://127.0.0.1:3"]);
        Assert.Equal(ChangeRefusal.NameTaken, Changer().Plan(others, Found(), NewId).Refused);
        var elsewhere = new MemberChange.Replace(new NodeId(3), "n3", ["http://127.0.0.1:2"]);
        Assert.Equal(ChangeRefusal.UrlTaken, Changer().Plan(elsewhere, Found(), NewId).Refused);
    }

    [Fact]
    public void Heir_that_was_announced_may_have_the_name_of_the_member_whose_place_it_takes()
    {
        var announced = Changer().Plan(new MemberChange.Announce([Url4], false), null, NewId).Target!;
        var replace = new MemberChange.Replace(new NodeId(3), "n3", [Url4]);

        var plan = new MemberChanger(Cluster, announced).Plan(replace, Found(), new NodeId(100));

        Assert.Equal(("n3", new NodeId(3)), NameAndReplaced(Roster.Of(plan.Target!).Find(NewId)!));
    }

    [Fact]
    public void Announced_member_that_is_replaced_at_its_own_address_is_taken_in_and_nobodys_heir()
    {
        var announced = Changer().Plan(new MemberChange.Announce([Url4], false), null, NewId).Target!;
        var replace = new MemberChange.Replace(NewId, "n4", [Url4]);

        var plan = new MemberChanger(Cluster, announced).Plan(replace, Found(), new NodeId(100));
        var promoted = new MemberChanger(Cluster, plan.Target!).Plan(new MemberChange.Promote(NewId), null, default);

        Assert.Equal(("n4", NodeId.None), NameAndReplaced(Roster.Of(plan.Target!).Find(NewId)!));
        Assert.True(promoted.Target!.IsVoter(NewId));
        Assert.Empty(Roster.Of(promoted.Target).Removed);
    }

    [Fact]
    public void Announced_member_that_is_replaced_at_another_address_leaves_when_its_heir_votes()
    {
        var announced = Changer().Plan(new MemberChange.Announce(["http://127.0.0.1:9"], false), null, NewId).Target!;
        var (replace, heir) = (new MemberChange.Replace(NewId, "n4", [Url4]), new NodeId(100));

        var plan = new MemberChanger(Cluster, announced).Plan(replace, Found(), heir);
        var promoted = new MemberChanger(Cluster, plan.Target!).Plan(new MemberChange.Promote(heir), null, default);

        Assert.True(promoted.Target!.IsVoter(heir));
        Assert.Equal([NewId], Roster.Of(promoted.Target).Removed);
        Assert.Null(Roster.Of(promoted.Target).Find(NewId));
    }

    [Fact]
    public void Member_is_nobodys_heir()
    {
        foreach (var directory in new uint[] { 200, 300 })
        {
            var found = Found(NodeState.Member, Cluster, member: directory / 100, directory: directory);
            var replace = new MemberChange.Replace(new NodeId(3), "", [$"http://127.0.0.1:{directory / 100}"]);

            var plan = Changer().Plan(replace, found, NewId);

            Assert.Equal(ChangeRefusal.UrlTaken, plan.Refused);
            Assert.Contains("cannot take the place of another", plan.Words, StringComparison.Ordinal);
        }
    }

    [Fact]
    public void Heir_and_member_change_places_in_one_step()
    {
        var replace = new MemberChange.Replace(new NodeId(3), "n4", [Url4]);
        var learning = Changer().Plan(replace, Found(), NewId).Target!;

        var plan = new MemberChanger(Cluster, learning).Plan(new MemberChange.Promote(NewId), null, default);

        Assert.Equal([new NodeId(1), new NodeId(2), NewId], plan.Target!.Voters.ToArray());
        Assert.Null(Roster.Of(plan.Target).Find(new NodeId(3)));
        Assert.Contains(new NodeId(3), Roster.Of(plan.Target).Removed);
    }

    [Fact]
    public void Voter_is_not_promoted_and_the_last_one_not_removed()
    {
        var promote = Changer().Plan(new MemberChange.Promote(new NodeId(3)), null, default);
        Assert.Equal(ChangeRefusal.NotALearner, promote.Refused);

        var only = new MemberInfo(new NodeId(1), "n1", ["http://127.0.0.1:1"]) { Directory = 100 };
        var alone = new ClusterConfig([only.Id], attachment: new Roster([only], []).ToBytes());
        var remove = new MemberChanger(Cluster, alone).Plan(new MemberChange.Remove(only.Id), null, default);
        Assert.Equal(ChangeRefusal.LastVoter, remove.Refused);
    }

    [Fact]
    public void Removed_id_is_known_as_such()
    {
        var removed = Changer().Plan(new MemberChange.Remove(new NodeId(3)), null, default).Target!;

        var again = new MemberChanger(Cluster, removed).Plan(new MemberChange.Remove(new NodeId(3)), null, default);
        Assert.Equal(ChangeRefusal.NoSuchMember, again.Refused);
        Assert.Contains("removed already", again.Words, StringComparison.Ordinal);
        Assert.Contains(
            "the members are", Changer().Plan(new MemberChange.Remove(new NodeId(55)), null, default).Words,
            StringComparison.Ordinal);
    }

    [Fact]
    public void New_address_must_answer_with_the_members_own_directory()
    {
        var update = new MemberChange.Update(new NodeId(3), [Url4]);

        var stranger = Changer().Plan(update, Found(), default);
        var wiped = Changer().Plan(update, Found(NodeState.Member, Cluster, member: 3), default);
        var same = Changer().Plan(update, Found(NodeState.Member, Cluster, member: 3, directory: 300), default);

        Assert.Equal(ChangeRefusal.OtherCluster, stranger.Refused);
        Assert.Equal(ChangeRefusal.OtherDirectory, wiped.Refused);
        Assert.Equal([Url4], Roster.Of(same.Target!).Find(new NodeId(3))!.PeerUrls);
    }

    [Theory]
    [InlineData("http://127.0.0.1", "is no peer URL")]
    [InlineData("https://127.0.0.1:1", "is no peer URL")]
    [InlineData("127.0.0.1:1", "is no peer URL")]
    [InlineData("http://127.0.0.1:1/path", "is no peer URL")]
    [InlineData("http://0.0.0.0:1", "nobody can dial 'http://0.0.0.0:1'")]
    [InlineData("http://[::]:1", "nobody can dial 'http://[::]:1'")]
    [InlineData("http://127.0.0.1:0", "nobody can dial 'http://127.0.0.1:0'")]
    public void Url_that_cannot_be_is_named(string url, string words)
    {
        var fault = MemberChanger.FindFault(new MemberChange.Announce([url], false));

        Assert.Contains(words, fault, StringComparison.Ordinal);
    }

    [Fact]
    public void Voter_that_leaves_is_reached_until_it_has_left()
    {
        var removed = Changer().Plan(new MemberChange.Remove(new NodeId(3)), null, default).Target!;
        var joint = new ClusterConfig(
            removed.Voters.ToArray(), [new NodeId(1), new NodeId(2), new NodeId(3)], attachment: removed.Attachment);

        Assert.Equal(["http://127.0.0.1:3"], Roster.Of(joint).Find(new NodeId(3))!.PeerUrls);
        Assert.DoesNotContain(new NodeId(3), Roster.Of(joint).Removed);
        Assert.Null(Roster.Of(removed).Find(new NodeId(3)));
        Assert.Contains(new NodeId(3), Roster.Of(removed).Removed);
        var next = new MemberChanger(Cluster, removed).Plan(Add("n4"), Found(), NewId).Target!;
        Assert.True(Roster.TryRead(next.Attachment.Span, out var kept));
        Assert.Null(kept.Find(new NodeId(3)));
    }

    [Fact]
    public void Announced_member_is_gone_when_it_is_removed()
    {
        var announced = Changer().Plan(new MemberChange.Announce([Url4], false), null, NewId).Target!;

        var removed = new MemberChanger(Cluster, announced).Plan(new MemberChange.Remove(NewId), null, default).Target!;

        Assert.Null(Roster.Of(removed).Find(NewId));
    }

    private static (string Name, NodeId Replaced) NameAndReplaced(MemberInfo member) => (member.Name, member.Replaces);

    private static MemberChanger Changer()
    {
        MemberInfo[] members =
        [
            .. Enumerable.Range(1, 3).Select(i =>
                new MemberInfo(new NodeId((ulong)i), $"n{i}", [$"http://127.0.0.1:{i}"])
                {
                    Directory = (UInt128)(100 * i),
                }),
        ];
        return new MemberChanger(
            Cluster,
            new ClusterConfig(members.Select(member => member.Id), attachment: new Roster(members, []).ToBytes()));
    }

    private static MemberChange.Add Add(string name) => new(name, [Url4], StaysLearner: false);

    private static PeerHello Found(
        NodeState state = NodeState.Unconfigured, UInt128 cluster = default, ulong member = 77, uint directory = 400,
        string name = "found") => Peer.Samples.Hello() with
    {
        State = state,
        ClusterId = cluster,
        Member = new NodeId(member),
        DirectoryId = directory,
        Name = name,
    };
}
