using System.Buffers;
using System.Globalization;
using System.Text.Encodings.Web;
using System.Text.Json;
using Quorate.Raft;

namespace Quorate.Storage;

/// <summary>
/// The file <c>recovered.json</c>: an object for each recovery, oldest first, for people and for the status of the
/// node; nothing that the node does depends on it. See docs/format/directory.md.
/// </summary>
internal static class RecoveryNotes
{
    public const string Name = "recovered.json";

    private const string TimeFormat = "yyyy-MM-dd'T'HH:mm:ss'Z'";

    // For people: names stand in quotes, which only a web page would have to be afraid of.
    private static readonly JsonWriterOptions Readable = new()
    {
        Indented = true,
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
    };

    public static byte[] ToBytes(IReadOnlyList<RecoveryNote> notes)
    {
        var buffer = new ArrayBufferWriter<byte>();
        using (var json = new Utf8JsonWriter(buffer, Readable))
        {
            json.WriteStartArray();
            foreach (var note in notes)
            {
                Write(json, note);
            }

            json.WriteEndArray();
        }

        buffer.Write("\n"u8);
        return buffer.WrittenSpan.ToArray();
    }

    /// <exception cref="FormatException">It is not what was written; the message says where.</exception>
    public static IReadOnlyList<RecoveryNote> Read(ReadOnlyMemory<byte> bytes)
    {
        try
        {
            using var document = JsonDocument.Parse(bytes);
            return [.. document.RootElement.EnumerateArray().Select(Read)];
        }
        catch (Exception fault) when (fault is JsonException or InvalidOperationException or KeyNotFoundException)
        {
            throw new FormatException(fault.Message, fault);
        }
    }

    private static void Write(Utf8JsonWriter json, RecoveryNote note)
    {
        json.WriteStartObject();
        json.WriteString("at", note.At.ToUniversalTime().ToString(TimeFormat, CultureInfo.InvariantCulture));
        json.WriteString("clusterId", $"{note.Cluster:x32}");
        json.WriteString("fromClusterId", $"{note.From.Cluster:x32}");
        json.WriteString("fromMemberId", $"{note.From.Member.Value:x16}");
        json.WriteString("fromDirectoryId", $"{note.From.Directory:x32}");
        json.WriteNumber("lastIndex", note.Last.Index.Value);
        json.WriteNumber("lastTerm", note.Last.Term.Value);
        json.WriteNumber("knownCommitted", note.KnownCommitted.Value);
        json.WriteStartArray("doubts");
        foreach (var doubt in note.Doubts)
        {
            json.WriteStringValue(doubt);
        }

        json.WriteEndArray();
        json.WriteString("program", note.Program);
        json.WriteEndObject();
    }

    private static RecoveryNote Read(JsonElement json) => new()
    {
        At = DateTimeOffset.ParseExact(
            Text(json, "at"), TimeFormat, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal),
        Cluster = Id(json, "clusterId"),
        From = new LogIdentity(
            Id(json, "fromClusterId"), new NodeId((ulong)Id(json, "fromMemberId")), Id(json, "fromDirectoryId")),
        Last = new EntryId(
            new Term(json.GetProperty("lastTerm").GetUInt64()),
            new LogIndex(json.GetProperty("lastIndex").GetUInt64())),
        KnownCommitted = new LogIndex(json.GetProperty("knownCommitted").GetUInt64()),
        Doubts = [.. json.GetProperty("doubts").EnumerateArray().Select(doubt => doubt.GetString() ?? "")],
        Program = Text(json, "program"),
    };

    private static string Text(JsonElement json, string name) => json.GetProperty(name).GetString() ?? "";

    private static UInt128 Id(JsonElement json, string name) =>
        UInt128.Parse(Text(json, name), NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture);
}
