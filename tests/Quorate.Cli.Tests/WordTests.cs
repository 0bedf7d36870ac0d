using Quorate.Cli.Client;

namespace Quorate.Cli.Tests;

/// <summary>The small parsers of words.</summary>
public sealed class WordTests
{
    [Theory]
    [InlineData("5s", 5_000)]
    [InlineData("250ms", 250)]
    [InlineData("1.5s", 1_500)]
    [InlineData("2m", 120_000)]
    [InlineData("1h", 3_600_000)]
    [InlineData("3", 3_000)]
    [InlineData("0s", 0)]
    public void A_duration_has_a_unit_or_means_seconds(string text, int milliseconds)
    {
        Assert.True(Duration.TryParse(text, out var duration));

        Assert.Equal(TimeSpan.FromMilliseconds(milliseconds), duration);
    }

    [Theory]
    [InlineData("")]
    [InlineData("s")]
    [InlineData("-1s")]
    [InlineData("1d")]
    [InlineData("1e9s")]
    [InlineData("25h")]
    [InlineData("NaN")]
    public void What_is_no_duration_is_refused(string text) => Assert.False(Duration.TryParse(text, out _));

    [Theory]
    [InlineData("127.0.0.1:2379", "127.0.0.1:2379")]
    [InlineData("http://127.0.0.1:22379/", "127.0.0.1:22379")]
    [InlineData("localhost", "localhost:2379")]
    [InlineData("localhost:80", "localhost:80")]
    [InlineData("[::1]:2379", "[::1]:2379")]
    [InlineData(" a:1 , b:2 ", "a:1 b:2")]
    public void Endpoints_are_hosts_and_ports(string text, string expected)
    {
        Assert.True(Endpoint.TryParseList(text, out var endpoints, out _));

        Assert.Equal(expected, string.Join(' ', endpoints));
    }

    [Theory]
    [InlineData("status", "status", 0)]
    [InlineData("stauts", "status", 1)]
    [InlineData("statu", "status", 1)]
    [InlineData("", "abc", 3)]
    [InlineData("abc", "xyz", 3)]
    public void Distance_counts_slips(string left, string right, int slips) =>
        Assert.Equal(slips, Suggestion.Distance(left, right));

    [Fact]
    public void Nothing_near_is_no_suggestion() => Assert.Null(Suggestion.For("frobnicate", ["put", "get"]));

    [Fact]
    public void Control_characters_are_shown_not_sent()
    {
        Assert.Equal("a\\x1b[2Jb", TablePrinter.Printable("a\u001b[2Jb"));
    }
}
