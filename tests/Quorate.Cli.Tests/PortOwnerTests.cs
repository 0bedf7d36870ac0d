using System.Net;
using System.Net.Sockets;

namespace Quorate.Cli.Tests;

public sealed class PortOwnerTests
{
    [Fact]
    public void A_port_in_use_names_its_owner()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        var port = ((IPEndPoint)listener.LocalEndpoint).Port;

        var why = PortOwner.WhyTaken(IPAddress.Loopback, port);

        var owner = OperatingSystem.IsLinux() ? $"process {Environment.ProcessId} (" : "another process";
        Assert.StartsWith($"port {port} is in use by {owner}", why);
    }

    [Fact]
    public void A_free_port_is_free()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        var port = ((IPEndPoint)listener.LocalEndpoint).Port;
        listener.Stop();

        Assert.Null(PortOwner.WhyTaken(IPAddress.Loopback, port));
        Assert.Null(PortOwner.Find(port));
    }

    [Fact]
    public void A_port_in_use_at_one_address_is_taken_for_all_of_both_versions()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        var port = ((IPEndPoint)listener.LocalEndpoint).Port;

        Assert.StartsWith($"port {port} is in use by ", PortOwner.WhyTaken(IPAddress.IPv6Any, port));
    }

    [Fact]
    public void An_address_of_another_machine_is_no_port_in_use()
    {
        var fault = PortOwner.Judge(IPAddress.Parse("192.0.2.1"), 1);

        Assert.StartsWith("192.0.2.1:1 cannot be listened on", fault?.Why);
        Assert.Equal("choose an address that this machine has", fault?.Remedy);
    }

    [Theory]
    [InlineData("0: 0100007F:094B 00000000:0000 0A 00000000:00000000 00:00000000 00000000 0 0 4242 1", "4242")]
    [InlineData("0: 0100007F:094B 0100007F:1234 01 00000000:00000000 00:00000000 00000000 0 0 4242 1", null)]
    [InlineData("0: 0100007F:1234 00000000:0000 0A 00000000:00000000 00:00000000 00000000 0 0 4242 1", null)]
    [InlineData("sl local_address rem_address st tx_queue rx_queue tr tm->when retrnsmt uid timeout inode", null)]
    [InlineData("", null)]
    public void Only_listening_sockets_of_the_port_count(string line, string? inode) =>
        Assert.Equal(inode, PortOwner.ListeningInode(line, port: 2379));
}
