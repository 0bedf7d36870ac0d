using System.Text.Json;
using Quorate.Cli.Client;
using Quorate.Cli.Commands;

namespace Quorate.Cli.Cluster;

/// <summary>Members as <c>etcdctl -w json</c> writes them: a header, ids as numbers, nothing that is empty.</summary>
internal static class ClusterJson
{
    /// <summary>The members, and the one that a change was about.</summary>
    public static async Task<string> MembersAsync(
        ClientCall call, MemberList list, ClusterMember? changed, CancellationToken cancellationToken)
    {
        var node = await call.IdentifyAsync(list.Header.Endpoint, cancellationToken);
        return EtcdJson.Write(list.Header, node, json =>
        {
            if (changed is not null)
            {
                json.WritePropertyName("member");
                Write(json, changed);
            }

            json.WriteStartArray("members");
            foreach (var member in list.Members)
            {
                Write(json, member);
            }

            json.WriteEndArray();
        });
    }

    /// <summary>Who leads; etcdctl has no word for it.</summary>
    public static async Task<string> LeaderAsync(
        ClientCall call, LeaderAnswer answer, CancellationToken cancellationToken)
    {
        var node = await call.IdentifyAsync(answer.Header.Endpoint, cancellationToken);
        return EtcdJson.Write(answer.Header, node, json =>
        {
            if (answer.Leader is { } leader)
            {
                json.WritePropertyName("leader");
                Write(json, leader);
            }
        });
    }

    private static void Write(Utf8JsonWriter json, ClusterMember member)
    {
        json.WriteStartObject();
        json.WriteNumber("ID", member.Number);
        if (member.Name.Length > 0)
        {
            json.WriteString("name", member.Name);
        }

        WriteTexts(json, "peerURLs", member.PeerUrls);
        WriteTexts(json, "clientURLs", member.ClientUrls);
        if (member.IsLearner)
        {
            json.WriteBoolean("isLearner", true);
        }

        json.WriteEndObject();
    }

    private static void WriteTexts(Utf8JsonWriter json, string name, IReadOnlyList<string> texts)
    {
        if (texts.Count == 0)
        {
            return;
        }

        json.WriteStartArray(name);
        foreach (var text in texts)
        {
            json.WriteStringValue(text);
        }

        json.WriteEndArray();
    }
}
