using System.Text;
using Quorate.Raft;

namespace Quorate.Node.Tests.Peer;

/// <summary>Changes of the members as bytes: what is written is read again, everything else is refused.</summary>
public sealed class PeerCodecChangesTests
{
    private const int ProposalAt = 32;
    private const int ForceAt = ProposalAt + 24;
    private const int KindAt = ForceAt + 1 + 4;
    private const int VerdictAt = ProposalAt + 24;

    public static TheoryData<MemberChange> Changes() => new(
    [
        .. Samples.Changes,
        new MemberChange.Add(
            new string('n', PeerHello.NameBytesMax),
            [.. Enumerable.Range(0, PeerHello.UrlsMax).Select(i => Url(i, PeerHello.UrlBytesMax))],
            StaysLearner: false),
        new MemberChange.Add("nöde", ["http://[::1]:2380"], StaysLearner: true),
        new MemberChange.Announce(["http://n5:2380"], StaysLearner: true),
        new MemberChange.Replace(new NodeId(ulong.MaxValue), "heir", ["http://n6:2380", "http://n6:2381"]),
    ]);

    [Theory]
    [MemberData(nameof(Changes))]
    public void Change_comes_back_as_it_was(MemberChange change)
    {
        foreach (var (force, timeoutMs) in new[] { (true, 0u), (false, 5000u), (true, uint.MaxValue) })
        {
            var request = new ChangeRequest(Samples.Proposal(9), change, force, timeoutMs);
            var body = BodyOf(request);

            Assert.True(PeerCodec.TryReadChange(body, out var read));

            Assert.Equal(Printed(request), Printed(read));
            Assert.Equal(body, BodyOf(read));
            Assert.Equal((Samples.Other, Samples.Self), PeerCodec.PeekEnds(body));
        }
    }

    [Fact]
    public void Every_answer_comes_back_as_it_was()
    {
        foreach (var answer in Answers())
        {
            var body = BodyOf(answer);

            Assert.True(PeerCodec.TryReadChangeAnswer(body, out var read));

            Assert.Equal(answer, read);
        }
    }

    [Fact]
    public void Words_are_cut_to_their_bytes_and_keep_no_control_characters()
    {
        var answer = Samples.Answer with { Words = "a\nb\0" + string.Concat(Enumerable.Repeat("🌳", 1000)) };

        Assert.True(PeerCodec.TryReadChangeAnswer(BodyOf(answer), out var read));

        Assert.StartsWith("ab🌳", read.Words, StringComparison.Ordinal);
        Assert.InRange(Encoding.UTF8.GetByteCount(read.Words), 1000, ChangeAnswer.WordsBytesMax);
    }

    [Theory]
    [MemberData(nameof(Changes))]
    public void Every_cut_of_a_change_and_every_byte_too_many_is_refused(MemberChange change)
    {
        var body = BodyOf(new ChangeRequest(Samples.Proposal(9), change, Force: true, 5000));

        for (var cut = 0; cut < body.Length; cut++)
        {
            Assert.False(PeerCodec.TryReadChange(body.AsSpan(0, cut), out var none), $"cut {cut}");
            Assert.Null(none);
        }

        Assert.False(PeerCodec.TryReadChange([.. body, 0], out _));
    }

    [Fact]
    public void Every_cut_of_an_answer_and_every_byte_too_many_is_refused()
    {
        foreach (var answer in Answers())
        {
            var body = BodyOf(answer);
            for (var cut = 0; cut < body.Length; cut++)
            {
                Assert.False(PeerCodec.TryReadChangeAnswer(body.AsSpan(0, cut), out var none), $"cut {cut}");
                Assert.Null(none);
            }

            Assert.False(PeerCodec.TryReadChangeAnswer([.. body, 0], out _));
        }
    }

    [Fact]
    public void Changed_bytes_are_refused_or_read_as_what_can_be_written_and_nothing_throws()
    {
        var random = new TestRandom(10);
        var bodies = Samples.Changes
            .Select(change => BodyOf(new ChangeRequest(Samples.Proposal(9), change, Force: true, 5000)))
            .Concat(Answers().Select(BodyOf))
            .ToArray();
        var (read, refused) = (0, 0);
        for (var round = 0; round < 50_000; round++)
        {
            var body = bodies[random.Below(bodies.Length)].ToArray();
            for (var flips = 1 + random.Below(4); flips > 0; flips--)
            {
                body[random.Below(body.Length)] = (byte)random.Next();
            }

            _ = ReadsAny(body) ? read++ : refused++;
        }

        Assert.True(read > 1000 && refused > 1000, $"{read} read, {refused} refused");
    }

    [Fact]
    public void Random_bytes_are_refused_and_nothing_throws()
    {
        var random = new TestRandom(11);
        for (var round = 0; round < 50_000; round++)
        {
            var body = new byte[random.Below(300)];
            foreach (ref var value in body.AsSpan())
            {
                value = (byte)random.Next();
            }

            // Half of them get as far as their urls.
            if (round % 2 == 0 && body.Length > KindAt)
            {
                body.AsSpan(8, 8).CopyTo(body.AsSpan(ProposalAt));
                body[ForceAt] &= 1;
                body[KindAt] = (byte)(1 + (body[KindAt] % 6));
            }

            ReadsAny(body);
        }
    }

    [Fact]
    public void Change_in_the_name_of_another_member_is_refused()
    {
        var body = BodyOf(new ChangeRequest(
            Samples.Proposal(9) with { Member = new NodeId(7) }, Samples.Changes[0], Force: false, 1));

        Assert.False(PeerCodec.TryReadChange(body, out _));
    }

    [Theory]
    [InlineData(KindAt, 0)]
    [InlineData(KindAt, 7)]
    [InlineData(ForceAt, 2)]
    public void Change_that_cannot_be_is_refused(int at, byte value)
    {
        var body = BodyOf(new ChangeRequest(Samples.Proposal(9), Samples.Changes[0], Force: true, 5000));
        Assert.Equal(1, body[at]);

        body[at] = value;

        Assert.False(PeerCodec.TryReadChange(body, out _));
    }

    [Theory]
    [InlineData(ChangeVerdict.Refused, 0)] // without a reason
    [InlineData(ChangeVerdict.Taken, 3)] // taken, and a reason why not
    [InlineData((ChangeVerdict)4, 0)]
    [InlineData((ChangeVerdict)0, 0)]
    public void Answer_that_cannot_be_is_refused(ChangeVerdict verdict, byte why)
    {
        var body = BodyOf(Samples.Answer);
        body[VerdictAt] = (byte)verdict;
        body[VerdictAt + 1] = why;

        Assert.False(PeerCodec.TryReadChangeAnswer(body, out _));
    }

    // A later version may refuse for reasons that this one does not know: it is a refusal with words all the same.
    [Fact]
    public void Reason_of_a_later_version_is_read_as_its_number()
    {
        var body = BodyOf(Samples.Answer with { Refused = (ChangeRefusal)200 });

        Assert.True(PeerCodec.TryReadChangeAnswer(body, out var read));

        Assert.Equal((ChangeVerdict.Refused, (ChangeRefusal)200), (read.Verdict, read.Refused!.Value));
    }

    private static IEnumerable<ChangeAnswer> Answers()
    {
        yield return new(Samples.Proposal(1), ChangeVerdict.Taken, null, new NodeId(4), "");
        yield return new(Samples.Proposal(2), ChangeVerdict.NothingToDo, null, new NodeId(ulong.MaxValue), "");
        foreach (var why in Enum.GetValues<ChangeRefusal>())
        {
            yield return new(Samples.Proposal(3), ChangeVerdict.Refused, why, NodeId.None, $"wörds of {why}");
        }
    }

    private static string Url(int number, int bytes) => $"http://{number}.".PadRight(bytes - 5, 'x') + ":2380";

    private static byte[] BodyOf(ChangeRequest request) => Samples.BodyOf(Samples.Written(
        buffer => Assert.True(PeerCodec.TryWriteChange(buffer, Samples.Other, Samples.Self, request))));

    private static byte[] BodyOf(ChangeAnswer answer) => Samples.BodyOf(Samples.Written(
        buffer => Assert.True(PeerCodec.TryWriteChangeAnswer(buffer, Samples.Other, Samples.Self, answer))));

    private static bool ReadsAny(byte[] body)
    {
        var isRead = false;
        if (PeerCodec.TryReadChange(body, out var request))
        {
            // The sender is checked by the link; here any will do.
            var again = request with { Proposal = request.Proposal with { Member = Samples.Other } };
            Assert.True(PeerCodec.TryReadChange(BodyOf(again), out var read));
            Assert.Equal(Printed(again), Printed(read));
            isRead = true;
        }

        if (PeerCodec.TryReadChangeAnswer(body, out var answer))
        {
            Assert.True(PeerCodec.TryReadChangeAnswer(BodyOf(answer), out var read));
            Assert.Equal(answer, read);
            isRead = true;
        }

        return isRead;
    }

    // Lists inside of records compare by reference; printed, they compare by content.
    private static string Printed(ChangeRequest request)
    {
        var urls = request.Change switch
        {
            MemberChange.Add add => add.PeerUrls,
            MemberChange.Announce announce => announce.PeerUrls,
            MemberChange.Update update => update.PeerUrls,
            MemberChange.Replace replace => replace.PeerUrls,
            _ => [],
        };
        var (member, name, stays) = request.Change switch
        {
            MemberChange.Add add => (NodeId.None, add.Name, add.StaysLearner),
            MemberChange.Announce announce => (NodeId.None, "", announce.StaysLearner),
            MemberChange.Update update => (update.Member, "", false),
            MemberChange.Promote promote => (promote.Member, "", false),
            MemberChange.Remove remove => (remove.Member, "", false),
            MemberChange.Replace replace => (replace.Member, replace.Name, false),
            _ => throw new ArgumentException("not a change", nameof(request)),
        };
        return $"{request.Change.GetType().Name} {request.Proposal} {request.Force} {request.TimeoutMs} "
            + $"{member} '{name}' {stays} {string.Join(' ', urls)}";
    }
}
