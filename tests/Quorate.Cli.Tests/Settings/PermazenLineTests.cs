using Quorate.Cli.Tests.Fakes;
using Quorate.Server;

namespace Quorate.Cli.Tests.Settings;

/// <summary>Permazen's start lines.</summary>
public sealed class PermazenLineTests
{
    private const string Least = "--raft-dir /r --raft-identity nodeA ";

    [Fact]
    public void The_line_of_the_how_to_is_a_node_that_belongs_to_no_cluster()
    {
        var (settings, faults) = StartLineRun.Of(
            "--kv-mode --raft-dir /r --raft-identity nodeA --raft-address 10.0.0.1:1001 --arraydb /r/kvstore");

        Assert.Empty(faults);
        Assert.Equal(("nodeA", "/r", Compat.None), (settings.Name, settings.DataDirectory, settings.Compat));
        Assert.Equal(["http://10.0.0.1:1001"], settings.ListenPeerUrls);
        Assert.True(settings.StartsUnconfigured && settings.KeepsClientPort);
        Assert.Equal((200, 750, 1000), (
            (int)settings.HeartbeatInterval.TotalMilliseconds,
            (int)settings.ElectionTimeout.TotalMilliseconds,
            (int)settings.ElectionTimeoutMax!.Value.TotalMilliseconds));
        Assert.Equal(
            "--arraydb /r/kvstore is not used: the data lives in the Raft directory.", Assert.Single(settings.Notes));
    }

    [Theory]
    [InlineData("--raft-address 10.0.0.1", "http://10.0.0.1:9660")]
    [InlineData("--raft-address 10.0.0.1:1001", "http://10.0.0.1:1001")]
    [InlineData("--raft-address 10.0.0.1:1001 --raft-port 1002", "http://10.0.0.1:1002")]
    [InlineData("--raft-address host-a --raft-port 1002", "http://host-a:1002")]
    [InlineData("--raft-address ::1", "http://[::1]:9660")]
    [InlineData("--raft-address [::1]:1001", "http://[::1]:1001")]
    [InlineData("--raft-port 1002", "http://[::]:1002")]
    [InlineData("", "http://[::]:9660")]
    public void The_address_may_have_its_port_or_not(string line, string expected)
    {
        var (settings, faults) = StartLineRun.Of(Least + line);

        Assert.Empty(faults);
        Assert.Equal([expected], settings.ListenPeerUrls);
    }

    [Fact]
    public void The_flags_of_later_versions_are_the_same()
    {
        var (settings, faults) = StartLineRun.Of("--raft /r --raft-identity a --array /r/kv");

        Assert.Empty(faults);
        Assert.Equal("/r", settings.DataDirectory);
        Assert.Single(settings.Notes);
    }

    [Fact]
    public void A_client_address_that_is_said_is_not_kept()
    {
        var (settings, faults) = StartLineRun.Of(Least + "--listen-client-urls http://127.0.0.1:7");

        Assert.Empty(faults);
        Assert.False(settings.KeepsClientPort);
        Assert.Equal(["http://127.0.0.1:7"], settings.ListenClientUrls);
    }

    [Theory]
    [InlineData("--raft-dir /r", "--raft-identity is missing")]
    [InlineData("--raft-identity a", "--raft-dir is missing")]
    [InlineData("--raft-dir a --raft b --raft-identity c", "--raft-dir and --raft say the same")]
    [InlineData(Least + "--raft-port x", "--raft-port 'x' is not a port from 1 to 65535")]
    [InlineData(Least + "--raft-address a:b", "--raft-address 'a:b' is not HOST or HOST:PORT")]
    [InlineData(Least + "--raft-heartbeat-timeout 750", "--raft-heartbeat-timeout (750 ms)")]
    [InlineData(Least + "--raft-min-election-timeout 1001", "--raft-max-election-timeout (1000 ms) must be at least")]
    [InlineData(Least + "--election-timeout 5 --raft-min-election-timeout 6", "say the same")]
    [InlineData(Least + "--initial-cluster a=http://a:1", "does not go with --raft-dir (Permazen)")]
    [InlineData(Least + "DIR", "DIR (raftdb, hraftd, EASC) and --raft-dir (Permazen) are two spellings")]
    public void A_wrong_line_is_named(string line, string expected) =>
        Assert.Contains(
            StartLineRun.Of(line).Faults, fault => fault.Contains(expected, StringComparison.Ordinal));
}
