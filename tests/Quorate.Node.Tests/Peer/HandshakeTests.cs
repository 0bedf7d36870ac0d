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
    public void Refusal_comes_back_as_it_was_and_long_words_are_cut()
    {
        var body = Samples.BodyOf(Samples.Written(
            new HandshakeRefusal(RefusedBecause.TooMany, new string('é', 5000)).Write));

        Assert.True(HandshakeRefusal.TryRead(body, out var refusal));

        Assert.Equal(RefusedBecause.TooMany, refusal.Because);
        Assert.StartsWith("éé", refusal.Words);
    }
}
