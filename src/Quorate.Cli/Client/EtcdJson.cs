using System.Buffers;
using System.Globalization;
using System.Text;
using System.Text.Json;

namespace Quorate.Cli.Client;

/// <summary>Writes answers as <c>etcdctl -w json</c> does: a header, then what is not zero, bytes in base64.</summary>
internal static class EtcdJson
{
    public static string Put(AnswerHeader header, NodeStatus? node) => Write(header, node, static _ => { });

    public static string Get(AnswerHeader header, NodeStatus? node, byte[] key, KeyVersion? found) =>
        Write(header, node, json =>
        {
            if (found is null)
            {
                return;
            }

            json.WriteStartArray("kvs");
            json.WriteStartObject();
            json.WriteBase64String("key", key);
            json.WriteNumber("create_revision", found.CreateRevision);
            json.WriteNumber("mod_revision", found.ModRevision);
            json.WriteNumber("version", found.Version);
            json.WriteBase64String("value", found.Value);
            json.WriteEndObject();
            json.WriteEndArray();
            json.WriteNumber("count", 1);
        });

    public static string Delete(AnswerHeader header, NodeStatus? node, bool existed) =>
        Write(header, node, json =>
        {
            if (existed)
            {
                json.WriteNumber("deleted", 1);
            }
        });

    /// <summary>One element a node, as <c>etcdctl endpoint status</c>, and the node's own document beside it.</summary>
    public static string Status(IReadOnlyList<NodeReport> reports)
    {
        var buffer = new ArrayBufferWriter<byte>();
        using (var json = new Utf8JsonWriter(buffer))
        {
            json.WriteStartArray();
            foreach (var report in reports)
            {
                WriteReport(json, report);
            }

            json.WriteEndArray();
        }

        return Encoding.UTF8.GetString(buffer.WrittenSpan);
    }

    private static void WriteReport(Utf8JsonWriter json, NodeReport report)
    {
        json.WriteStartObject();
        json.WriteString("Endpoint", $"{report.Endpoint}");
        if (report.Status is { } status)
        {
            json.WriteStartObject("Status");
            WriteHeader(json, status.Revision, status.Term, status);
            json.WriteString("version", status.Version);
            json.WriteNumber("raftIndex", status.Commit);
            json.WriteNumber("raftTerm", status.Term);
            json.WriteNumber("raftAppliedIndex", status.Applied);
            json.WriteEndObject();
            json.WritePropertyName("Node");
            json.WriteRawValue(report.Body!);
        }
        else
        {
            json.WriteString("Error", report.Fault!.Message);
        }

        json.WriteEndObject();
    }

    internal static string Write(AnswerHeader header, NodeStatus? node, Action<Utf8JsonWriter> rest)
    {
        var buffer = new ArrayBufferWriter<byte>();
        using (var json = new Utf8JsonWriter(buffer))
        {
            json.WriteStartObject();
            WriteHeader(json, header.Revision, header.Term, node);
            rest(json);
            json.WriteEndObject();
        }

        return Encoding.UTF8.GetString(buffer.WrittenSpan);
    }

    private static void WriteHeader(Utf8JsonWriter json, long revision, ulong term, NodeStatus? node)
    {
        json.WriteStartObject("header");
        json.WriteNumber("cluster_id", LowHalf(node?.ClusterId));
        json.WriteNumber("member_id", LowHalf(node?.MemberId));
        if (revision != 0)
        {
            json.WriteNumber("revision", revision);
        }

        json.WriteNumber("raft_term", term);
        json.WriteEndObject();
    }

    // The cluster id has 128 bits; etcd's headers have room for the low 64.
    internal static ulong LowHalf(string? hexadecimal) =>
        UInt128.TryParse(hexadecimal, NumberStyles.HexNumber, CultureInfo.InvariantCulture, out var id) ? (ulong)id : 0;
}
