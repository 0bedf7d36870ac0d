using System.Text.Json;

namespace Quorate.Eng;

/// <summary>What the scripts need of <c>GET /status</c>.</summary>
public sealed record NodeStatus(
    string Name,
    string? Leader,
    string Role,
    long Commit,
    long Applied,
    long First,
    string Hash,
    long HashIndex,
    long Syncs)
{
    public bool IsLeader => Role == "leader";

    public static NodeStatus From(JsonElement json) => new(
        json.GetProperty("me").GetProperty("id").GetString()!,
        json.TryGetProperty("leader", out var leader) && leader.ValueKind == JsonValueKind.Object
            ? leader.GetProperty("id").GetString()
            : null,
        json.GetProperty("role").GetString()!,
        json.GetProperty("commit").GetInt64(),
        json.GetProperty("applied").GetInt64(),
        json.GetProperty("first").GetInt64(),
        json.GetProperty("hash").GetString()!,
        json.GetProperty("hashIndex").GetInt64(),
        json.GetProperty("syncs").GetInt64());
}
