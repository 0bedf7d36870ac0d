using Microsoft.Extensions.Logging;
using Quorate.Cli.Tests.Fakes;
using Quorate.Server;

namespace Quorate.Cli.Tests.Settings;

/// <summary>etcd's spelling, and what is common to all.</summary>
public sealed class ServeSettingsTests
{
    [Fact]
    public void Without_settings_a_node_is_a_cluster_of_one_on_loopback()
    {
        var (settings, faults) = StartLineRun.Of("");

        Assert.Empty(faults);
        Assert.Equal(("default", "default.quorate"), (settings.Name, settings.DataDirectory));
        Assert.Equal(["http://127.0.0.1:2379"], settings.ListenClientUrls);
        Assert.Equal(["http://127.0.0.1:2379"], settings.AdvertiseClientUrls);
        Assert.Equal(["http://127.0.0.1:2380"], settings.ListenPeerUrls);
        var self = Assert.Single(settings.InitialCluster);
        Assert.Equal("default", self.Name);
        Assert.Equal(["http://127.0.0.1:2380"], self.PeerUrls);
        Assert.Equal(TimeSpan.FromMilliseconds(100), settings.HeartbeatInterval);
        Assert.Equal(TimeSpan.FromMilliseconds(1000), settings.ElectionTimeout);
        Assert.Null(settings.ElectionTimeoutMax);
        Assert.Equal((100_000, Compat.None), (settings.SnapshotCount, settings.Compat));
        Assert.False(settings.StartsUnconfigured || settings.BootstrapQuorum || settings.InsecureAdmin);
        Assert.False(settings.InMemory || settings.KeepsClientPort || settings.PeerHostIsAssumed);
        Assert.True(settings.NameIsAssumed);
        Assert.Empty(settings.JoinTargets);
    }

    [Fact]
    public void Flags_go_before_our_variables_and_those_before_etcd_s()
    {
        var (settings, faults) = StartLineRun.Of(
            "--name flag",
            ("QUORATE_NAME", "ours"), ("ETCD_NAME", "theirs"), ("QUORATE_DATA_DIR", "/ours"),
            ("ETCD_DATA_DIR", "/theirs"), ("ETCD_SNAPSHOT_COUNT", "7"), ("ETCD_LOG_LEVEL", "debug"),
            ("QUORATE_HEARTBEAT_INTERVAL", ""));

        Assert.Empty(faults);
        Assert.Equal(("flag", "/ours", 7), (settings.Name, settings.DataDirectory, settings.SnapshotCount));
        Assert.Equal(LogLevel.Debug, settings.LogLevel);
        Assert.False(settings.NameIsAssumed);
    }

    [Fact]
    public void A_start_list_gives_this_member_its_peer_address()
    {
        var (settings, faults) = StartLineRun.Of(
            "--name n2 --initial-cluster-state existing --initial-cluster "
            + "n1=http://127.0.0.1:2380,n2=http://127.0.0.1:22380/,n1=http://[::1]:2380");

        Assert.Empty(faults);
        Assert.Equal(["http://127.0.0.1:22380"], settings.AdvertisePeerUrls);
        Assert.Equal(["http://127.0.0.1:2380", "http://[::1]:2380"], settings.InitialCluster[0].PeerUrls);
        Assert.True(settings.StartsUnconfigured);
    }

    [Theory]
    [InlineData("--heartbeat-interval=abc", "--heartbeat-interval 'abc' is not a number")]
    [InlineData("--election-timeout=0", "'0' is not a number")]
    [InlineData("--election-timeout=100", "(100 ms) must be more than --heartbeat-interval (100 ms)")]
    [InlineData("--election-timeout-max=900", "(900 ms) must be at least --election-timeout (1000 ms)")]
    [InlineData("--snapshot-count -1", "--snapshot-count '-1'")]
    [InlineData("--listen-client-urls=foo", "'foo' is no URL")]
    [InlineData("--listen-client-urls=", "names no URL")]
    [InlineData("--listen-client-urls=https://127.0.0.1:2379", "TLS")]
    [InlineData("--listen-client-urls=http://127.0.0.1", "must end with its port")]
    [InlineData("--listen-client-urls=http://0.0.0.0:2379", "--advertise-client-urls is needed")]
    [InlineData("--listen-peer-urls=http://[::]:2380", "--initial-advertise-peer-urls is needed")]
    [InlineData("--initial-advertise-peer-urls=http://0.0.0.0:2380", "nobody can dial http://0.0.0.0:2380")]
    [InlineData("--initial-cluster=n1=http://127.0.0.1:2380", "does not name this node ('default'")]
    [InlineData("--initial-cluster=default", "'default' is not NAME=URL")]
    [InlineData("--initial-cluster=default=http://a:1,x=http://a:1", "names http://a:1 twice")]
    [InlineData("--initial-cluster-state=old", "'old' is not one of new, existing")]
    [InlineData("--bootstrap-quorum=maybe", "'maybe' is not true or false")]
    [InlineData("--bootstrap=maybe", "--bootstrap 'maybe' is not one of auto, never")]
    [InlineData("--listen-peer-urls=http://127.0.0.1:2379", "both want the port of http://127.0.0.1:2379")]
    [InlineData("--compat=zookeeper", "'zookeeper' is not one of none, raftdb, balsa")]
    [InlineData("--join=nowhere", "--join 'nowhere' is not HOST:PORT or :PORT")]
    [InlineData("--join=,", "--join names nobody to ask")]
    [InlineData("--join=a:1 --initial-cluster=default=http://127.0.0.1:2380", "do not go together")]
    [InlineData("--log-level=loud", "'loud' is not one of")]
    [InlineData("--log-format=xml", "'xml' is not one of simple, json, console")]
    [InlineData("--data-dir=", "--data-dir is empty")]
    [InlineData("--config-file=/no/such/file", "the config file cannot be read")]
    public void A_bad_setting_is_named_with_its_source(string line, string expected) =>
        Assert.Contains(
            StartLineRun.Of(line).Faults, fault => fault.Contains(expected, StringComparison.Ordinal));

    [Fact]
    public void All_bad_settings_are_named_at_once() =>
        Assert.Equal(
            3,
            StartLineRun.Of("--heartbeat-interval=x --listen-peer-urls=z", ("ETCD_LOG_LEVEL", "y")).Faults.Count);

    [Fact]
    public void Start_list_and_advertised_address_must_agree() =>
        Assert.Contains(
            "--initial-cluster says http://127.0.0.1:1 for 'default'",
            StartLineRun.Of(
                "--initial-cluster=default=http://127.0.0.1:1 --initial-advertise-peer-urls=http://127.0.0.1:2").Fault);

    [Theory]
    [InlineData("", false)]
    [InlineData("--bootstrap=never", true)]
    [InlineData("--initial-cluster-state=existing", true)]
    [InlineData("--initial-cluster-state=existing --bootstrap=auto", false)]
    [InlineData("--join=:2379", true)]
    [InlineData("--join=:2379 --bootstrap=auto", false)]
    [InlineData("-id a DIR", false)]
    [InlineData("-id a -join b:1 DIR", true)]
    [InlineData("-id a -bootstrap never DIR", true)]
    [InlineData("--raft-dir d --raft-identity a", true)]
    [InlineData("--raft-dir d --raft-identity a --bootstrap auto", false)]
    public void Whether_a_new_node_waits_is_the_spelling_s_unless_it_is_said(string line, bool waits)
    {
        var (settings, faults) = StartLineRun.Of(line);

        Assert.Empty(faults);
        Assert.Equal(waits, settings.StartsUnconfigured);
    }

    [Fact]
    public void One_dash_is_as_good_as_two_and_a_value_may_begin_with_one()
    {
        var (settings, faults) = StartLineRun.Of("-name -n1 --insecure-admin -data-dir=d");

        Assert.Empty(faults);
        Assert.Equal(("-n1", "d", true), (settings.Name, settings.DataDirectory, settings.InsecureAdmin));
    }
}
