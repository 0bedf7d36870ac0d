using Microsoft.Extensions.Logging;
using Quorate.Cli.Settings;

namespace Quorate.Cli.Tests;

public sealed class ServeSettingsTests
{
    [Fact]
    public void Without_settings_a_node_is_a_cluster_of_one_on_loopback()
    {
        var settings = Read([], out var faults);

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
        Assert.Equal(100_000, settings.SnapshotCount);
        Assert.False(settings.InitialClusterExists || settings.BootstrapQuorum || settings.InsecureAdmin);
    }

    [Fact]
    public void Flags_go_before_our_variables_and_those_before_etcd_s()
    {
        var settings = Read(
            [
                ("--name", "flag"), ("QUORATE_NAME", "ours"), ("ETCD_NAME", "theirs"),
                ("QUORATE_DATA_DIR", "/ours"), ("ETCD_DATA_DIR", "/theirs"),
                ("ETCD_SNAPSHOT_COUNT", "7"), ("ETCD_LOG_LEVEL", "debug"), ("QUORATE_HEARTBEAT_INTERVAL", ""),
            ],
            out var faults);

        Assert.Empty(faults);
        Assert.Equal(("flag", "/ours", 7), (settings.Name, settings.DataDirectory, settings.SnapshotCount));
        Assert.Equal(LogLevel.Debug, settings.LogLevel);
    }

    [Fact]
    public void A_start_list_gives_this_member_its_peer_address()
    {
        var settings = Read(
            [
                ("--name", "n2"),
                ("--initial-cluster", "n1=http://127.0.0.1:2380,n2=http://127.0.0.1:22380/,n1=http://[::1]:2380"),
                ("--initial-cluster-state", "existing"),
            ],
            out var faults);

        Assert.Empty(faults);
        Assert.Equal(["http://127.0.0.1:22380"], settings.AdvertisePeerUrls);
        Assert.Equal(["http://127.0.0.1:2380", "http://[::1]:2380"], settings.InitialCluster[0].PeerUrls);
        Assert.True(settings.InitialClusterExists);
    }

    [Theory]
    [InlineData("--heartbeat-interval", "abc", "--heartbeat-interval 'abc' is not a number")]
    [InlineData("--election-timeout", "0", "'0' is not a number")]
    [InlineData("--election-timeout", "100", "(100 ms) must be more than --heartbeat-interval (100 ms)")]
    [InlineData("ETCD_SNAPSHOT_COUNT", "-1", "ETCD_SNAPSHOT_COUNT '-1'")]
    [InlineData("--listen-client-urls", "foo", "'foo' is no URL")]
    [InlineData("--listen-client-urls", "", "names no URL")]
    [InlineData("--listen-client-urls", "https://127.0.0.1:2379", "TLS")]
    [InlineData("--listen-client-urls", "http://127.0.0.1", "must end with its port")]
    [InlineData("--listen-client-urls", "http://0.0.0.0:2379", "--advertise-client-urls is needed")]
    [InlineData("--listen-peer-urls", "http://example.com:2380", "must name an IP address")]
    [InlineData("--listen-peer-urls", "http://[::]:2380", "--initial-advertise-peer-urls is needed")]
    [InlineData("--initial-cluster", "n1=http://127.0.0.1:2380", "does not name this node ('default'")]
    [InlineData("--initial-cluster", "default", "'default' is not NAME=URL")]
    [InlineData("--initial-cluster", "default=http://a:1,x=http://a:1", "names http://a:1 twice")]
    [InlineData("--initial-cluster-state", "old", "'old' is not one of new, existing")]
    [InlineData("--bootstrap-quorum", "maybe", "'maybe' is not true or false")]
    [InlineData("--log-level", "loud", "'loud' is not one of")]
    [InlineData("--log-format", "xml", "'xml' is not one of simple, json, console")]
    [InlineData("--data-dir", "", "--data-dir is empty")]
    public void A_bad_setting_is_named_with_its_source(string name, string value, string expected)
    {
        Read([(name, value)], out var faults);

        Assert.Contains(faults, fault => fault.Contains(expected, StringComparison.Ordinal));
    }

    [Fact]
    public void All_bad_settings_are_named_at_once()
    {
        Read([("--heartbeat-interval", "x"), ("ETCD_LOG_LEVEL", "y"), ("--listen-peer-urls", "z")], out var faults);

        Assert.Equal(3, faults.Count);
    }

    [Fact]
    public void Start_list_and_advertised_address_must_agree()
    {
        Read(
            [
                ("--initial-cluster", "default=http://127.0.0.1:1"),
                ("--initial-advertise-peer-urls", "http://127.0.0.1:2"),
            ],
            out var faults);

        Assert.Contains("--initial-cluster says http://127.0.0.1:1 for 'default'", Assert.Single(faults));
    }

    private static ServeSettings Read((string Name, string Value)[] settings, out IReadOnlyList<string> faults)
    {
        var sources = new SettingSources(name => Find($"--{name}"), Find);
        var reader = new ServeSettingsReader(sources);
        var read = reader.Read();
        faults = reader.Faults;
        return read;

        string? Find(string name) => settings.FirstOrDefault(pair => pair.Name == name).Value;
    }
}
