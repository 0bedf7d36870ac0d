using System.Text.Json;

namespace Quorate.Eng;

/// <summary>What one run of the load tool gave.</summary>
public sealed record LoadReport(
    double Seconds,
    double Operations,
    double P50Ms,
    double P99Ms,
    double P999Ms,
    long Errors,
    TimeSpan LoadProcessor,
    TimeSpan NodesProcessor)
{
    public double PerSecond => Operations / Seconds;

    /// <summary>Processor time of all nodes for one operation, in microseconds.</summary>
    public double NodesMicrosecondsEach => NodesProcessor.TotalMicroseconds / Math.Max(1, Operations);

    /// <summary>How many processors the nodes and the load tool kept busy.</summary>
    public double ProcessorsBusy => (NodesProcessor + LoadProcessor).TotalSeconds / Seconds;

    /// <summary>Takes the times of the puts, or of the gets where there were no puts.</summary>
    public static LoadReport From(JsonElement json, TimeSpan nodesProcessor)
    {
        var puts = json.GetProperty("put");
        var times = puts.GetProperty("count").GetInt64() > 0 ? puts : json.GetProperty("get");
        return new LoadReport(
            json.GetProperty("seconds").GetDouble(),
            json.GetProperty("operations").GetDouble(),
            times.GetProperty("p50Ms").GetDouble(),
            times.GetProperty("p99Ms").GetDouble(),
            times.GetProperty("p999Ms").GetDouble(),
            Sum(json.GetProperty("refused")) + Sum(json.GetProperty("unknown")),
            TimeSpan.FromSeconds(json.GetProperty("processorSeconds").GetDouble()),
            nodesProcessor);
    }

    private static long Sum(JsonElement errors) => errors.EnumerateObject().Sum(error => error.Value.GetInt64());
}
