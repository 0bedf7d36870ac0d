using System.Net;
using System.Net.Sockets;
using Quorate.Node;

namespace Quorate.Server.Tests.Peer;

public sealed class TcpPeerTransportTests
{
    [Fact]
    public async Task Bytes_go_both_ways_in_order_and_whole()
    {
        await using var transport = TcpParts.Bind();
        var (near, far, nearEnd, farEnd) = await PairAsync(transport);
        var sent = Enumerable.Range(0, 300_000).Select(static number => (byte)(number * 7)).ToArray();

        foreach (var piece in sent.Chunk(113))
        {
            Assert.True(nearEnd.TrySend(piece));
        }

        Assert.True(farEnd.TrySend(sent));

        Assert.Equal(sent, await far.ReadAsync(sent.Length));
        Assert.Equal(sent, await near.ReadAsync(sent.Length));
    }

    [Fact]
    public async Task What_is_not_used_is_offered_again_with_more_behind_it()
    {
        await using var transport = TcpParts.Bind();
        var far = new Recorder { Uses = static count => count < 1_000_000 ? 0 : 1_000_000 };
        var (_, _, nearEnd, _) = await PairAsync(transport, far);
        var sent = new byte[2_000_000];
        new Random(5).NextBytes(sent);

        Assert.True(nearEnd.TrySend(sent));

        Assert.Equal(sent, await far.ReadAsync(sent.Length));
    }

    [Fact]
    public async Task Input_that_is_never_understood_ends_the_connection_at_its_bound()
    {
        await using var transport = TcpParts.Bind(inputBytesMax: 128 * 1024);
        var far = new Recorder { Uses = static _ => 0 };
        var (_, _, nearEnd, _) = await PairAsync(transport, far);

        nearEnd.TrySend(new byte[300_000]);

        Assert.Contains("more bytes", (await far.WhenClosed).Why);
    }

    [Fact]
    public async Task Slow_reader_bounds_the_output_and_takes_nothing_in_part()
    {
        await using var transport = TcpParts.Bind(outputBytesMax: 1_000_000);
        var accepted = new TaskCompletionSource<IPeerConnection>();
        var handler = new Recorder();
        transport.Listen(connection =>
        {
            accepted.SetResult(connection);
            return handler;
        });
        using var reader = await TcpParts.ConnectAsync(transport);
        var connection = await accepted.Task.WaitAsync(TcpParts.Patience);

        var taken = 0;
        while (connection.TrySend(new byte[100_000]))
        {
            taken++;
            Assert.True(taken < 10_000, "the output has a bound");
        }

        Assert.False(connection.TrySend(new byte[1_000_001]));
        var left = taken * 100_000L;
        var room = new byte[100_000];
        while (left > 0)
        {
            left -= await reader.ReceiveAsync(room, SocketFlags.None);
        }

        Assert.Equal(0, left);
    }

    [Fact]
    public async Task Closed_connection_takes_nothing_and_tells_both_ends_once()
    {
        await using var transport = TcpParts.Bind();
        var (near, far, nearEnd, _) = await PairAsync(transport);

        nearEnd.Close();
        nearEnd.Close();

        Assert.False(nearEnd.TrySend("x"u8));
        Assert.False((await near.WhenClosed).Refused);
        Assert.False((await far.WhenClosed).Refused);
    }

    [Fact]
    public async Task Last_bytes_before_a_close_arrive()
    {
        await using var transport = TcpParts.Bind();
        var (_, far, nearEnd, _) = await PairAsync(transport);

        nearEnd.TrySend("good bye"u8);
        nearEnd.Close();

        Assert.Equal("good bye"u8.ToArray(), await far.ReadAsync(8));
    }

    [Fact]
    public async Task Closing_ends_a_connection_whose_other_side_never_does()
    {
        await using var transport = TcpParts.Bind();
        var accepted = new TaskCompletionSource<IPeerConnection>();
        var handler = new Recorder();
        transport.Listen(connection =>
        {
            accepted.SetResult(connection);
            return handler;
        });
        using var stubborn = await TcpParts.ConnectAsync(transport);

        (await accepted.Task.WaitAsync(TcpParts.Patience)).Close();

        await handler.WhenClosed;
    }

    [Fact]
    public async Task Dial_where_nobody_listens_is_refused()
    {
        var gone = TcpParts.Bind();
        var url = TcpParts.UrlOf(gone);
        await gone.DisposeAsync();
        await using var transport = TcpParts.Bind();
        var handler = new Recorder();

        transport.Dial(url, handler);

        Assert.True((await handler.WhenClosed).Refused);
    }

    [Theory]
    [InlineData("not a url")]
    [InlineData("https://127.0.0.1:1")]
    [InlineData("http://no-such-host.invalid:2380")]
    public async Task Dial_that_cannot_be_is_not_refused_but_closed(string url)
    {
        await using var transport = TcpParts.Bind();
        var handler = new Recorder();

        transport.Dial(url, handler);

        var (refused, why) = await handler.WhenClosed;
        Assert.False(refused);
        Assert.NotEmpty(why);
    }

    [Theory]
    [InlineData("http://[::1]:0", "http://[::1]")]
    [InlineData("http://[::]:0", "http://127.0.0.1")]
    [InlineData("http://0.0.0.0:0", "http://localhost")]
    public async Task Both_kinds_of_address_are_heard(string listen, string dial)
    {
        if (!Socket.OSSupportsIPv6 && listen.Contains('['))
        {
            Assert.Throws<IOException>(() => TcpParts.Bind(listen));
            return;
        }

        await using var transport = TcpParts.Bind(listen);
        var (near, far) = (new Recorder(), new Recorder());
        transport.Listen(_ => far);

        transport.Dial($"{dial}:{transport.BoundTo[0].Port}", near);
        (await near.WhenConnected).TrySend("hello"u8);

        Assert.Equal("hello"u8.ToArray(), await far.ReadAsync(5));
    }

    [Fact]
    public async Task Port_in_use_is_named()
    {
        await using var transport = TcpParts.Bind();
        transport.Listen(static _ => null);
        var url = TcpParts.UrlOf(transport);

        var exception = Assert.Throws<IOException>(() => TcpParts.Bind(url));

        Assert.Contains(url, exception.Message);
    }

    [Fact]
    public void Setting_that_cannot_be_is_named()
    {
        var exception = Assert.Throws<ArgumentException>(() => TcpParts.Bind("here", outputBytesMax: 0));

        Assert.Contains("listen peer URL 'here' is no URL", exception.Message);
        Assert.Contains("OutputBytesMax", exception.Message);
    }

    [Fact]
    public async Task Connections_beyond_the_bound_are_closed_at_once()
    {
        await using var transport = TcpParts.Bind(acceptedMax: 2);
        transport.Listen(static _ => new Recorder());
        using var one = await TcpParts.ConnectAsync(transport);
        using var two = await TcpParts.ConnectAsync(transport);

        using var three = await TcpParts.ConnectAsync(transport);
        await TcpParts.WhenEndedAsync(three);

        Assert.True(one.Connected);
        Assert.True(two.Connected);
    }

    [Fact]
    public async Task Room_is_given_back_when_a_connection_ends()
    {
        await using var transport = TcpParts.Bind(acceptedMax: 1);
        var ends = new Queue<Recorder>(Enumerable.Range(0, 5).Select(static _ => new Recorder()));
        var waiting = ends.ToArray();
        transport.Listen(_ => ends.Dequeue());

        foreach (var far in waiting)
        {
            using var socket = await TcpParts.ConnectAsync(transport);
            socket.Shutdown(SocketShutdown.Both);
            await far.WhenClosed;
        }

        Assert.Empty(ends);
    }

    [Fact]
    public async Task Handler_that_breaks_a_law_is_seen()
    {
        var transport = TcpParts.Bind();
        transport.Listen(static _ => new Recorder { Uses = static count => count + 1 });
        using var socket = await TcpParts.ConnectAsync(transport);

        await socket.SendAsync(new byte[10], SocketFlags.None);

        await Assert.ThrowsAnyAsync<Exception>(() => transport.Failed.WaitAsync(TcpParts.Patience));
        await transport.DisposeAsync();
    }

    [Fact]
    public async Task Disposing_ends_everything()
    {
        var transport = TcpParts.Bind();
        var (near, far, nearEnd, _) = await PairAsync(transport);

        await transport.DisposeAsync().AsTask().WaitAsync(TcpParts.Patience);

        await near.WhenClosed;
        await far.WhenClosed;
        Assert.False(nearEnd.TrySend("x"u8));
        Assert.False(transport.Failed.IsCompleted);
    }

    private static async Task<(Recorder Near, Recorder Far, IPeerConnection NearEnd, IPeerConnection FarEnd)> PairAsync(
        TcpPeerTransport transport, Recorder? far = null)
    {
        far ??= new Recorder();
        var near = new Recorder();
        var accepted = new TaskCompletionSource<IPeerConnection>(TaskCreationOptions.RunContinuationsAsynchronously);
        transport.Listen(connection =>
        {
            accepted.SetResult(connection);
            return far;
        });
        transport.Dial($"http://{IPAddress.Loopback}:{transport.BoundTo[0].Port}", near);
        return (near, far, await near.WhenConnected, await accepted.Task.WaitAsync(TcpParts.Patience));
    }
}
