using System.Text.Json.Serialization;
using Quorate.Raft;

namespace Quorate.Cli.Client;

/// <summary>A member as <c>GET /members</c> tells of it; how far it is only where the leader answers.</summary>
internal sealed record ClusterMember
{
    public string Name { get => field ?? ""; init; }

    /// <summary>Sixteen hexadecimal digits.</summary>
    public string Id { get => field ?? ""; init; }

    public IReadOnlyList<string> PeerUrls { get => field ?? []; init; }

    public IReadOnlyList<string> ClientUrls { get => field ?? []; init; }

    /// <summary><c>voter</c>, <c>learner</c>, <c>announced</c> or <c>leaving</c>.</summary>
    public string State { get => field ?? "unknown"; init; }

    /// <summary>Whether it leads.</summary>
    public bool Leader { get; init; }

    public ulong? Match { get; init; }

    public long? LagEntries { get; init; }

    public long? LagBytes { get; init; }

    public int? Percent { get; init; }

    public long? LastContactMs { get; init; }

    [JsonIgnore]
    public bool IsVoter => State == "voter";

    /// <summary>What counts in no quorum is a learner to etcd's clients.</summary>
    [JsonIgnore]
    public bool IsLearner => State is "learner" or "announced";

    [JsonIgnore]
    public ulong Number => NodeId.TryParse(Id, out var id) ? id.Value : 0;

    /// <summary>Its name; its id while it has none.</summary>
    [JsonIgnore]
    public string Called => Name.Length > 0 ? Name : Id;
}

/// <summary>The body of <c>GET /members</c>.</summary>
internal sealed record MemberListBody(IReadOnlyList<ClusterMember>? Members, bool Changing);

/// <summary>The body of an answer that tells of one member.</summary>
internal sealed record MemberBody(ClusterMember? Member);

/// <summary>The body of <c>GET /leader</c>.</summary>
internal sealed record LeaderBody(ClusterMember? Leader);

/// <summary>The body of <c>POST /leader</c>.</summary>
internal sealed record TransferBody(string To);

/// <summary>A member that is to be, as a request describes it; what is null is not said.</summary>
internal sealed record MemberRequest
{
    public string? Name { get; init; }

    public required IReadOnlyList<string> PeerUrls { get; init; }

    public bool? Learner { get; init; }

    public bool? Announce { get; init; }
}

/// <summary>Who belongs to the cluster, as one node knows it.</summary>
internal sealed record MemberList(AnswerHeader Header, IReadOnlyList<ClusterMember> Members, bool IsChanging)
{
    public ClusterMember? Find(string id) => Members.FirstOrDefault(member => member.Id == id);

    /// <summary>By name first: a name might look like an id. An id may stand as logs print it, n before it.</summary>
    public ClusterMember? FindNamed(string nameOrId) =>
        Members.FirstOrDefault(member => member.Name == nameOrId && nameOrId.Length > 0)
        ?? (NodeId.TryParse(nameOrId, out var id)
            ? Members.FirstOrDefault(member => member.Number == id.Value)
            : null);
}

/// <summary>A change of the members was done; whom it was about, where the node says so.</summary>
internal sealed record MemberAnswer(AnswerHeader Header, ClusterMember? Member);

/// <summary>Who leads, or null for nobody that is known.</summary>
internal sealed record LeaderAnswer(AnswerHeader Header, ClusterMember? Leader);
