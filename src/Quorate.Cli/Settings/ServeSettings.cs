using Microsoft.Extensions.Logging;

namespace Quorate.Cli.Settings;

/// <summary>How log lines look.</summary>
internal enum LogFormat
{
    /// <summary>A line for people.</summary>
    Simple,

    /// <summary>A JSON object a line.</summary>
    Json,
}

/// <summary>Everything <c>quorate serve</c> was told, checked; the names are those of etcd's flags.</summary>
internal sealed record ServeSettings
{
    public required string Name { get; init; }

    public required string DataDirectory { get; init; }

    public required IReadOnlyList<string> ListenClientUrls { get; init; }

    public required IReadOnlyList<string> AdvertiseClientUrls { get; init; }

    public required IReadOnlyList<string> ListenPeerUrls { get; init; }

    public required IReadOnlyList<string> AdvertisePeerUrls { get; init; }

    public required IReadOnlyList<StartLine> InitialCluster { get; init; }

    /// <summary>True for <c>--initial-cluster-state existing</c>: wait until a member of the cluster comes.</summary>
    public required bool InitialClusterExists { get; init; }

    public required string InitialClusterToken { get; init; }

    public required TimeSpan HeartbeatInterval { get; init; }

    public required TimeSpan ElectionTimeout { get; init; }

    public required long SnapshotCount { get; init; }

    public required bool BootstrapQuorum { get; init; }

    public required bool InsecureAdmin { get; init; }

    public required LogLevel LogLevel { get; init; }

    public required LogFormat LogFormat { get; init; }
}
