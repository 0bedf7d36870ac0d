using System.Text;
using Quorate.Server.Http;

namespace Quorate.Server.Tests.Http;

public sealed class RequestTargetTests
{
    [Theory]
    [InlineData("/key/a", "/key/a", "")]
    [InlineData("/key/a?level=stale", "/key/a", "level=stale")]
    [InlineData("/key/a?b?c", "/key/a", "b?c")]
    [InlineData("/key/a%2Fb/../c", "/key/a%2Fb/../c", "")]
    [InlineData("//key//a", "//key//a", "")]
    [InlineData("/?", "/", "")]
    [InlineData("http://host:1/key/a?x=1", "/key/a", "x=1")]
    [InlineData("http://host?x=1", "/", "x=1")]
    [InlineData("http://host", "/", "")]
    public void Target_is_split_and_not_changed(string target, string path, string query)
    {
        Assert.True(RequestTarget.TryParse(target, out var parsed));

        Assert.Equal(path, parsed.Path.ToString());
        Assert.Equal(query, parsed.Query.ToString());
    }

    [Theory]
    [InlineData("*")]
    [InlineData("")]
    [InlineData("host:80")]
    [InlineData("://x")]
    public void Forms_without_a_resource_are_refused(string target) =>
        Assert.False(RequestTarget.TryParse(target, out _));

    [Theory]
    [InlineData("/key", "Keys", "")]
    [InlineData("/key/", "Key", "")]
    [InlineData("/key/a/b//c/", "Key", "a/b//c/")]
    [InlineData("/key/../status", "Key", "../status")]
    [InlineData("/keys/foo", "None", "")]
    [InlineData("/KEY/a", "None", "")]
    [InlineData("/", "None", "")]
    [InlineData("//key/a", "None", "")]
    [InlineData("/status", "Status", "")]
    [InlineData("/status/", "None", "")]
    [InlineData("/health", "Health", "")]
    [InlineData("/version", "Version", "")]
    [InlineData("/compact", "Compact", "")]
    [InlineData("/readyz", "Readyz", "")]
    [InlineData("/readyz/linearizable_read", "Readyz", "linearizable_read")]
    [InlineData("/livez/", "Livez", "")]
    [InlineData("/livezz", "None", "")]
    public void Routes_are_exact(string path, string route, string rest)
    {
        Assert.Equal(route, Routes.Match(path, out var left).ToString());
        Assert.Equal(rest, left.ToString());
    }

    [Theory]
    [InlineData("a%2Fb", "a/b")]
    [InlineData("a/b", "a/b")]
    [InlineData("a+b", "a+b")]
    [InlineData("%c3%A9", "é")]
    [InlineData("..%2e", "...")]
    [InlineData("%25", "%")]
    [InlineData("a%2520b", "a%20b")]
    [InlineData("", "")]
    public void Percent_signs_are_decoded_once(string text, string expected)
    {
        Assert.Equal(PercentFault.None, PercentDecoder.Decode(text, out var bytes, out _));

        Assert.Equal(expected, Encoding.UTF8.GetString(bytes));
    }

    [Fact]
    public void Every_byte_but_zero_can_be_said()
    {
        for (var value = 1; value < 256; value++)
        {
            Assert.Equal(PercentFault.None, PercentDecoder.Decode($"%{value:x2}%{value:X2}", out var bytes, out _));
            Assert.Equal([(byte)value, (byte)value], bytes);
        }
    }

    [Theory]
    [InlineData("ab%", "BadEscape", 2)]
    [InlineData("ab%1", "BadEscape", 2)]
    [InlineData("%zz", "BadEscape", 0)]
    [InlineData("a%2", "BadEscape", 1)]
    [InlineData("aé", "NotAscii", 1)]
    [InlineData("aa%00", "Zero", 2)]
    [InlineData("a\0", "Zero", 1)]
    public void Faults_are_named_with_their_place(string text, string fault, int at)
    {
        Assert.Equal(fault, PercentDecoder.Decode(text, out var bytes, out var faultAt).ToString());
        Assert.Equal(at, faultAt);
        Assert.Empty(bytes);
    }
}
