using Quorate.Raft;

namespace Quorate.Node.Tests.Peer;

public sealed class PeerHubTests
{
    private readonly MemoryNetwork _network = new();

    [Fact]
    public void Two_members_meet_once_and_talk_in_order()
    {
        var (one, two) = Pair();
        _network.Tick(3, one, two);

        for (ulong round = 1; round <= 5; round++)
        {
            Assert.True(one.Hub.Send(Beat(1, 2, round)));
        }

        one.Hub.FlushTurn();
        _network.Run();

        Assert.Equal(["n2 up"], one.News);
        Assert.Equal(["n1 up"], two.News);
        Assert.Equal([1ul, 2, 3, 4, 5], two.Messages.Select(message => RoundOf(message)));
        Assert.Single(one.Lines);
        Assert.Single(two.Lines);
    }

    [Fact]
    public void Turn_leaves_in_one_send_per_peer()
    {
        var (one, two) = Pair();
        _network.Tick(3, one, two);
        var before = SendsTotal();

        for (ulong round = 1; round <= 100; round++)
        {
            one.Hub.Send(Beat(1, 2, round));
        }

        one.Hub.FlushTurn();
        one.Hub.FlushTurn();

        Assert.Equal(before + 1, SendsTotal());
    }

    [Fact]
    public void Append_forward_and_snapshot_frames_arrive()
    {
        var (one, two) = Pair();
        _network.Tick(3, one, two);
        var append = Samples.Append() with { To = new NodeId(2) };
        var forward = new Message.ForwardedProposals(
            new NodeId(1), new NodeId(2), new Term(9), Samples.Forward.Proposals);

        Assert.True(one.Hub.SendAppend(append, Samples.Records));
        Assert.True(one.Hub.SendForward(forward, Samples.Payloads));
        Assert.True(one.Hub.SendAppendNow(append, Samples.Records));
        Assert.True(one.Hub.SendSnapshotChunk(new NodeId(2), Samples.Chunk()));
        Assert.True(one.Hub.SendSnapshotAck(new NodeId(2), Samples.Ack));
        _network.Run();

        Assert.Equal(
            ["AppendRequest", "ForwardedProposals", "AppendRequest"],
            two.Messages.Select(message => message.Message.GetType().Name));
        Assert.Equal("n1 40@4/t9 0+7/1000", two.Snapshots[0]);
        Assert.Equal(2, two.Snapshots.Count);
    }

    [Fact]
    public void Member_that_is_not_dialed_back_is_answered_on_its_own_connection()
    {
        var one = new HubMember(_network, 1);
        var two = new HubMember(_network, 2);
        one.Hub.SetPeers([two.Info]);
        _network.Tick(3, one, two);

        Assert.True(two.Hub.SendNow(Beat(2, 1, 7)));
        _network.Run();

        Assert.Equal(["n1 up"], two.News);
        Assert.Equal(7u, RoundOf(Assert.Single(one.Messages)));
        Assert.Single(_network.Connections);
    }

    [Fact]
    public void Loss_of_one_of_two_connections_is_no_news_and_the_other_carries_on()
    {
        var (one, two) = Pair();
        _network.Tick(3, one, two);
        Assert.Equal(2, _network.Connections.Count);

        _network.Connections[0].Dialer.Close();
        _network.Run();
        Assert.True(one.Hub.SendNow(Beat(1, 2, 1)));
        Assert.True(two.Hub.SendNow(Beat(2, 1, 2)));
        _network.Run();

        Assert.Equal(["n2 up"], one.News);
        Assert.Equal(["n1 up"], two.News);
        Assert.Single(one.Messages);
        Assert.Single(two.Messages);
    }

    [Fact]
    public void Process_that_is_gone_is_told_once_and_its_return_too()
    {
        var (one, two) = Pair();
        _network.Tick(200, one, two);

        _network.StopListening(two.Url);
        two.Hub.Close();
        _network.Run();
        _network.Tick(300, one);

        Assert.Equal(["n2 up", "n2 down", "n2 refused"], one.News);

        var again = new HubMember(_network, 2);
        again.Hub.SetPeers([one.Info]);
        _network.Tick(200, one, again);

        Assert.Equal(["n2 up", "n2 down", "n2 refused", "n2 up"], one.News);
        Assert.Equal([1200, 1201, 1202, 1200], IdsOf(one.Lines));
    }

    [Fact]
    public void Redial_after_a_loss_comes_with_the_next_tick()
    {
        var (one, two) = Pair();
        _network.Tick(200, one, two);
        _network.StopListening(two.Url);
        two.Hub.Close();
        _network.Run();

        _network.Tick(1, one);

        Assert.Equal(["n2 up", "n2 down", "n2 refused"], one.News);
    }

    [Fact]
    public void Redials_back_off_to_the_bound_and_are_logged_once()
    {
        var one = new HubMember(_network, 1);
        one.Hub.SetPeers([new MemberInfo(new NodeId(2), "n2", [HubMember.UrlOf(2)])]);

        _network.Tick(100, one);
        var early = _network.Dials;
        _network.Tick(10_000, one);
        var late = _network.Dials - early;

        Assert.InRange(early, 6, 12);
        Assert.InRange(late, 100, 200);
        Assert.Empty(one.News);
        Assert.Equal([1202], IdsOf(one.Lines));
    }

    [Fact]
    public void Dial_without_an_answer_is_given_up()
    {
        var (one, two) = Pair();
        _network.IsCut = true;
        _network.Tick(290, one, two);
        Assert.Equal(2, _network.Dials);

        _network.Tick(100, one, two);
        _network.IsCut = false;
        _network.Tick(500, one, two);

        Assert.Equal(["n2 up"], one.News);
    }

    [Fact]
    public void Cut_link_is_noticed_by_its_silence_and_comes_back()
    {
        var (one, two) = Pair();
        _network.Tick(1000, one, two);
        Assert.Equal(["n2 up"], one.News);

        _network.IsCut = true;
        _network.Tick(300, one, two);
        Assert.Equal(["n2 up", "n2 down"], one.News);

        _network.IsCut = false;
        _network.Tick(700, one, two);
        Assert.Equal(["n2 up", "n2 down", "n2 up"], one.News);
        Assert.Equal(["n1 up", "n1 down", "n1 up"], two.News);
    }

    [Fact]
    public void What_finds_no_link_or_no_room_is_dropped_and_counted()
    {
        var (one, two) = Pair();
        Assert.False(one.Hub.Send(Beat(1, 2, 1)));
        Assert.False(one.Hub.Send(Beat(1, 3, 1)));
        _network.Tick(3, one, two);
        foreach (var (dialer, listener) in _network.Connections)
        {
            (dialer.IsFull, listener.IsFull) = (true, true);
        }

        Assert.True(one.Hub.Send(Beat(1, 2, 2)));
        one.Hub.FlushTurn();
        Assert.False(one.Hub.SendNow(Beat(1, 2, 3)));
        Assert.False(one.Hub.SendForward(
            new Message.ForwardedProposals(new NodeId(1), new NodeId(2), new Term(9), Samples.Forward.Proposals),
            Samples.Payloads));
        _network.Run();

        Assert.Equal(5, one.Metrics.DropsOut);
        Assert.Empty(two.Messages);
    }

    [Fact]
    public void Turn_has_a_bound()
    {
        var one = new HubMember(_network, 1, static options => Bounded(options));
        var two = new HubMember(_network, 2);
        one.Hub.SetPeers([two.Info]);
        _network.Tick(3, one, two);

        var taken = Enumerable.Range(0, 100).Count(round => one.Hub.Send(Beat(1, 2, (ulong)round)));

        Assert.InRange(taken, 10, 30);
        Assert.Equal(100 - taken, one.Metrics.DropsOut);
    }

    [Fact]
    public void Full_inbox_drops_and_counts()
    {
        var (one, two) = Pair();
        _network.Tick(3, one, two);
        two.IsInboxFull = true;

        one.Hub.SendNow(Beat(1, 2, 1));
        _network.Run();

        Assert.Equal(1, two.Metrics.DropsIn);
        Assert.Equal(["n1 up"], two.News);
    }

    [Fact]
    public void Frames_of_a_lost_link_die_with_it()
    {
        var (one, two) = Pair();
        _network.Tick(3, one, two);

        one.Hub.Send(Beat(1, 2, 1));
        _network.Connections.ForEach(static connection => connection.Dialer.Close());
        _network.Run();
        _network.Tick(200, one, two);
        one.Hub.FlushTurn();
        _network.Run();

        Assert.Empty(two.Messages);
        Assert.Equal(1, one.Metrics.DropsOut);
    }

    [Fact]
    public void Frame_from_somebody_else_ends_the_link()
    {
        var (one, two) = Pair();
        _network.Tick(3, one, two);

        one.Hub.SendNow(new Message.CommitNews(new NodeId(3), new NodeId(2), new Term(1), new LogIndex(1)));
        _network.Run();

        Assert.Empty(two.Messages);
        Assert.Equal(1, two.Metrics.Garbage);
        Assert.Contains(two.Lines, static line => line.StartsWith("1205 ", StringComparison.Ordinal));
    }

    [Fact]
    public void Members_that_are_no_longer_listed_are_not_dialed()
    {
        var one = new HubMember(_network, 1);
        one.Hub.SetPeers([one.Info, new MemberInfo(new NodeId(2), "n2", [HubMember.UrlOf(2)])]);
        _network.Tick(1, one);
        Assert.Equal(1, _network.Dials);

        one.Hub.SetPeers([one.Info]);
        _network.Tick(100, one);

        Assert.Equal(1, _network.Dials);
    }

    [Fact]
    public void Same_seed_gives_the_same_run()
    {
        Assert.Equal(Run(), Run());

        static string Run()
        {
            var network = new MemoryNetwork();
            var members = new List<HubMember> { new(network, 1), new(network, 2), new(network, 3) };
            members.ForEach(member => member.Hub.SetPeers([.. members.Select(static other => other.Info)]));
            for (var tick = 0; tick < 2000; tick++)
            {
                network.IsCut = tick % 700 > 450;
                members.ForEach(static member => member.Hub.Tick());
                network.Run();
            }

            return $"{network.Dials} " + string.Join('\n', members.SelectMany(static member => member.Lines));
        }
    }

    private static PeerHubOptions Bounded(PeerHubOptions options) => new()
    {
        Self = options.Self, Name = options.Name, ClusterId = options.ClusterId, DirectoryId = options.DirectoryId,
        TurnBytesMax = 1000,
    };

    private static Message Beat(ulong from, ulong to, ulong round) =>
        new Message.HeartbeatRequest(new NodeId(from), new NodeId(to), new Term(1), LogIndex.Zero, round);

    private static ulong RoundOf(PeerMessage message) =>
        Assert.IsType<Message.HeartbeatRequest>(message.Message).ReadRound;

    private static IEnumerable<int> IdsOf(IEnumerable<string> lines) =>
        lines.Select(static line => int.Parse(line[..4]));

    private (HubMember One, HubMember Two) Pair()
    {
        var one = new HubMember(_network, 1);
        var two = new HubMember(_network, 2);
        one.Hub.SetPeers([one.Info, two.Info]);
        two.Hub.SetPeers([one.Info, two.Info]);
        return (one, two);
    }

    private int SendsTotal() =>
        _network.Connections.Sum(static connection => connection.Dialer.Sends + connection.Listener.Sends);
}
