using System.Net.Sockets;
using Quorate.Node;
using Quorate.Raft;
using Quorate.Storage;

namespace Quorate.Server.Tests.Peer;

public sealed class TcpHubTests
{
    private static readonly UInt128 Cluster = 0xC1;

    [Fact]
    public async Task Two_members_meet_talk_and_notice_an_end()
    {
        await using var one = new TcpHub(1, Cluster);
        var two = new TcpHub(2, Cluster);
        await MeetAsync(one, two);

        Assert.True(two.Hub.SendNow(new Message.CommitNews(
            new NodeId(2), new NodeId(1), new Term(3), new LogIndex(4))));
        await TcpHub.Until(() => !one.Messages.IsEmpty);
        await two.DisposeAsync();
        await TcpHub.Until(() => one.News.Count == 3);

        Assert.Equal(["n2 up", "n2 down", "n2 refused"], one.News);
    }

    [Fact]
    public async Task Large_and_largest_appends_arrive()
    {
        await using var one = new TcpHub(1, Cluster);
        await using var two = new TcpHub(2, Cluster);
        await MeetAsync(one, two);

        Assert.True(Append(one, payloadBytes: 1536 * 1024));
        Assert.True(Append(one, payloadBytes: (8 * 1024 * 1024) - 1024));
        Assert.False(Append(one, payloadBytes: 8 * 1024 * 1024));
        one.Hub.FlushTurn();

        await TcpHub.Until(() => two.Messages.Count == 2);
        Assert.Equal(1536 * 1024, EntryPayload(two.Messages.First()));
        Assert.Equal(1, one.Metrics.DropsOut);
    }

    [Theory]
    [InlineData(0xC2, 1, RefusedBecause.ForeignCluster)]
    [InlineData(0xC1, 2, RefusedBecause.NewerProtocol)]
    public async Task Stranger_is_refused_and_both_say_so(int cluster, ushort protocol, RefusedBecause because)
    {
        await using var one = new TcpHub(1, Cluster);
        await using var two = new TcpHub(2, (UInt128)cluster, protocol);

        two.Hub.SetPeers([one.Info]);
        await TcpHub.Until(() => one.Metrics.Refusals(because) >= 3 && two.Metrics.Refusals(because) >= 3);

        Assert.Empty(one.News);
        Assert.Empty(two.News);
        Assert.Single(one.Lines, static line => line.StartsWith("1203 ", StringComparison.Ordinal));
        Assert.Single(two.Lines, static line => line.StartsWith("1204 ", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Member_that_dials_itself_is_refused()
    {
        await using var one = new TcpHub(1, Cluster);

        one.Hub.SetPeers([new MemberInfo(new NodeId(2), "n2", one.Info.PeerUrls)]);
        await TcpHub.Until(() => one.Metrics.Refusals(RefusedBecause.SelfSent) >= 2);

        Assert.Empty(one.News);
    }

    [Fact]
    public async Task Random_bytes_on_the_port_end_their_connection_and_no_other()
    {
        await using var one = new TcpHub(1, Cluster);
        await using var two = new TcpHub(2, Cluster);
        await MeetAsync(one, two);
        var random = new Random(17);
        for (var round = 0; round < 20; round++)
        {
            using var socket = await TcpParts.ConnectAsync(one.Transport);
            var bytes = new byte[8 + random.Next(4000)];
            random.NextBytes(bytes);
            bytes[3] = 0xFF;
            await socket.SendAsync(bytes, SocketFlags.None);
            await TcpParts.WhenEndedAsync(socket);
        }

        Assert.True(one.Hub.SendNow(new Message.CommitNews(
            new NodeId(1), new NodeId(2), new Term(3), new LogIndex(4))));
        await TcpHub.Until(() => !two.Messages.IsEmpty);

        Assert.Equal(20, one.Metrics.Garbage);
        Assert.Contains(one.Lines, static line => line.StartsWith("1205 ", StringComparison.Ordinal)
            && line.Contains("127.0.0.1", StringComparison.Ordinal));
        Assert.Equal(["n2 up"], one.News);
    }

    [Fact]
    public async Task Silent_connection_is_closed()
    {
        await using var one = new TcpHub(1, Cluster);
        using var socket = await TcpParts.ConnectAsync(one.Transport);

        await TcpParts.WhenEndedAsync(socket);

        Assert.Empty(one.News);
    }

    private static async Task MeetAsync(TcpHub one, TcpHub two)
    {
        one.Hub.SetPeers([one.Info, two.Info]);
        two.Hub.SetPeers([one.Info, two.Info]);
        await TcpHub.Until(() => one.Hub.IsUp(new NodeId(2)) && two.Hub.IsUp(new NodeId(1)));
    }

    private static bool Append(TcpHub from, int payloadBytes)
    {
        var id = new EntryId(new Term(1), new LogIndex(1));
        var header = new EntryHeader(id, EntryKind.Command, ProposalId.None, EntryRecord.SizeOf(payloadBytes));
        var record = new byte[header.Length];
        EntryRecord.Write(record, 0, header, new byte[payloadBytes]);
        return from.Hub.SendAppend(
            new AppendToSend(new NodeId(2), new Term(1), EntryId.Zero, id, LogIndex.Zero), [record]);
    }

    private static int EntryPayload(PeerMessage message) =>
        Assert.IsType<Message.AppendRequest>(message.Message).Entries[0].Length - EntryRecord.Overhead;
}
