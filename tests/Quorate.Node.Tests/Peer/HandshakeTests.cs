using Quorate.Raft;

namespace Quorate.Node.Tests.Peer;

public sealed class HandshakeTests
{
    private static readonly PeerHello Own = Samples.Hello(1) with { ProtocolMin = 2, ProtocolMax = 4 };
    private static readonly PeerHello Good = Samples.Hello(2) with { ProtocolMin = 4, ProtocolMax = 6 };

    [Fact]
    public void Hello_comes_back_as_it_was()
    {
        var hello = Good with
        {
            Damaged = true, Expected = new NodeId(7), Name = "nöde", PeerUrls = ["http://[::1]:2380", "http://b:1"],
        };
        var body = Samples.BodyOf(Samples.Written(hello.Write));

        Assert.True(PeerHello.TryRead(body, out var read));

        Assert.Equal(hello.PeerUrls, read.PeerUrls);
        Assert.Equal(hello, read with { PeerUrls = hello.PeerUrls });
    }

    [Fact]
    public void Hello_of_a_later_version_may_say_more()
    {
        byte[] body = [.. Samples.BodyOf(Samples.Written(Good.Write)), 1, 2, 3];

        Assert.True(PeerHello.TryRead(body, out _));
    }

    [Theory]
    [InlineData("")]
    [InlineData("a\nb")]
    public void Name_that_does_not_fit_a_log_line_is_refused(string name)
    {
        var body = Samples.BodyOf(Samples.Written((Good with { Name = name }).Write));

        Assert.False(PeerHello.TryRead(body, out _));
    }

    [Fact]
    public void Good_hello_is_accepted_by_both_sides()
    {
        Assert.Null(HandshakeJudge.Judge(Own, Good, knownDirectory: null));
        Assert.Null(HandshakeJudge.Judge(Good, Own, knownDirectory: Own.DirectoryId));
        Assert.Null(HandshakeJudge.Judge(
            Own with { Expected = Good.Member }, Good with { Expected = Own.Member }, knownDirectory: null));
    }

    public static TheoryData<string, PeerHello, RefusedBecause> Refused() => new()
    {
        { "another cluster", Good with { ClusterId = 0xC2 }, RefusedBecause.ForeignCluster },
        { "myself", Own, RefusedBecause.SelfSent },
        { "my id from another place", Good with { Member = Own.Member }, RefusedBecause.OtherDirectory },
        { "wants another", Good with { Expected = new NodeId(3) }, RefusedBecause.Misdirected },
        { "newer", Good with { ProtocolMin = 5 }, RefusedBecause.NewerProtocol },
        { "older", Good with { ProtocolMin = 1, ProtocolMax = 1 }, RefusedBecause.OlderProtocol },
        { "no version", Good with { ProtocolMin = 0 }, RefusedBecause.BadProtocolRange },
        { "no range", Good with { ProtocolMin = 4, ProtocolMax = 3 }, RefusedBecause.BadProtocolRange },
        { "a wiped directory", Good with { DirectoryId = 0xBAD }, RefusedBecause.OtherDirectory },
    };

    [Theory]
    [MemberData(nameof(Refused))]
    public void Hello_is_refused_with_both_sides_named(string why, PeerHello other, RefusedBecause because)
    {
        var refusal = HandshakeJudge.Judge(Own, other, Good.DirectoryId);

        Assert.True(refusal is not null, why);
        Assert.Equal(because, refusal.Value.Because);
        Assert.Contains(Own.Member.ToString(), refusal.Value.Words);
        Assert.Contains(other.Member.ToString(), refusal.Value.Words);
    }

    [Fact]
    public void Dialer_that_reaches_another_member_refuses()
    {
        var refusal = HandshakeJudge.Judge(Own with { Expected = new NodeId(3) }, Good, knownDirectory: null);

        Assert.Equal(RefusedBecause.Misdirected, refusal?.Because);
    }

    [Fact]
    public void Member_that_was_removed_is_told_so_and_how_to_come_back()
    {
        var refusal = HandshakeJudge.Judge(Own, Good, Good.DirectoryId, isRemoved: true);

        Assert.Equal(RefusedBecause.Removed, refusal?.Because);
        Assert.Contains(Good.ToString(), refusal!.Value.Words);
        Assert.Contains("reset", refusal.Value.Words);
    }

    [Fact]
    public void Removed_member_is_told_so_whatever_directory_it_has_now()
    {
        var wiped = Good with { DirectoryId = 0xBAD };

        var refusal = HandshakeJudge.Judge(Own, wiped, Good.DirectoryId, isRemoved: true);

        Assert.Equal(RefusedBecause.Removed, refusal?.Because);
    }

    [Fact]
    public void Member_is_refused_that_expects_a_directory_we_had_before()
    {
        var refusal = HandshakeJudge.Judge(Own, Good with { ExpectedDirectory = 0xBAD }, knownDirectory: null);

        Assert.Equal(RefusedBecause.OtherDirectory, refusal?.Because);
        Assert.Contains("new member", refusal!.Value.Words);
        Assert.Null(HandshakeJudge.Judge(Own, Good with { ExpectedDirectory = Own.DirectoryId }, null));
    }

    public static TheoryData<NodeState, RefusedBecause> Invited() => new()
    {
        { NodeState.Unconfigured, RefusedBecause.Joining },
        { NodeState.Alone, RefusedBecause.Joining },
        { NodeState.Starting, RefusedBecause.Joining },
        { NodeState.AloneWithData, RefusedBecause.HasData },
        { NodeState.Member, RefusedBecause.ForeignCluster },
        { NodeState.Removed, RefusedBecause.ForeignCluster },
    };

    [Theory]
    [MemberData(nameof(Invited))]
    public void Invitation_is_for_who_holds_nothing_or_does_not_know_yet(NodeState state, RefusedBecause because)
    {
        var refusal = HandshakeJudge.Judge(Newcomer(state), Invitation(), knownDirectory: null);

        Assert.Equal(because, refusal?.Because);
    }

    public static TheoryData<NodeState, RefusedBecause> InvitedElsewhere() => new()
    {
        { NodeState.Unconfigured, RefusedBecause.OtherDirectory },
        { NodeState.Alone, RefusedBecause.ForeignCluster },
        { NodeState.Starting, RefusedBecause.ForeignCluster },
        { NodeState.AloneWithData, RefusedBecause.ForeignCluster },
        { NodeState.Member, RefusedBecause.ForeignCluster },
    };

    [Theory]
    [MemberData(nameof(InvitedElsewhere))]
    public void Invitation_for_another_directory_takes_nobody_in(NodeState state, RefusedBecause because)
    {
        var invitation = Invitation() with { ExpectedDirectory = 0xBAD };

        var refusal = HandshakeJudge.Judge(Newcomer(state), invitation, knownDirectory: null);

        Assert.Equal(because, refusal?.Because);
    }

    [Theory]
    [InlineData(NodeState.Unconfigured, RefusedBecause.Unconfigured)]
    [InlineData(NodeState.Alone, RefusedBecause.ForeignCluster)]
    [InlineData(NodeState.AloneWithData, RefusedBecause.ForeignCluster)]
    public void Member_of_a_cluster_that_does_not_invite_takes_nobody_in(NodeState state, RefusedBecause because)
    {
        var caller = Invitation() with { IsInvitation = false };

        var refusal = HandshakeJudge.Judge(Newcomer(state), caller, knownDirectory: null);

        Assert.Equal(because, refusal?.Because);
    }

    [Fact]
    public void Two_that_belong_to_no_cluster_are_no_cluster_and_neither_can_invite()
    {
        var newcomer = Newcomer(NodeState.Unconfigured);
        var other = Good with { ClusterId = UInt128.Zero, State = NodeState.Unconfigured };
        var inviting = other with { IsInvitation = true, ExpectedDirectory = newcomer.DirectoryId };

        Assert.Equal(RefusedBecause.Unconfigured, HandshakeJudge.Judge(newcomer, other, null)?.Because);
        Assert.NotEqual(RefusedBecause.Joining, HandshakeJudge.Judge(newcomer, inviting, null)?.Because);
    }

    [Fact]
    public void Node_that_belongs_to_no_cluster_is_a_stranger_to_a_member()
    {
        var refusal = HandshakeJudge.Judge(Own, Newcomer(NodeState.Unconfigured), knownDirectory: null);

        Assert.Equal(RefusedBecause.ForeignCluster, refusal?.Because);
    }

    [Fact]
    public void Member_that_invites_accepts_who_was_taken_in()
    {
        var joined = Own with { Member = new NodeId(1), Name = "came" };
        var invitation = Invitation() with { ExpectedDirectory = joined.DirectoryId };

        Assert.Null(HandshakeJudge.Judge(joined, invitation, knownDirectory: null));
        Assert.Null(HandshakeJudge.Judge(invitation, joined, joined.DirectoryId));
    }

    [Theory]
    [InlineData(false, false)]
    [InlineData(true, false)]
    [InlineData(false, true)]
    [InlineData(true, true)]
    public void Probe_and_invitation_are_flags_of_a_hello_that_come_back(bool isProbe, bool isInvitation)
    {
        var hello = Samples.LongHello() with { IsProbe = isProbe, IsInvitation = isInvitation, Damaged = isProbe };

        Assert.True(PeerHello.TryRead(Samples.BodyOf(Samples.Written(hello.Write)), out var read));

        Assert.Equal(hello, read with { PeerUrls = hello.PeerUrls });
    }

    [Fact]
    public void Every_cut_of_a_hello_is_refused()
    {
        var body = Samples.BodyOf(Samples.Written(Samples.LongHello().Write));

        for (var cut = 0; cut < body.Length; cut++)
        {
            Assert.False(PeerHello.TryRead(body.AsSpan(0, cut), out _), $"cut {cut}");
        }
    }

    [Fact]
    public void Refusal_comes_back_as_it_was_and_long_words_are_cut()
    {
        var body = Samples.BodyOf(Samples.Written(
            new HandshakeRefusal(RefusedBecause.TooMany, new string('é', 5000)).Write));

        Assert.True(HandshakeRefusal.TryRead(body, out var refusal));

        Assert.Equal(RefusedBecause.TooMany, refusal.Because);
        Assert.StartsWith("éé", refusal.Words);
    }

    private static PeerHello Newcomer(NodeState state) => Own with
    {
        State = state, ClusterId = state == NodeState.Unconfigured ? UInt128.Zero : 0xC2,
    };

    // As a member of cluster C1 says it to whom its committed configuration names.
    private static PeerHello Invitation() => Good with
    {
        IsInvitation = true, Expected = Own.Member, ExpectedDirectory = Own.DirectoryId, ExpectedName = "newcomer",
    };
}
