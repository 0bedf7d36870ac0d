using System.Globalization;
using System.Text;
using Microsoft.Extensions.Logging;

namespace Quorate.Cli.Settings;

/// <summary>
/// Turns raw settings into checked ones. It never stops at the first fault: an operator is told all of them at once.
/// </summary>
internal sealed class ServeSettingsReader(SettingSources sources)
{
    private const int NameBytesMax = 256;
    private const string DefaultName = "default";
    private const string DefaultClientUrl = "http://127.0.0.1:2379";
    private const string DefaultPeerUrl = "http://127.0.0.1:2380";

    private readonly List<string> _faults = [];

    /// <summary>What is wrong; empty when the settings are good.</summary>
    public IReadOnlyList<string> Faults => _faults;

    public ServeSettings Read()
    {
        var name = ReadText("name", DefaultName);
        Require(Encoding.UTF8.GetByteCount(name) <= NameBytesMax, $"--name has more than {NameBytesMax} bytes");
        var listenPeers = ReadUrls("listen-peer-urls", [DefaultPeerUrl], forListening: true);
        var listenClients = ReadUrls("listen-client-urls", [DefaultClientUrl], forListening: true);
        var cluster = ReadCluster();
        var self = cluster.FirstOrDefault(member => member.Name == name);
        var advertisePeers = ReadAdvertised("initial-advertise-peer-urls", self?.PeerUrls ?? listenPeers);
        var heartbeat = ReadNumber("heartbeat-interval", 100);
        var election = ReadNumber("election-timeout", 1000);
        Require(
            election > heartbeat || heartbeat == 0 || election == 0,
            $"--election-timeout ({election} ms) must be more than --heartbeat-interval ({heartbeat} ms)");
        return new ServeSettings
        {
            Name = name,
            DataDirectory = ReadText("data-dir", $"{name}.quorate"),
            ListenClientUrls = listenClients,
            AdvertiseClientUrls = ReadAdvertised("advertise-client-urls", listenClients),
            ListenPeerUrls = listenPeers,
            AdvertisePeerUrls = advertisePeers,
            InitialCluster = JudgeCluster(cluster, name, advertisePeers),
            InitialClusterExists = ReadWord("initial-cluster-state", "new", "existing") == "existing",
            InitialClusterToken = ReadText("initial-cluster-token", "etcd-cluster"),
            HeartbeatInterval = TimeSpan.FromMilliseconds(heartbeat),
            ElectionTimeout = TimeSpan.FromMilliseconds(election),
            SnapshotCount = ReadNumber("snapshot-count", 100_000),
            BootstrapQuorum = ReadSwitch("bootstrap-quorum"),
            InsecureAdmin = ReadSwitch("insecure-admin"),
            LogLevel = ReadLogLevel(),
            LogFormat = ReadLogFormat(),
        };
    }

    private void Require(bool condition, string fault)
    {
        if (!condition)
        {
            _faults.Add(fault);
        }
    }

    private string ReadText(string name, string fallback)
    {
        if (sources.Find(name) is not { } raw)
        {
            return fallback;
        }

        Require(raw.Text.Length > 0, $"{raw.Source} is empty");
        return raw.Text;
    }

    private IReadOnlyList<string> ReadUrls(string name, IReadOnlyList<string> fallback, bool forListening)
    {
        if (sources.Find(name) is not { } raw)
        {
            return fallback;
        }

        if (UrlList.TryParse(raw.Text, forListening, out var urls) is not { } fault)
        {
            return urls;
        }

        _faults.Add($"{raw.Source} {fault}");
        return fallback;
    }

    // Without a word of its own the advertised address is the one listened on, unless that is no address to dial.
    private IReadOnlyList<string> ReadAdvertised(string name, IReadOnlyList<string> fallback)
    {
        if (sources.Find(name) is not null)
        {
            return ReadUrls(name, fallback, forListening: false);
        }

        var wildcard = fallback.FirstOrDefault(UrlList.IsWildcard);
        Require(wildcard is null, $"--{name} is needed: others cannot reach this node at {wildcard}");
        return fallback;
    }

    private IReadOnlyList<StartLine> ReadCluster()
    {
        if (sources.Find("initial-cluster") is not { } raw)
        {
            return [];
        }

        var fault = StartList.TryParse(raw.Text, out var members);
        Require(fault is null, $"{raw.Source} {fault}");
        return members;
    }

    private IReadOnlyList<StartLine> JudgeCluster(
        IReadOnlyList<StartLine> cluster, string name, IReadOnlyList<string> advertised)
    {
        if (cluster.Count == 0)
        {
            return [new StartLine(name, advertised)];
        }

        var self = cluster.FirstOrDefault(member => member.Name == name);
        Require(self is not null, $"--initial-cluster does not name this node ('{name}', see --name)");
        Require(
            self is null || self.PeerUrls.Order().SequenceEqual(advertised.Order()),
            $"--initial-cluster says {string.Join(',', self?.PeerUrls ?? [])} for '{name}',"
                + $" --initial-advertise-peer-urls says {string.Join(',', advertised)}");
        var shared = cluster.SelectMany(member => member.PeerUrls)
            .GroupBy(url => url)
            .FirstOrDefault(group => group.Count() > 1);
        Require(shared is null, $"--initial-cluster names {shared?.Key} twice");
        return cluster;
    }

    private long ReadNumber(string name, long fallback)
    {
        if (sources.Find(name) is not { } raw)
        {
            return fallback;
        }

        var isNumber = int.TryParse(raw.Text, NumberStyles.None, CultureInfo.InvariantCulture, out var number);
        Require(isNumber && number > 0, $"{raw.Source} '{raw.Text}' is not a number from 1 to {int.MaxValue}");
        return number;
    }

    private bool ReadSwitch(string name)
    {
        if (sources.Find(name) is not { } raw)
        {
            return false;
        }

        var isSwitch = bool.TryParse(raw.Text, out var on);
        Require(isSwitch, $"{raw.Source} '{raw.Text}' is not true or false");
        return on;
    }

    private string ReadWord(string name, params string[] words)
    {
        if (sources.Find(name) is not { } raw)
        {
            return words[0];
        }

        Require(words.Contains(raw.Text), $"{raw.Source} '{raw.Text}' is not one of {string.Join(", ", words)}");
        return raw.Text;
    }

    // "console" is etcd's word for lines.
    private LogFormat ReadLogFormat() =>
        ReadWord("log-format", "simple", "json", "console") == "json" ? LogFormat.Json : LogFormat.Simple;

    private LogLevel ReadLogLevel() => ReadWord("log-level", "info", "trace", "debug", "warn", "error", "fatal") switch
    {
        "trace" => LogLevel.Trace,
        "debug" => LogLevel.Debug,
        "warn" => LogLevel.Warning,
        "error" => LogLevel.Error,
        "fatal" => LogLevel.Critical,
        _ => LogLevel.Information,
    };
}
