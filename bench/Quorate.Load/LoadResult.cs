using System.Text;
using System.Text.Json;

namespace Quorate.Load;

/// <summary>What a part of a run gave, as a table for people and as JSON for scripts.</summary>
internal sealed class LoadResult(TimeSpan elapsed, Tally tally)
{
    private static readonly (string Name, double Share)[] Shares = [("p50", 0.5), ("p99", 0.99), ("p999", 0.999)];

    private long Done => tally.Puts.Count + tally.Gets.Count;

    /// <summary>Whether nothing was refused and nothing is unknown.</summary>
    public bool IsClean => tally.RefusedCount == 0 && tally.UnknownCount == 0;

    public string ToText()
    {
        var text = new StringBuilder();
        text.AppendLine($"{Done:N0} operations in {elapsed.TotalSeconds:F2} s: {PerSecond(Done):N0} a second");
        AppendTimes(text, "put", tally.Puts);
        AppendTimes(text, "get", tally.Gets);
        AppendErrors(text, "refused", tally.RefusedCount, tally.Refused);
        AppendErrors(text, "unknown", tally.UnknownCount, tally.Unknown);
        return text.ToString();
    }

    public string ToJson()
    {
        using var bytes = new MemoryStream();
        using (var json = new Utf8JsonWriter(bytes))
        {
            json.WriteStartObject();
            json.WriteNumber("seconds", Math.Round(elapsed.TotalSeconds, 3));
            json.WriteNumber("operations", Done);
            json.WriteNumber("perSecond", Math.Round(PerSecond(Done), 1));
            WriteTimes(json, "put", tally.Puts);
            WriteTimes(json, "get", tally.Gets);
            json.WriteNumber("missing", tally.Missing);
            WriteErrors(json, "refused", tally.Refused);
            WriteErrors(json, "unknown", tally.Unknown);
            json.WriteNumber("processorSeconds", Math.Round(Environment.CpuUsage.TotalTime.TotalSeconds, 3));
            json.WriteEndObject();
        }

        return Encoding.UTF8.GetString(bytes.ToArray());
    }

    private double PerSecond(long count) => count / elapsed.TotalSeconds;

    private void AppendTimes(StringBuilder text, string name, Histogram times)
    {
        if (times.Count > 0)
        {
            var shares = string.Join(
                "  ", Shares.Select(at => $"{at.Name} {Milliseconds(times.Percentile(at.Share)):F3}"));
            text.AppendLine(
                $"{name}  {times.Count,12:N0}  {PerSecond(times.Count),10:N0}/s  {shares}  "
                + $"max {Milliseconds(times.Max):F3} ms");
        }
    }

    private static void AppendErrors(
        StringBuilder text, string name, long count, SortedDictionary<string, long> errors)
    {
        var detail = string.Join(", ", errors.Select(error => $"{error.Key}: {error.Value:N0}"));
        text.AppendLine(count == 0 ? $"{name}  0" : $"{name}  {count:N0} ({detail})");
    }

    private void WriteTimes(Utf8JsonWriter json, string name, Histogram times)
    {
        json.WriteStartObject(name);
        json.WriteNumber("count", times.Count);
        json.WriteNumber("perSecond", Math.Round(PerSecond(times.Count), 1));
        foreach (var (share, at) in Shares)
        {
            json.WriteNumber(share + "Ms", Milliseconds(times.Percentile(at)));
        }

        json.WriteNumber("maxMs", Milliseconds(times.Max));
        json.WriteEndObject();
    }

    private static void WriteErrors(Utf8JsonWriter json, string name, SortedDictionary<string, long> errors)
    {
        json.WriteStartObject(name);
        foreach (var (code, times) in errors)
        {
            json.WriteNumber(code, times);
        }

        json.WriteEndObject();
    }

    private static double Milliseconds(long nanoseconds) => Math.Round(nanoseconds / 1e6, 3);
}
