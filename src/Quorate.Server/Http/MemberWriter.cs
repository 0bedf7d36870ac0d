using System.Globalization;
using System.Text.Json;
using Quorate.Node;
using Quorate.Raft;

namespace Quorate.Server.Http;

/// <summary>Members as JSON.</summary>
internal static class MemberWriter
{
    /// <summary>Writes a member as an object; how far it is only where this member leads, and so knows it.</summary>
    public static void Write(Utf8JsonWriter json, MemberStatus status, MemberInfo member, TimeSpan tick)
    {
        json.WriteStartObject();
        json.WriteString("name"u8, member.Name);
        json.WriteString("id"u8, member.Id.Value.ToString("x16", CultureInfo.InvariantCulture));
        WriteTexts(json, "peerUrls"u8, member.PeerUrls);
        WriteTexts(json, "clientUrls"u8, status.ClientUrlsOf(member.Id));
        json.WriteString("state"u8, StateOf(status.Raft.Config, member));
        json.WriteBoolean("staysLearner"u8, member.StaysLearner);
        json.WriteString(
            "replaces"u8, member.Replaces == NodeId.None ? null : LeaderInfo.NameOf(status, member.Replaces));
        json.WriteBoolean("leader"u8, member.Id == status.Raft.Leader);
        if (member.Id == status.Raft.Self && member.Id == status.Raft.Leader)
        {
            WriteProgress(json, status, status.Raft.Last.Index, lagBytes: 0, contactMs: 0);
        }

        foreach (var follower in status.Raft.Followers)
        {
            if (follower.Id == member.Id)
            {
                var contact = follower.TicksSinceContact;
                WriteProgress(
                    json, status, follower.Match, follower.LagBytes,
                    contact < 0 ? null : (long)(contact * tick.TotalMilliseconds));
            }
        }

        json.WriteEndObject();
    }

    /// <summary>What a member counts for: <c>voter</c>, <c>learner</c>, <c>announced</c>, <c>leaving</c>.</summary>
    public static string StateOf(ClusterConfig config, MemberInfo member)
    {
        if (member.IsAnnounced)
        {
            return "announced";
        }

        if (config.IsLearner(member.Id))
        {
            return "learner";
        }

        return config.Voters.Contains(member.Id) ? "voter" : "leaving";
    }

    private static void WriteProgress(
        Utf8JsonWriter json, MemberStatus status, LogIndex match, long lagBytes, long? contactMs)
    {
        var last = status.Raft.Last.Index;
        json.WriteNumber("match"u8, match.Value);
        json.WriteNumber("lagEntries"u8, last - match);
        json.WriteNumber("lagBytes"u8, lagBytes);
        json.WriteNumber("percent"u8, last.Value == 0 ? 100 : (int)(100 * match.Value / last.Value));
        if (contactMs is { } contact)
        {
            json.WriteNumber("lastContactMs"u8, contact);
        }
        else
        {
            json.WriteNull("lastContactMs"u8);
        }
    }

    private static void WriteTexts(Utf8JsonWriter json, ReadOnlySpan<byte> name, IReadOnlyList<string> texts)
    {
        json.WriteStartArray(name);
        foreach (var text in texts)
        {
            json.WriteStringValue(text);
        }

        json.WriteEndArray();
    }
}
