using System.Text.Json;
using System.Text.Json.Serialization;

namespace Quorate.Simulator;

/// <summary>
/// A scenario: which faults every seed of it has, which none has, and what else is fixed. Read from
/// <c>workloads/NAME.json</c>; what a file does not say, the seed draws.
/// </summary>
internal sealed class Workload
{
    private static readonly JsonSerializerOptions Options = new()
    {
        PropertyNamingPolicy = JsonNamingPolicy.CamelCase,
        UnmappedMemberHandling = JsonUnmappedMemberHandling.Disallow,
        Converters = { new JsonStringEnumConverter(JsonNamingPolicy.KebabCaseLower) },
        ReadCommentHandling = JsonCommentHandling.Skip,
    };

    public string Scenario { get; init; } = "";

    public int? Voters { get; init; }

    public int? Spares { get; init; }

    public int? SnapshotCount { get; init; }

    public int? KeepEntries { get; init; }

    /// <summary>Faults of every seed.</summary>
    public IReadOnlyList<FaultKind> Always { get; init; } = [];

    /// <summary>Faults of no seed.</summary>
    public IReadOnlyList<FaultKind> Never { get; init; } = [];

    /// <summary>Mean time from one fault that strikes the cluster to the next, in election timeouts.</summary>
    public double FaultEvery { get; init; } = 3;

    /// <summary>How often faults strike and a quorum is healed.</summary>
    public int Rounds { get; init; } = 1;

    /// <summary>Chance that a seed overwrites freed memory of the store.</summary>
    public double PoisonChance { get; init; } = 0.1;

    public static Workload Swarm { get; } = new();

    /// <summary>Reads a workload, or says why it cannot.</summary>
    public static bool TryLoad(string name, out Workload workload, out string error)
    {
        workload = Swarm;
        error = "";
        var folder = Path.Combine(AppContext.BaseDirectory, "workloads");
        var path = Path.Combine(folder, name + ".json");
        if (name.AsSpan().ContainsAny('/', '\\') || !File.Exists(path))
        {
            var known = Directory.Exists(folder) ? Directory.GetFiles(folder, "*.json") : [];
            var names = known.Select(Path.GetFileNameWithoutExtension).Order(StringComparer.Ordinal);
            error = $"there is no workload {name}; there are: {string.Join(", ", names)}";
            return false;
        }

        try
        {
            workload = JsonSerializer.Deserialize<Workload>(File.ReadAllText(path), Options)!;
            return true;
        }
        catch (JsonException fault)
        {
            error = $"{path}: {fault.Message}";
            return false;
        }
    }
}
