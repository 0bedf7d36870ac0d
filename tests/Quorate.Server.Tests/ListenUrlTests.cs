using System.Net;
using System.Net.Sockets;

namespace Quorate.Server.Tests;

public sealed class ListenUrlTests
{
    [Theory]
    [InlineData("http://127.0.0.1:2379", "127.0.0.1", 2379, false)]
    [InlineData("http://0.0.0.0:80/", "0.0.0.0", 80, true)]
    [InlineData("http://[::1]:2379", "::1", 2379, false)]
    [InlineData("http://[::]:2379", "::", 2379, true)]
    [InlineData("HTTP://LOCALHOST:0", "localhost", 0, false)]
    [InlineData("http://raft-cluster-host-01:8091", "raft-cluster-host-01", 8091, false)]
    public void Addresses_and_names_are_taken(string url, string host, int port, bool isWildcard)
    {
        Assert.Null(ListenUrl.Parse(url, out var parsed));

        Assert.Equal((host, port, isWildcard), (parsed.Host, parsed.Port, parsed.IsWildcard));
    }

    [Theory]
    [InlineData("https://127.0.0.1:2379", "'https://127.0.0.1:2379' asks for TLS, which this version does not speak")]
    [InlineData("ftp://127.0.0.1:2379", "'ftp://127.0.0.1:2379' must be http://HOST:PORT")]
    [InlineData("http://me@127.0.0.1:2379", "'http://me@127.0.0.1:2379' must be http://HOST:PORT")]
    [InlineData("http://127.0.0.1", "'http://127.0.0.1' must end with its port")]
    [InlineData("127.0.0.1:2379", "'127.0.0.1:2379' is no URL such as http://127.0.0.1:2379")]
    [InlineData("http://127.0.0.1:2379/path", "'http://127.0.0.1:2379/path' must be http://HOST:PORT")]
    [InlineData("", "'' is no URL such as http://127.0.0.1:2379")]
    public void Anything_else_is_named(string url, string fault) => Assert.Equal(fault, ListenUrl.Parse(url, out _));

    [Theory]
    [InlineData("http://127.0.0.1:2379", "127.0.0.1:2379")]
    [InlineData("http://0.0.0.0:2379", "0.0.0.0:2379")]
    [InlineData("http://localhost:0", "127.0.0.1:0")]
    public void An_address_is_bound_as_it_stands(string url, string bound) =>
        Assert.Equal(bound, Assert.Single(Resolve(url)).ToString());

    [Fact]
    public void Localhost_is_both_loopback_addresses_where_there_are_two()
    {
        var bound = Resolve("http://localhost:2379");

        Assert.Contains(new IPEndPoint(IPAddress.Loopback, 2379), bound);
        Assert.All(bound, endPoint => Assert.True(IPAddress.IsLoopback(endPoint.Address)));
    }

    [Fact]
    public void Every_address_of_ipv6_is_every_address_of_ipv4_where_there_is_no_other() =>
        Assert.Equal(
            Socket.OSSupportsIPv6 ? IPAddress.IPv6Any : IPAddress.Any,
            Assert.Single(Resolve("http://[::]:2379")).Address);

    [Fact]
    public void A_name_that_is_not_this_machine_is_refused()
    {
        Assert.Null(ListenUrl.Parse("http://no-such-host.invalid:2379", out var url));

        var fault = Assert.Throws<IOException>(() => url.Resolve());

        Assert.Contains(
            "Cannot listen at http://no-such-host.invalid:2379: no-such-host.invalid cannot be looked up",
            fault.Message);
    }

    [Fact]
    public void Options_list_every_fault_at_once()
    {
        var options = new ServerOptions { ListenClientUrls = ["x", "http://host"], KeysMax = 0, BodyBytesMax = 1 };

        Assert.Equal(4, options.Validate().Count);
    }

    private static IReadOnlyList<IPEndPoint> Resolve(string url)
    {
        Assert.Null(ListenUrl.Parse(url, out var parsed));
        return parsed.Resolve();
    }
}
