using Microsoft.Extensions.Logging;
using Quorate.Server;

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

    /// <summary>Nobody said the name: a directory that has another one keeps it.</summary>
    public required bool NameIsAssumed { get; init; }

    public required string DataDirectory { get; init; }

    public required bool InMemory { get; init; }

    public required IReadOnlyList<string> ListenClientUrls { get; init; }

    public required IReadOnlyList<string> AdvertiseClientUrls { get; init; }

    public required IReadOnlyList<string> ListenPeerUrls { get; init; }

    public required IReadOnlyList<string> AdvertisePeerUrls { get; init; }

    /// <summary>Nobody said where members reach this node: it is reached under the name of its machine.</summary>
    public required bool PeerHostIsAssumed { get; init; }

    /// <summary>Clients are served on loopback, at a port that is kept in the data directory.</summary>
    public required bool KeepsClientPort { get; init; }

    public required IReadOnlyList<StartLine> InitialCluster { get; init; }

    public required string InitialClusterToken { get; init; }

    /// <summary>A new node waits until a cluster takes it.</summary>
    public required bool StartsUnconfigured { get; init; }

    /// <summary>Whom the node asks to take it in.</summary>
    public required IReadOnlyList<string> JoinTargets { get; init; }

    public required Compat Compat { get; init; }

    public required TimeSpan HeartbeatInterval { get; init; }

    public required TimeSpan ElectionTimeout { get; init; }

    /// <summary>Null for twice the shortest.</summary>
    public required TimeSpan? ElectionTimeoutMax { get; init; }

    /// <summary>How long a request may take that does not say; null for what the server takes by itself.</summary>
    public required TimeSpan? RequestTimeout { get; init; }

    public required long SnapshotCount { get; init; }

    public required bool BootstrapQuorum { get; init; }

    public required bool InsecureAdmin { get; init; }

    public required LogLevel LogLevel { get; init; }

    public required LogFormat LogFormat { get; init; }

    /// <summary>What the operator should know about the start line, a sentence each.</summary>
    public required IReadOnlyList<string> Notes { get; init; }
}
