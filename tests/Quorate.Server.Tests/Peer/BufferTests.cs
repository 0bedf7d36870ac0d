namespace Quorate.Server.Tests.Peer;

public sealed class BufferTests
{
    [Fact]
    public void Output_gathers_while_it_sends_and_keeps_its_bound()
    {
        var output = new OutputBuffer(bytesMax: 10);
        Assert.True(output.TryAdd([1, 2, 3]));
        Assert.Equal([1, 2, 3], output.Next().ToArray());

        Assert.True(output.TryAdd([4, 5]));
        Assert.True(output.TryAdd([6, 7]));
        Assert.False(output.TryAdd([8, 9, 10, 11]));
        output.Sent(2);
        Assert.Equal([3], output.Next().ToArray());
        output.Sent(1);

        Assert.Equal([4, 5, 6, 7], output.Next().ToArray());
        output.Sent(4);
        Assert.Equal(0, output.Length);
        Assert.True(output.Next().IsEmpty);
    }

    [Fact]
    public void Input_grows_to_its_bound_and_no_further()
    {
        var input = new InputBuffer(bytesMax: InputBuffer.FirstBytes * 3);
        var came = 0;
        while (!input.Free().IsEmpty)
        {
            var room = input.Free();
            room.Span.Fill((byte)came);
            input.Came(room.Length);
            came += room.Length;
        }

        Assert.Equal(InputBuffer.FirstBytes * 3, came);
        Assert.Equal(came, input.Filled.Length);
    }

    [Fact]
    public void Input_keeps_what_is_not_used_through_moves()
    {
        var input = new InputBuffer(bytesMax: InputBuffer.FirstBytes);
        byte next = 0;
        byte expected = 0;
        var isWhole = true;
        for (var round = 0; round < 10_000; round++)
        {
            var free = input.Free();
            var room = free[..Math.Min(1000, free.Length)];
            foreach (ref var value in room.Span)
            {
                value = next++;
            }

            input.Came(room.Length);
            var used = input.Filled.Length - (input.Filled.Length % 777);
            foreach (var value in input.Filled[..used])
            {
                isWhole &= value == expected++;
            }

            input.Used(used);
        }

        Assert.True(isWhole);
    }

    [Theory]
    [InlineData("http://127.0.0.1:2380", "127.0.0.1", 2380)]
    [InlineData("http://[::1]:2380/", "::1", 2380)]
    [InlineData("http://node-1.example:80", "node-1.example", 80)]
    public void Url_gives_host_and_port(string text, string host, int port)
    {
        Assert.True(PeerUrl.TryParse(text, out var url));

        Assert.Equal(new PeerUrl(host, port), url);
    }

    [Theory]
    [InlineData("")]
    [InlineData("127.0.0.1:2380")]
    [InlineData("http://127.0.0.1")]
    [InlineData("http://127.0.0.1:")]
    [InlineData("http://[::1]")]
    [InlineData("https://127.0.0.1:2380")]
    [InlineData("http://127.0.0.1:2380/path")]
    [InlineData("http://user@127.0.0.1:2380")]
    public void Url_without_port_or_with_more_is_refused(string text) => Assert.False(PeerUrl.TryParse(text, out _));
}
