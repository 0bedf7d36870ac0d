using Quorate.Raft;

namespace Quorate.Node.Tests.Peer;

public sealed class PeerHubRefusalTests
{
    private readonly MemoryNetwork _network = new();

    public static TheoryData<RefusedBecause, string> Strangers() => new()
    {
        { RefusedBecause.ForeignCluster, "cluster" },
        { RefusedBecause.NewerProtocol, "newer" },
        { RefusedBecause.OtherDirectory, "directory" },
    };

    [Theory]
    [MemberData(nameof(Strangers))]
    public void Stranger_is_refused_counted_and_logged_once_by_each_side(RefusedBecause because, string what)
    {
        var one = new HubMember(_network, 1, static options => Known(options));
        var two = new HubMember(_network, 2, options => Stranger(options, what));
        two.Hub.SetPeers([one.Info]);

        _network.Tick(2000, one, two);

        Assert.Empty(one.News);
        Assert.Empty(two.News);
        Assert.True(one.Metrics.Refusals(because) > 10);
        Assert.True(two.Metrics.Refusals(because) > 10);
        var line = Assert.Single(one.Lines);
        Assert.StartsWith("1203 ", line);
        Assert.Contains("n1", line);
        Assert.Contains("n2", line);
        Assert.StartsWith("1204 ", Assert.Single(two.Lines));
    }

    [Fact]
    public void Member_that_dials_itself_is_refused()
    {
        var one = new HubMember(_network, 1);
        one.Hub.SetPeers([new MemberInfo(new NodeId(2), "n2", [one.Url])]);

        _network.Tick(500, one);

        Assert.Empty(one.News);
        Assert.True(one.Metrics.Refusals(RefusedBecause.SelfSent) > 0);
        Assert.InRange(one.Lines.Count, 1, 2);
    }

    [Fact]
    public void Wrong_address_is_refused_as_misdirected()
    {
        var one = new HubMember(_network, 1);
        var two = new HubMember(_network, 2);
        one.Hub.SetPeers([new MemberInfo(new NodeId(3), "n3", [two.Url])]);

        _network.Tick(500, one, two);

        Assert.Empty(one.News);
        Assert.Empty(two.News);
        Assert.True(two.Metrics.Refusals(RefusedBecause.Misdirected) > 0);
    }

    [Fact]
    public void Directory_that_was_met_is_remembered()
    {
        var one = new HubMember(_network, 1);
        var two = new HubMember(_network, 2);
        one.Hub.SetPeers([two.Info]);
        _network.Tick(5, one, two);
        two.Hub.Close();
        _network.Run();

        var wiped = new HubMember(_network, 2, static options => Stranger(options, "directory"));
        _network.Tick(500, one, wiped);

        Assert.Equal(["n2 up", "n2 down"], one.News);
        Assert.True(one.Metrics.Refusals(RefusedBecause.OtherDirectory) > 0);
    }

    [Fact]
    public void Refused_member_that_comes_right_is_news_again()
    {
        var one = new HubMember(_network, 1);
        var foreign = new HubMember(_network, 2, static options => Stranger(options, "cluster"));
        foreign.Hub.SetPeers([one.Info]);
        _network.Tick(200, one, foreign);
        foreign.Hub.Close();
        _network.Run();

        var two = new HubMember(_network, 2);
        two.Hub.SetPeers([one.Info]);
        _network.Tick(200, one, two);

        Assert.Equal(["n2 up"], one.News);
        Assert.Equal(2, one.Lines.Count);
    }

    [Fact]
    public void Different_timing_is_said_once()
    {
        var one = new HubMember(_network, 1);
        var two = new HubMember(_network, 2, static options => Stranger(options, "timing"));
        one.Hub.SetPeers([two.Info]);
        _network.Tick(5, one, two);
        _network.Connections[0].Dialer.Close();
        _network.Tick(200, one, two);

        Assert.Single(one.Lines, static line => line.StartsWith("1206 ", StringComparison.Ordinal));
        Assert.Equal(["n2 up", "n2 down", "n2 up"], one.News);
    }

    [Fact]
    public void Garbage_ends_a_connection_with_a_line_and_a_flood_of_it_with_few()
    {
        var one = new HubMember(_network, 1);
        for (var i = 0; i < 100; i++)
        {
            Call(one).Bytes("GET / HTTP/1.1\r\nHost: quorate\r\n\r\n"u8.ToArray());
        }

        _network.Run();
        Assert.Equal(100, one.Metrics.Garbage);
        Assert.Equal(10, one.Lines.Count);
        Assert.Contains("http://stranger", one.Lines[0]);

        _network.Tick(1000, one);
        Assert.StartsWith("1207 ", one.Lines[^1]);
        Assert.Contains("90", one.Lines[^1]);
    }

    [Fact]
    public void Stranger_that_refuses_before_it_says_who_it_is_is_garbage()
    {
        var one = new HubMember(_network, 1);
        var stranger = Call(one);
        stranger.Bytes(Samples.Written(new HandshakeRefusal(RefusedBecause.Removed, "you are out").Write));

        _network.Run();

        Assert.Empty(one.News);
        Assert.True(stranger.IsClosed);
    }

    [Fact]
    public void Any_bytes_at_any_time_end_a_connection_or_wait()
    {
        var random = new TestRandom(99);
        var one = new HubMember(_network, 1);
        for (var round = 0; round < 500; round++)
        {
            var stranger = Call(one);
            if (random.Below(2) == 0)
            {
                stranger.Bytes(Samples.Written(Samples.Hello().Write));
            }

            var bytes = new byte[random.Below(200)];
            foreach (ref var value in bytes.AsSpan())
            {
                value = (byte)random.Next();
            }

            stranger.Bytes(bytes);
            _network.Run();
        }

        _network.Tick(1000, one);
        Assert.Empty(one.News);
    }

    [Fact]
    public void Silent_connection_is_closed_and_only_so_many_wait()
    {
        var one = new HubMember(_network, 1);
        var strangers = Enumerable.Range(0, 100).Select(_ => Call(one)).ToList();
        _network.Run();
        Assert.Equal(36, strangers.Count(static stranger => stranger.IsClosed));

        _network.Tick(301, one);

        Assert.All(strangers, static stranger => Assert.True(stranger.IsClosed));
    }

    private static PeerHubOptions Known(PeerHubOptions options) => new()
    {
        Self = options.Self, Name = options.Name, ClusterId = options.ClusterId, DirectoryId = options.DirectoryId,
        KnownDirectory = static id => (UInt128)(0xD0 + id.Value),
    };

    private static PeerHubOptions Stranger(PeerHubOptions options, string what) => new()
    {
        Self = options.Self,
        Name = options.Name,
        ClusterId = what == "cluster" ? 0xC2 : options.ClusterId,
        DirectoryId = what == "directory" ? 0xBAD : options.DirectoryId,
        ProtocolMin = what == "newer" ? (ushort)2 : (ushort)1,
        ProtocolMax = what == "newer" ? (ushort)3 : (ushort)1,
        ElectionTimeout = TimeSpan.FromMilliseconds(what == "timing" ? 750 : 1000),
    };

    private Stranger Call(HubMember member)
    {
        var stranger = new Stranger();
        _network.TransportOf("http://stranger").Dial(member.Url, stranger);
        _network.Run();
        return stranger;
    }
}

/// <summary>Somebody who connects and says anything.</summary>
internal sealed class Stranger : IPeerConnectionHandler
{
    private IPeerConnection? _connection;

    public bool IsClosed { get; private set; }

    public void Bytes(byte[] bytes) => _connection?.TrySend(bytes);

    public void Connected(IPeerConnection connection) => _connection = connection;

    public int Received(ReadOnlySpan<byte> bytes) => bytes.Length;

    public void Closed(bool refused, string why) => IsClosed = true;
}
