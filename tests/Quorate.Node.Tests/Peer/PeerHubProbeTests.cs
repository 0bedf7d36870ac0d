using Quorate.Raft;

namespace Quorate.Node.Tests.Peer;

/// <summary>Hubs that ask who is there, invite, and tell who was removed.</summary>
public sealed class PeerHubProbeTests
{
    private readonly MemoryNetwork _network = new();

    [Fact]
    public void Probe_finds_who_is_there_and_leaves_no_link()
    {
        var one = new HubMember(_network, 1);
        var two = new HubMember(_network, 2, options => As(options, NodeState.Unconfigured, cluster: 0));

        one.Hub.Probe(two.Url, 7);
        _network.Tick(500, one, two);

        Assert.Equal(["probe 7: n2"], one.News);
        Assert.Empty(two.News);
        Assert.Empty(one.Lines);
        Assert.Empty(two.Lines);
        Assert.False(one.Hub.IsUp(new NodeId(2)));
        Assert.Single(_network.Connections);
        Assert.False(_network.Connections[0].Dialer.TrySend([1]));
    }

    [Fact]
    public void Probe_of_a_member_of_any_cluster_is_answered_and_changes_no_link()
    {
        var one = new HubMember(_network, 1);
        var foreign = new HubMember(_network, 2, options => As(options, NodeState.Member, cluster: 0xC9));
        var mate = new HubMember(_network, 3);
        one.Hub.SetPeers([mate.Info]);
        _network.Tick(5, one, foreign, mate);

        one.Hub.Probe(foreign.Url, 1);
        one.Hub.Probe(mate.Url, 2);
        one.Hub.Probe(one.Url, 3);
        _network.Tick(300, one, foreign, mate);

        Assert.Equal(["n3 up", "probe 1: n2", "probe 2: n3", "probe 3: n1"], one.News);
        Assert.Equal(["n1 up"], mate.News);
        Assert.True(one.Hub.IsUp(mate.Info.Id));
    }

    [Fact]
    public void Probe_of_nobody_is_told_once()
    {
        var one = new HubMember(_network, 1);

        one.Hub.Probe("http://nobody:1", 5);
        _network.Tick(1000, one);

        Assert.Equal(["probe 5: nobody listens"], one.News);
    }

    [Fact]
    public void Probe_that_nobody_answers_is_told_when_its_time_is_over()
    {
        var one = new HubMember(_network, 1);
        _network.IsCut = true;

        one.Hub.Probe("http://silent:1", 5);
        _network.Tick(300, one);
        Assert.Empty(one.News);
        _network.Tick(700, one);

        Assert.Equal(["probe 5: no answer"], one.News);
    }

    [Fact]
    public void Probe_of_what_speaks_another_language_is_told_once()
    {
        var one = new HubMember(_network, 1);
        _network.TransportOf("http://web:80").Listen(static connection =>
        {
            connection.TrySend("HTTP/1.1 400 Bad Request\r\n\r\n"u8);
            return new Mute();
        });

        one.Hub.Probe("http://web:80", 5);
        _network.Tick(1000, one);

        Assert.StartsWith("probe 5: it sent ", Assert.Single(one.News), StringComparison.Ordinal);
    }

    [Fact]
    public void Probe_of_who_speaks_another_protocol_says_which()
    {
        var one = new HubMember(_network, 1);
        var newer = new HubMember(_network, 2, options => new PeerHubOptions
        {
            Self = options.Self, Name = options.Name, ClusterId = 0xC1, DirectoryId = options.DirectoryId,
            ProtocolMin = 2, ProtocolMax = 3,
        });

        one.Hub.Probe(newer.Url, 5);
        _network.Tick(5, one, newer);

        Assert.Contains("speaks protocol 2-3, newer than 1-1", Assert.Single(one.News), StringComparison.Ordinal);
    }

    [Fact]
    public void Probes_that_are_out_are_told_by_a_close()
    {
        var one = new HubMember(_network, 1);
        _network.IsCut = true;
        one.Hub.Probe("http://silent:1", 5);

        one.Hub.Close();
        one.Hub.Probe("http://silent:1", 6);

        Assert.Equal(["probe 5: this member is stopping"], one.News);
    }

    public static TheoryData<NodeState, UInt128> Empty() => new()
    {
        { NodeState.Unconfigured, 0 },
        { NodeState.Alone, 0xC9 },
    };

    [Theory]
    [MemberData(nameof(Empty))]
    public void Node_that_holds_nothing_learns_that_it_is_invited_and_nobody_logs_it(NodeState state, UInt128 cluster)
    {
        var one = new HubMember(_network, 1);
        var two = new HubMember(_network, 2, options => As(options, state, cluster));
        Invite(one, two, name: "second");

        _network.Tick(300, one, two);

        Assert.All(two.News, line => Assert.Equal($"invited as member n2 \"second\" of cluster {0xC1:x32}", line));
        Assert.NotEmpty(two.News);
        Assert.Empty(one.News);
        Assert.Empty(one.Lines);
        Assert.Empty(two.Lines);
        Assert.Equal(two.News.Count, two.Metrics.Refusals(RefusedBecause.Joining));
    }

    [Fact]
    public void Nobody_is_invited_by_a_configuration_that_is_not_committed()
    {
        var one = new HubMember(_network, 1);
        var two = new HubMember(_network, 2, options => As(options, NodeState.Unconfigured, cluster: 0));
        Invite(one, two);
        one.Hub.SetStanding(invited: [], removed: []);

        _network.Tick(300, one, two);

        Assert.Empty(two.News);
        Assert.True(two.Metrics.Refusals(RefusedBecause.Unconfigured) > 0);
    }

    [Fact]
    public void Node_on_another_disk_than_the_invited_one_is_not_taken_in()
    {
        var one = new HubMember(_network, 1);
        var two = new HubMember(_network, 2, options => As(options, NodeState.Unconfigured, cluster: 0));
        Invite(one, two, directory: 0xBAD);

        _network.Tick(300, one, two);

        Assert.Empty(two.News);
        Assert.Empty(one.News);
        Assert.True(two.Metrics.Refusals(RefusedBecause.OtherDirectory) > 0);
    }

    [Fact]
    public void Node_that_got_data_after_it_was_met_is_not_taken_in()
    {
        var one = new HubMember(_network, 1);
        var two = new HubMember(_network, 2, options => As(options, NodeState.AloneWithData, cluster: 0xC9));
        Invite(one, two);

        _network.Tick(300, one, two);

        Assert.Empty(two.News);
        Assert.Empty(one.News);
        Assert.True(one.Metrics.Refusals(RefusedBecause.HasData) > 0);
    }

    [Fact]
    public void Member_that_was_removed_is_told_and_does_not_get_in()
    {
        var one = new HubMember(_network, 1);
        var two = new HubMember(_network, 2);
        one.Hub.SetStanding(invited: [], removed: [two.Info.Id]);
        two.Hub.SetPeers([one.Info]);

        _network.Tick(300, one, two);

        Assert.Empty(one.News);
        Assert.All(two.News, line => Assert.Equal("told removed", line));
        Assert.NotEmpty(two.News);
        Assert.Single(one.Lines);
        Assert.Contains("reset", Assert.Single(two.Lines), StringComparison.Ordinal);
    }

    [Fact]
    public void Link_of_a_removed_member_stays_for_a_farewell_and_then_ends()
    {
        var one = new HubMember(_network, 1);
        var two = new HubMember(_network, 2);
        one.Hub.SetPeers([two.Info]);
        two.Hub.SetPeers([one.Info]);
        _network.Tick(5, one, two);

        one.Hub.SetPeers([]);
        one.Hub.SetStanding(invited: [], removed: [two.Info.Id]);
        _network.Tick(1000, one, two);
        Assert.True(one.Hub.IsUp(two.Info.Id));
        _network.Tick(200, one, two);

        Assert.Equal(["n2 up", "n2 down"], one.News);
        Assert.Contains("told removed", two.News);
        Assert.False(one.Hub.IsUp(two.Info.Id));
    }

    [Fact]
    public void Changes_and_answers_are_handed_to_the_other_side()
    {
        var one = new HubMember(_network, 1);
        var two = new HubMember(_network, 2);
        one.Hub.SetPeers([two.Info]);
        _network.Tick(5, one, two);
        var request = new ChangeRequest(
            new ProposalId(one.Info.Id, 1, 1), new MemberChange.Remove(new NodeId(3)), Force: false, 1000);

        Assert.True(one.Hub.SendChange(two.Info.Id, request));
        Assert.True(two.Hub.SendChangeAnswer(one.Info.Id, Samples.Answer));
        Assert.False(one.Hub.SendChange(new NodeId(3), request));
        _network.Tick(1, one, two);

        Assert.Equal(["n1 up", $"n1 asks for {request.Change}"], two.News);
        Assert.Equal(["n2 up", "n2 answers Refused"], one.News);
    }

    [Fact]
    public void Change_that_cannot_be_read_ends_its_connection()
    {
        var one = new HubMember(_network, 1);
        var two = new HubMember(_network, 2);
        one.Hub.SetPeers([two.Info]);
        _network.Tick(5, one, two);
        var request = new ChangeRequest(
            new ProposalId(new NodeId(3), 1, 1), new MemberChange.Remove(new NodeId(3)), Force: false, 1000);

        Assert.True(one.Hub.SendChange(two.Info.Id, request));
        _network.Run();

        Assert.Equal(["n1 up", "n1 down"], two.News);
        Assert.Equal(1, two.Metrics.Garbage);
    }

    private static void Invite(HubMember host, HubMember guest, string name = "", UInt128? directory = null)
    {
        var known = guest.Info with { Name = name, Directory = directory ?? 0xD0 + guest.Info.Id.Value };
        host.Hub.SetPeers([known]);
        host.Hub.SetStanding(invited: [known.Id], removed: []);
    }

    private static PeerHubOptions As(PeerHubOptions options, NodeState state, UInt128 cluster) => new()
    {
        Self = options.Self, Name = options.Name, ClusterId = cluster, DirectoryId = options.DirectoryId,
        State = () => state,
    };

    /// <summary>Hears everything and does nothing.</summary>
    private sealed class Mute : IPeerConnectionHandler
    {
        public void Connected(IPeerConnection connection)
        {
        }

        public int Received(ReadOnlySpan<byte> bytes) => bytes.Length;

        public void Closed(bool refused, string why)
        {
        }
    }
}
