namespace Quorate.Server.Tests;

public sealed class ListenUrlTests
{
    [Theory]
    [InlineData("http://127.0.0.1:2379", "127.0.0.1", 2379)]
    [InlineData("http://0.0.0.0:80/", "0.0.0.0", 80)]
    [InlineData("http://[::1]:2379", "::1", 2379)]
    [InlineData("http://localhost:2379", null, 2379)]
    [InlineData("HTTP://LOCALHOST:0", null, 0)]
    public void Addresses_and_localhost_are_taken(string url, string? address, int port)
    {
        Assert.Null(ListenUrl.Parse(url, out var parsed));

        Assert.Equal(address, parsed.Address?.ToString());
        Assert.Equal(address is null, parsed.IsLocalhost);
        Assert.Equal(port, parsed.Port);
    }

    [Theory]
    [InlineData("https://127.0.0.1:2379", "'https://127.0.0.1:2379' must begin with http://")]
    [InlineData("http://127.0.0.1", "'http://127.0.0.1' must end with its port")]
    [InlineData("http://host:1", "'http://host:1' must name an IP address or localhost, not a host to be looked up")]
    [InlineData("127.0.0.1:2379", "'127.0.0.1:2379' is no URL such as http://127.0.0.1:2379")]
    [InlineData("http://127.0.0.1:2379/path", "'http://127.0.0.1:2379/path' must end with its port")]
    [InlineData("", "'' is no URL such as http://127.0.0.1:2379")]
    public void Anything_else_is_named(string url, string fault) => Assert.Equal(fault, ListenUrl.Parse(url, out _));

    [Fact]
    public void Options_list_every_fault_at_once()
    {
        var options = new ServerOptions { ListenClientUrls = ["x", "http://host:1"], KeysMax = 0, BodyBytesMax = 1 };

        Assert.Equal(4, options.Validate().Count);
    }
}
