using Quorate.Cli.Tests.Fakes;
using Quorate.Server;

namespace Quorate.Cli.Tests.Settings;

/// <summary>The start lines of raftdb, hraftd and EASC.</summary>
public sealed class RaftdbLineTests
{
    [Theory]
    [InlineData("-id node01 -haddr h:8091 -raddr r:8089 /var/raftdb")]
    [InlineData("--id node01 --haddr h:8091 --raddr r:8089 /var/raftdb")]
    [InlineData("-id=node01 -haddr=h:8091 --raddr=r:8089 /var/raftdb")]
    public void A_line_is_a_node_of_its_own(string line)
    {
        var (settings, faults) = StartLineRun.Of(line);

        Assert.Empty(faults);
        Assert.Equal(
            ("node01", "/var/raftdb", Compat.Raftdb), (settings.Name, settings.DataDirectory, settings.Compat));
        Assert.Equal(["http://h:8091"], settings.ListenClientUrls);
        Assert.Equal(["http://h:8091"], settings.AdvertiseClientUrls);
        Assert.Equal(["http://r:8089"], settings.ListenPeerUrls);
        Assert.Equal(["http://r:8089"], Assert.Single(settings.InitialCluster).PeerUrls);
        Assert.False(settings.StartsUnconfigured || settings.NameIsAssumed || settings.InMemory);
    }

    [Fact]
    public void A_directory_alone_is_enough_and_the_name_is_the_raft_address()
    {
        var (settings, faults) = StartLineRun.Of("/data");

        Assert.Empty(faults);
        Assert.Equal(("localhost:12000", true), (settings.Name, settings.NameIsAssumed));
        Assert.Equal(["http://localhost:11000"], settings.ListenClientUrls);
        Assert.Equal(["http://localhost:12000"], settings.ListenPeerUrls);
    }

    [Theory]
    [InlineData("-id a -haddr :7150 -raddr :7151 d", "http://[::]:7150", "http://box:7151")]
    [InlineData("-id a -haddr 0.0.0.0:7150 -raddr 0.0.0.0:7151 d", "http://0.0.0.0:7150", "http://box:7151")]
    [InlineData("-id a -haddr [::]:7150 -raddr [::]:7151 d", "http://[::]:7150", "http://box:7151")]
    public void Every_address_is_reached_under_the_name_of_the_machine(string line, string clients, string advertised)
    {
        var (settings, faults) = StartLineRun.Of(line);

        Assert.Empty(faults);
        Assert.Equal([clients], settings.ListenClientUrls);
        Assert.Equal(["http://box:7150"], settings.AdvertiseClientUrls);
        Assert.Equal([advertised], settings.AdvertisePeerUrls);
        Assert.True(settings.PeerHostIsAssumed);
    }

    [Fact]
    public void Every_address_needs_a_word_where_the_machine_has_no_name()
    {
        var run = StartLineRun.Of("-raddr :7151 d", hostName: null);

        Assert.Contains("--initial-advertise-peer-urls is needed", run.Fault, StringComparison.Ordinal);
        Assert.Empty(
            StartLineRun.Of("-raddr :7151 -initial-advertise-peer-urls http://me:7151 d", hostName: null).Faults);
    }

    [Fact]
    public void A_port_that_is_told_beside_an_assumed_host_is_tried_at_the_calling_address_too()
    {
        var (settings, _) = StartLineRun.Of("-raddr :7151 -join h:1,:2 d");

        var join = Serving.ServeOptions.ToServer(settings).Join;

        Assert.Equal(["h:1", ":2"], join.Targets);
        Assert.Equal(["box:7151", ":7151"], join.Addresses);
    }

    [Theory]
    [InlineData("-inmem -id a", true)]
    [InlineData("-inmem -id a d", true)]
    [InlineData("-inmem d", true)]
    [InlineData("-inmem=true d", true)]
    [InlineData("-inmem=false d", false)]
    [InlineData("--inmem d", true)]
    public void In_memory_is_said_and_takes_no_word(string line, bool inMemory)
    {
        var (settings, faults) = StartLineRun.Of(line);

        Assert.Empty(faults);
        Assert.Equal(inMemory, settings.InMemory);
    }

    [Theory]
    [InlineData("-id a", "no directory is given: name one at the end of the line, or give -inmem")]
    [InlineData("-id= d", "-id is empty")]
    [InlineData("-haddr nowhere d", "-haddr 'nowhere' is not HOST:PORT or :PORT")]
    [InlineData("-raddr a:b d", "-raddr 'a:b' is not HOST:PORT or :PORT")]
    [InlineData("-raddr a:65536 d", "-raddr 'a:65536' is not HOST:PORT or :PORT")]
    [InlineData("-inmem=perhaps d", "-inmem 'perhaps' is not true or false")]
    [InlineData("-haddr :1 -raddr a:1 d", "-haddr and -raddr both want the port of http://[::]:1")]
    [InlineData("-id a --name b d", "--name and -id say the same: give one of them")]
    [InlineData("--data-dir e d", "--data-dir and DIR say the same: give one of them")]
    [InlineData("-haddr a:1 --listen-client-urls http://b:1 d", "--listen-client-urls and -haddr say the same")]
    [InlineData("-id a --initial-cluster a=http://a:1 d", "--initial-cluster does not go with -id (raftdb")]
    [InlineData("-id a --bootstrap-quorum d", "--bootstrap-quorum does not go with -id (raftdb")]
    [InlineData("-id a --raft-dir d", "-id (raftdb, hraftd, EASC) and --raft-dir (Permazen) are two spellings")]
    public void A_wrong_line_is_named(string line, string expected) =>
        Assert.Contains(
            StartLineRun.Of(line).Faults, fault => fault.Contains(expected, StringComparison.Ordinal));

    [Fact]
    public void What_is_common_goes_with_it()
    {
        var (settings, faults) = StartLineRun.Of(
            "-id a d --compat none --snapshot-count 7", ("QUORATE_HEARTBEAT_INTERVAL", "50"));

        Assert.Empty(faults);
        Assert.Equal((Compat.None, 7, 50), (
            settings.Compat, settings.SnapshotCount, (int)settings.HeartbeatInterval.TotalMilliseconds));
    }
}
