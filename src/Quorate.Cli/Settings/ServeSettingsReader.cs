using System.Text;
using Microsoft.Extensions.Logging;
using Quorate.Server;

namespace Quorate.Cli.Settings;

/// <summary>
/// Turns raw settings into checked ones, whatever spelling they were given in. It never stops at the first fault.
/// </summary>
/// <param name="raw">Where they are.</param>
/// <param name="draft">What the spelling of the start line means beside its settings.</param>
/// <param name="hostName">The name of this machine, if it can be looked up.</param>
internal sealed class ServeSettingsReader(RawReader raw, SettingDraft draft, Func<string?> hostName)
{
    private const int NameBytesMax = 256;
    private const string DefaultName = "default";
    private const string DefaultClientUrl = "http://127.0.0.1:2379";
    private const string DefaultPeerUrl = "http://127.0.0.1:2380";

    public ServeSettings Read()
    {
        var inMemory = raw.Switch("in-memory");
        JudgeNeeds(inMemory);
        var peers = ReadPeers();
        var (listenClients, keepsPort) = ReadClients();
        JudgeListeners(listenClients, peers.Listen);
        var name = ReadName(peers.Advertised);
        var join = ReadJoin();
        return WithTimes(new ServeSettings
        {
            Name = name,
            NameIsAssumed = raw.Find("name") is null,
            DataDirectory = raw.Text("data-dir", $"{name}.quorate"),
            InMemory = inMemory,
            ListenClientUrls = listenClients,
            AdvertiseClientUrls = ReadAdvertised("advertise-client-urls", listenClients),
            ListenPeerUrls = peers.Listen,
            AdvertisePeerUrls = peers.Advertised,
            PeerHostIsAssumed = peers.HostIsAssumed,
            KeepsClientPort = keepsPort,
            InitialCluster = JudgeCluster(peers.Cluster, name, peers.Advertised),
            InitialClusterToken = raw.Text("initial-cluster-token", "etcd-cluster"),
            StartsUnconfigured = ReadStartsUnconfigured(join),
            JoinTargets = join,
            Compat = ReadCompat(),
            HeartbeatInterval = default,
            ElectionTimeout = default,
            ElectionTimeoutMax = null,
            RequestTimeout = draft.RequestTimeout,
            SnapshotCount = raw.Number("snapshot-count") ?? 100_000,
            BootstrapQuorum = raw.Switch("bootstrap-quorum"),
            InsecureAdmin = raw.Switch("insecure-admin"),
            LogLevel = ReadLogLevel(),
            LogFormat = ReadLogFormat(),
            Notes = draft.Notes,
        });
    }

    private void JudgeNeeds(bool inMemory)
    {
        foreach (var (setting, words) in draft.Needs)
        {
            raw.Require(raw.Find(setting) is not null || (inMemory && setting == "data-dir"), words);
        }
    }

    private PeerSide ReadPeers()
    {
        var listen = raw.Urls("listen-peer-urls", [DefaultPeerUrl]);
        var cluster = ReadCluster();

        // The list names us under the name that was said; one made of the address itself stands in no list.
        var said = raw.Find("name")?.Text ?? DefaultName;
        var self = cluster.FirstOrDefault(member => member.Name == said);
        var advertised = ReadAdvertised("initial-advertise-peer-urls", self?.PeerUrls ?? listen);
        var isSaid = raw.Find("initial-advertise-peer-urls") is not null || self is not null;
        return new PeerSide(listen, advertised, !isSaid && listen.Any(UrlList.IsWildcard), cluster);
    }

    private (IReadOnlyList<string> Urls, bool KeepsPort) ReadClients() =>
        draft.KeepsClientPort && raw.Find("listen-client-urls") is null
            ? (["http://127.0.0.1:0"], true)
            : (raw.Urls("listen-client-urls", [DefaultClientUrl]), false);

    // Else the second of the two finds its port taken by the first, when the directory is there already.
    private void JudgeListeners(IReadOnlyList<string> clients, IReadOnlyList<string> peers)
    {
        var twice = clients.FirstOrDefault(client => peers.Any(peer => UrlList.Overlap(client, peer)));
        raw.Require(
            twice is null,
            $"{raw.SourceOf("listen-client-urls")} and {raw.SourceOf("listen-peer-urls")} both want the port of {twice}"
            + ": clients and members need one each");
    }

    private string ReadName(IReadOnlyList<string> advertisedPeers)
    {
        var fallback = draft.IsNamedByAddress ? new Uri(advertisedPeers[0]).Authority : DefaultName;
        var name = raw.Text("name", fallback);
        raw.Require(
            Encoding.UTF8.GetByteCount(name) <= NameBytesMax,
            $"{raw.SourceOf("name")} has more than {NameBytesMax} bytes");
        raw.Require(!name.Any(char.IsControl), $"{raw.SourceOf("name")} has a control character, such as a line break");
        return name;
    }

    // Without a word of its own the advertised address is the one listened on, unless that is no address to dial.
    private IReadOnlyList<string> ReadAdvertised(string name, IReadOnlyList<string> fallback)
    {
        if (raw.Find(name) is not null)
        {
            var said = raw.Urls(name, fallback);
            var wildcard = said.FirstOrDefault(UrlList.IsWildcard);
            raw.Require(
                wildcard is null, $"{raw.SourceOf(name)} is what others are told, and nobody can dial {wildcard}");
            return said;
        }

        return [.. fallback.Select(url => UrlList.IsWildcard(url) ? Reachable(url, name) : url)];
    }

    private string Reachable(string wildcard, string name)
    {
        if (draft.GuessesHost && hostName() is { } host)
        {
            return new HostPort(host, new Uri(wildcard).Port).Url;
        }

        var because = draft.GuessesHost ? " and the name of this machine cannot be looked up" : "";
        raw.Require(false, $"--{name} is needed: others cannot reach this node at {wildcard}{because}");
        return wildcard;
    }

    private IReadOnlyList<StartLine> ReadCluster()
    {
        if (raw.Find("initial-cluster") is not { } list)
        {
            return [];
        }

        var fault = StartList.TryParse(list.Text, out var members);
        raw.Require(fault is null, $"{list.Source} {fault}");
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
        raw.Require(self is not null, $"--initial-cluster does not name this node ('{name}', see --name)");
        raw.Require(
            self is null || self.PeerUrls.Order().SequenceEqual(advertised.Order()),
            $"--initial-cluster says {string.Join(',', self?.PeerUrls ?? [])} for '{name}',"
                + $" --initial-advertise-peer-urls says {string.Join(',', advertised)}");
        var shared = cluster.SelectMany(member => member.PeerUrls)
            .GroupBy(url => url)
            .FirstOrDefault(group => group.Count() > 1);
        raw.Require(shared is null, $"--initial-cluster names {shared?.Key} twice");
        return cluster;
    }

    private IReadOnlyList<string> ReadJoin()
    {
        if (raw.Find("join") is not { } said)
        {
            return [];
        }

        var targets = said.Text.Split(
            ',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries);
        raw.Require(targets.Length > 0, $"{said.Source} names nobody to ask");
        foreach (var fault in targets.Select(target => JoinOptions.ParseTarget(target, out _)).OfType<string>())
        {
            raw.Require(false, $"{said.Source} {fault}");
        }

        raw.Require(
            raw.Find("initial-cluster") is null,
            $"{said.Source} and {raw.SourceOf("initial-cluster")} do not go together: a member of the list needs "
            + "nobody to take it in");
        return targets;
    }

    private bool ReadStartsUnconfigured(IReadOnlyList<string> join)
    {
        var waits = raw.Word("initial-cluster-state", "new", "existing") == "existing";
        var bootstrap = raw.Word("bootstrap", "", "auto", "never");
        return bootstrap == "never"
            || (bootstrap != "auto" && (waits || join.Count > 0 || draft.StartsUnconfigured));
    }

    private ServeSettings WithTimes(ServeSettings settings)
    {
        var (heartbeat, election) = (raw.Number("heartbeat-interval") ?? 100, raw.Number("election-timeout") ?? 1000);
        var longest = raw.Number("election-timeout-max");
        raw.Require(
            election > heartbeat,
            $"{raw.SourceOf("election-timeout")} ({election} ms) must be more than "
                + $"{raw.SourceOf("heartbeat-interval")} ({heartbeat} ms)");
        raw.Require(
            longest is null || longest >= election,
            $"{raw.SourceOf("election-timeout-max")} ({longest} ms) must be at least "
                + $"{raw.SourceOf("election-timeout")} ({election} ms)");
        return settings with
        {
            HeartbeatInterval = TimeSpan.FromMilliseconds(heartbeat),
            ElectionTimeout = TimeSpan.FromMilliseconds(election),
            ElectionTimeoutMax = longest is { } ms ? TimeSpan.FromMilliseconds(ms) : null,
        };
    }

    private Compat ReadCompat() => raw.Word("compat", "none", "raftdb", "balsa") switch
    {
        "raftdb" => Compat.Raftdb,
        "balsa" => Compat.Balsa,
        _ => Compat.None,
    };

    // "console" is etcd's word for lines.
    private LogFormat ReadLogFormat() =>
        raw.Word("log-format", "simple", "json", "console") == "json" ? LogFormat.Json : LogFormat.Simple;

    private LogLevel ReadLogLevel() => raw.Word("log-level", "info", "trace", "debug", "warn", "error", "fatal") switch
    {
        "trace" => LogLevel.Trace,
        "debug" => LogLevel.Debug,
        "warn" => LogLevel.Warning,
        "error" => LogLevel.Error,
        "fatal" => LogLevel.Critical,
        _ => LogLevel.Information,
    };

    /// <summary>Where members are heard, where they reach us, and with whom the cluster begins.</summary>
    private sealed record PeerSide(
        IReadOnlyList<string> Listen,
        IReadOnlyList<string> Advertised,
        bool HostIsAssumed,
        IReadOnlyList<StartLine> Cluster);
}
