using System.CommandLine;
using System.Buffers;
using System.Text;
using System.Text.Json;
using Quorate.Cli.Client;
using Quorate.Cli.Commands;

namespace Quorate.Cli.Cluster;

/// <summary><c>quorate raft-status</c>: one node in Permazen's layout.</summary>
internal static class RaftStatusCommand
{
    public static Command Create(Surroundings surroundings)
    {
        var options = new ClientOptions(surroundings);
        var command = new Command("raft-status", "Show one node: the first endpoint that answers; as Permazen has it.");
        options.AddTo(command);
        ClientCommand.SetBody(command, options, surroundings, async (_, call, cancellationToken) =>
        {
            var list = await call.Cluster.ListIfAnyAsync(cancellationToken);
            var body = await call.Kv.StatusBytesAsync(list.Header.Endpoint, cancellationToken);
            if (call.WantsJson)
            {
                call.Surroundings.Out.WriteLine(ToJson(body, list));
            }
            else
            {
                var report = new RaftStatusReport(call.Surroundings.Out, HttpKv.ReadStatus(body), list);
                report.Print(call.Surroundings.Time.GetLocalNow());
            }

            return ExitCodes.Ok;
        });
        return command;
    }

    // The node's own document, and the members as it knows them.
    private static string ToJson(byte[] status, MemberList list)
    {
        var buffer = new ArrayBufferWriter<byte>();
        using (var json = new Utf8JsonWriter(buffer))
        {
            json.WriteStartObject();
            json.WritePropertyName("status");
            json.WriteRawValue(status);
            json.WritePropertyName("members");
            JsonSerializer.Serialize(json, list.Members, ClientJson.Default.IReadOnlyListClusterMember);
            json.WriteBoolean("changing", list.IsChanging);
            json.WriteEndObject();
        }

        return Encoding.UTF8.GetString(buffer.WrittenSpan);
    }
}
