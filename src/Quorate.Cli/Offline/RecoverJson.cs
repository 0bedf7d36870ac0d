using System.Buffers;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using Quorate.Node;

namespace Quorate.Cli.Offline;

/// <summary>A recovery as one JSON object, for scripts.</summary>
internal static class RecoverJson
{
    private static readonly JsonWriterOptions Readable = new()
    {
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
    };

    public static string Of(RecoveryPlan plan, RecoveredCluster cluster)
    {
        var buffer = new ArrayBufferWriter<byte>();
        using (var json = new Utf8JsonWriter(buffer, Readable))
        {
            json.WriteStartObject();
            json.WriteString("name", plan.Name);
            json.WriteString("clusterId", $"{cluster.Identity.Cluster:x32}");
            json.WriteString("memberId", $"{cluster.Identity.Member.Value:x16}");
            json.WriteString("fromClusterId", $"{plan.Own.Identity.Cluster:x32}");
            json.WriteNumber("lastIndex", plan.Own.Last.Index.Value);
            json.WriteNumber("lastTerm", plan.Own.Last.Term.Value);
            json.WriteNumber("knownCommitted", plan.KnownCommitted.Index.Value);
            json.WriteNumber("revision", cluster.Revision.Value);
            json.WriteNumber("keys", cluster.Keys);
            json.WriteBoolean("majoritySurveyed", plan.HasMajority);
            json.WriteStartArray("surveyed");
            foreach (var survey in plan.Others.Prepend(plan.Own))
            {
                Write(json, survey);
            }

            json.WriteEndArray();
            WriteTexts(json, "notSurveyed", plan.NotSurveyed.Select(member => member.Name));
            WriteTexts(json, "doubts", plan.Doubts);
            json.WriteEndObject();
        }

        return Encoding.UTF8.GetString(buffer.WrittenSpan);
    }

    private static void Write(Utf8JsonWriter json, DirectorySurvey survey)
    {
        json.WriteStartObject();
        json.WriteString("dataDir", survey.Path);
        json.WriteString("name", survey.Identity.Name);
        json.WriteString("memberId", $"{survey.Identity.Member.Value:x16}");
        json.WriteNumber("lastIndex", survey.Last.Index.Value);
        json.WriteNumber("lastTerm", survey.Last.Term.Value);
        json.WriteNumber("knownCommitted", survey.Committed.Index.Value);
        json.WriteEndObject();
    }

    private static void WriteTexts(Utf8JsonWriter json, string name, IEnumerable<string> texts)
    {
        json.WriteStartArray(name);
        foreach (var text in texts)
        {
            json.WriteStringValue(text);
        }

        json.WriteEndArray();
    }
}
