namespace Quorate.Cli.Settings;

/// <summary>The flags that go with every spelling of the start line.</summary>
internal static class CommonFlags
{
    public const string ConfigFile = "config-file";

    public static IReadOnlyList<ServeFlag> All { get; } =
    [
        new("join", "HOST:PORT,...", "Ask these members to take this node in, until one does."),
        new("bootstrap", "auto|never", "never: wait to be taken into a cluster; auto: begin one. [default: as above]"),
        ServeFlag.Switch("in-memory", "Keep nothing on disk: all is lost when the process ends."),
        new("advertise-client-urls", "URLS", "What clients are told. [default: as listened on]"),
        new("initial-advertise-peer-urls", "URLS", "What members are told. [default: as listened on]"),
        new("compat", "none|raftdb|balsa", "Whose habits the HTTP API keeps. [default: those of the spelling]"),
        new("heartbeat-interval", "MS", "Time between heartbeats. [default: 100]"),
        new("election-timeout", "MS", "Shortest silence before an election. [default: 1000]"),
        new("election-timeout-max", "MS", "Longest silence before an election. [default: twice the shortest]"),
        new("snapshot-count", "N", "Entries between snapshots. [default: 100000]"),
        ServeFlag.Switch("insecure-admin", "Take requests that reshape the cluster from everywhere."),
        new("log-level", "LEVEL", "trace, debug, info, warn, error or fatal. [default: info]"),
        new("log-format", "simple|json", "How log lines look. [default: simple]"),
        new(ConfigFile, "FILE", "YAML with these settings and etcd's; flags and variables go before it."),
    ];
}
