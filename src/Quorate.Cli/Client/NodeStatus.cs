using System.Text.Json.Serialization;

namespace Quorate.Cli.Client;

/// <summary>A member as <c>GET /status</c> names it.</summary>
internal sealed record MemberAddress(string? Id, string? Address);

/// <summary>A follower as its leader sees it.</summary>
internal sealed record FollowerStatus(
    string? Id, string? Address, ulong Match, ulong Next, string? State, long? LastContactMs, long Lag);

/// <summary>The part of <c>GET /status</c> that this executable reads; what is missing has a default.</summary>
/// <remarks>Generated readers set what is missing to null: a default stands in the getter.</remarks>
internal sealed record NodeStatus
{
    public MemberAddress? Me { get; init; }

    public MemberAddress? Leader { get; init; }

    public IReadOnlyList<FollowerStatus> Followers { get => field ?? []; init; }

    public string Role { get => field ?? "unknown"; init; }

    public ulong Term { get; init; }

    public ulong Commit { get; init; }

    public ulong Applied { get; init; }

    public ulong Last { get; init; }

    public ulong Persisted { get; init; }

    public long Revision { get; init; }

    public string? Hash { get; init; }

    public ulong HashIndex { get; init; }

    public int Pid { get; init; }

    public string? Version { get; init; }

    public string? ClusterId { get; init; }

    public string? MemberId { get; init; }

    /// <summary>
    /// <c>unconfigured</c>, <c>starting</c>, <c>alone</c>, <c>alone_with_data</c>, <c>member</c> or <c>removed</c>.
    /// </summary>
    public string? NodeState { get; init; }

    [JsonIgnore]
    public bool IsUnconfigured => NodeState == "unconfigured";

    [JsonIgnore]
    public bool IsRemoved => NodeState == "removed";

    /// <summary>At the first start of a list: the names of those not met yet.</summary>
    public IReadOnlyList<string> WaitingFor { get => field ?? []; init; }

    public ulong HashTerm { get; init; }

    public long Unapplied { get; init; }

    /// <summary>How long it has been in its term.</summary>
    public long? TermMs { get; init; }

    public string? VotedFor { get; init; }

    public long? ElectionTimerMs { get; init; }

    public int VotesGranted { get; init; }

    public int VotesRequired { get; init; }

    public string? Directory { get; init; }

    public bool InMemory { get; init; }

    public long HeartbeatMs { get; init; }

    public long ElectionMs { get; init; }

    public long ElectionMaxMs { get; init; }

    public long RequestTimeoutMs { get; init; }
}

/// <summary>The body of a refusal.</summary>
internal sealed record ErrorBody(string? Code, string? Message, string? Outcome, bool Retryable, string? Refusal);

/// <summary>The body of <c>GET /key/K?verbose</c>, with the value in base64.</summary>
internal sealed record VerboseValue(byte[]? Value, long CreateRevision, long ModRevision, long Version);

/// <summary>The body of <c>DELETE /key/K?verbose</c>.</summary>
internal sealed record VerboseDelete(long Revision, bool Existed);
