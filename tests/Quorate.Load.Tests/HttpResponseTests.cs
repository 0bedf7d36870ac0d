using System.Text;

namespace Quorate.Load.Tests;

public sealed class HttpResponseTests
{
    [Theory]
    [InlineData("HTTP/1.1 200 OK\r\ncontent-length: 5\r\n\r\nhello", 200, "hello")]
    [InlineData("HTTP/1.1 404 Not Found\r\nDate: x\r\nContent-Length:  2 \r\n\r\n{}", 404, "{}")]
    [InlineData("HTTP/1.1 204 No Content\r\n\r\n", 204, "")]
    [InlineData("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n1\r\na\r\n0\r\n\r\n", 200, "1\r\na\r\n0\r\n\r\n")]
    public void A_whole_answer_is_read_and_no_part_of_it_is(string text, int wantedStatus, string wantedBody)
    {
        var whole = Encoding.ASCII.GetBytes(text);

        for (var cut = 0; cut < whole.Length; cut++)
        {
            Assert.False(HttpResponse.TryRead(whole.AsSpan(0, cut), out _, out _, out _));
        }

        Assert.True(HttpResponse.TryRead(whole, out var status, out var body, out var consumed));
        Assert.Equal((wantedStatus, wantedBody, whole.Length), (status, Encoding.ASCII.GetString(body), consumed));
    }

    [Fact]
    public void The_next_answer_behind_it_is_left_alone()
    {
        var two = Encoding.ASCII.GetBytes("HTTP/1.1 200 OK\r\nContent-Length: 1\r\n\r\naHTTP/1.1 503 No");

        Assert.True(HttpResponse.TryRead(two, out _, out var body, out var consumed));

        Assert.Equal("a", Encoding.ASCII.GetString(body));
        Assert.False(HttpResponse.TryRead(two.AsSpan(consumed), out _, out _, out _));
    }

    [Theory]
    [InlineData("SSH-2.0-OpenSSH_9\r\n\r\n")]
    [InlineData("HTTP/1.1 abc OK\r\n\r\n")]
    [InlineData("HTTP/1.1 200 OK\r\nContent-Length: -4\r\n\r\n")]
    [InlineData("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nxyz\r\n")]
    public void What_is_no_answer_is_said_to_be_none(string text)
    {
        var bytes = Encoding.ASCII.GetBytes(text);

        Assert.Throws<InvalidDataException>(() => HttpResponse.TryRead(bytes, out _, out _, out _));
    }
}
