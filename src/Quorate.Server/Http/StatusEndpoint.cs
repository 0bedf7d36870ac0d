using System.Globalization;
using System.Text.Json;
using Microsoft.AspNetCore.Http;
using Quorate.Node;
using Quorate.Raft;
using Quorate.Storage;

namespace Quorate.Server.Http;

/// <summary><c>GET /status</c>: this member, the leader and the others; answers before there is a leader.</summary>
internal sealed class StatusEndpoint(
    IMemberGateway member,
    ServerOptions options,
    MemberOptions settings,
    TimeSpan usualTimeout,
    Responder responder)
{
    /// <summary>Answers the request.</summary>
    public Task GetAsync(HttpContext http)
    {
        var status = member.Status;
        var buffer = responder.Rent();
        buffer.Json.WriteStartObject();
        WriteMembers(buffer, status);
        WriteLog(buffer, status);
        WriteElection(buffer.Json, status.Raft, LeaderInfo.NameOf(status, status.Raft.HardState.Vote));
        WriteNode(buffer, status);
        buffer.Json.WriteEndObject();
        responder.StampMember(http.Response, status.Raft);
        responder.StampRevision(http.Response, status.Revision);
        return responder.SendAsync(http.Response, buffer);
    }

    private void WriteMembers(AnswerBuffer buffer, MemberStatus status)
    {
        var json = buffer.Json;
        json.WriteStartObject("me"u8);
        json.WriteString("id"u8, status.Name);
        json.WriteString("address"u8, LeaderInfo.PeerAddressOf(status, status.Raft.Self));
        json.WriteEndObject();

        // Without a leader the fields stay, empty: that is the shape callers of old know.
        var leader = LeaderInfo.Of(status);
        json.WriteStartObject("leader"u8);
        json.WriteString("id"u8, leader?.Name ?? "");
        json.WriteString("address"u8, leader?.PeerAddress ?? "");
        json.WriteEndObject();

        json.WriteStartArray("followers"u8);
        foreach (var other in status.Members)
        {
            if (other.Id != status.Raft.Self && other.Id != status.Raft.Leader)
            {
                WriteFollower(buffer, status, other.Id);
            }
        }

        json.WriteEndArray();
    }

    private void WriteFollower(AnswerBuffer buffer, MemberStatus status, NodeId id)
    {
        var json = buffer.Json;
        json.WriteStartObject();
        json.WriteString("id"u8, LeaderInfo.NameOf(status, id));
        json.WriteString("address"u8, LeaderInfo.PeerAddressOf(status, id));
        foreach (var follower in status.Raft.Followers)
        {
            if (follower.Id == id)
            {
                WriteProgress(buffer, status, follower);
            }
        }

        json.WriteEndObject();
    }

    private void WriteProgress(AnswerBuffer buffer, MemberStatus status, in FollowerStatus follower)
    {
        var json = buffer.Json;
        json.WriteNumber("match"u8, follower.Match.Value);
        json.WriteNumber("next"u8, follower.Next.Value);
        json.WriteString("state"u8, follower.State.ToString().ToLowerInvariant());
        if (follower.TicksSinceContact >= 0)
        {
            json.WriteNumber("lastContactMs"u8, Milliseconds(follower.TicksSinceContact));
        }
        else
        {
            json.WriteNull("lastContactMs"u8);
        }

        json.WriteNumber("lag"u8, status.Raft.Last.Index - follower.Match);
    }

    private static void WriteLog(AnswerBuffer buffer, MemberStatus status)
    {
        var json = buffer.Json;
        var raft = status.Raft;
        json.WriteString("role"u8, RoleOf(raft.Role));
        json.WriteNumber("term"u8, raft.HardState.Term.Value);
        json.WriteNumber("commit"u8, raft.Commit.Value);
        json.WriteNumber("applied"u8, raft.Applied.Value);
        json.WriteNumber("first"u8, raft.First.Value);
        json.WriteNumber("last"u8, raft.Last.Index.Value);
        json.WriteNumber("persisted"u8, raft.Persisted.Value);
        json.WriteNumber("revision"u8, status.Revision.Value);
        json.WriteString("hash"u8, Hex(status.State.Hash));
        json.WriteNumber("hashIndex"u8, status.State.At.Index);
        json.WriteNumber("hashTerm"u8, status.State.At.Term);
    }

    // What this member does about who leads: what it has said itself, and what it waits for.
    private void WriteElection(Utf8JsonWriter json, RaftStatus raft, string votedFor)
    {
        json.WriteNumber("termMs"u8, Milliseconds(raft.TicksInTerm));
        json.WriteString("votedFor"u8, raft.HardState.Vote == NodeId.None ? null : votedFor);
        if (raft.TicksToElection is { } left)
        {
            json.WriteNumber("electionTimerMs"u8, Milliseconds(left));
        }
        else
        {
            json.WriteNull("electionTimerMs"u8);
        }

        json.WriteNumber("votesGranted"u8, raft.VotesGranted);
        json.WriteNumber("votesRequired"u8, raft.Config.Voters.IsEmpty ? 0 : (raft.Config.Voters.Length / 2) + 1);
    }

    private void WriteNode(AnswerBuffer buffer, MemberStatus status)
    {
        var json = buffer.Json;
        json.WriteString("nodeState"u8, StateOf(status.NodeState));
        json.WriteBoolean("changing"u8, status.Raft.IsChanging);
        json.WriteString(
            "transferTo"u8,
            status.Raft.TransferTarget == NodeId.None ? null : LeaderInfo.NameOf(status, status.Raft.TransferTarget));
        json.WriteNumber("pid"u8, Environment.ProcessId);
        json.WriteString("version"u8, ProductVersion.Text);
        json.WriteString("clusterId"u8, status.ClusterId.ToString("x32", CultureInfo.InvariantCulture));
        json.WriteString("memberId"u8, Hex(status.Raft.Self.Value));
        json.WriteString("directoryId"u8, status.DirectoryId.ToString("x32", CultureInfo.InvariantCulture));
        json.WriteNumber("syncs"u8, status.Syncs);
        json.WriteNumber("unapplied"u8, status.UnappliedBytes);
        if (status.MsSinceLeader is { } age)
        {
            json.WriteNumber("leaderContactMs"u8, age);
        }
        else
        {
            json.WriteNull("leaderContactMs"u8);
        }

        json.WriteString("directory"u8, status.InMemory ? null : settings.DataDirectory);
        json.WriteNumber("heartbeatMs"u8, (long)settings.HeartbeatInterval.TotalMilliseconds);
        json.WriteNumber("electionMs"u8, (long)settings.ElectionTimeout.TotalMilliseconds);
        json.WriteNumber(
            "electionMaxMs"u8, (long)(settings.ElectionTimeoutMax ?? 2 * settings.ElectionTimeout).TotalMilliseconds);
        json.WriteNumber("requestTimeoutMs"u8, (long)usualTimeout.TotalMilliseconds);
        json.WriteBoolean("noSpace"u8, status.NoSpace);
        json.WriteBoolean("insecureAdmin"u8, options.InsecureAdmin);
        json.WriteBoolean("inMemory"u8, status.InMemory);
        WriteRecovery(json, status.Recovered);
        json.WriteStartArray("waitingFor"u8);
        foreach (var name in status.WaitingFor)
        {
            json.WriteStringValue(name);
        }

        json.WriteEndArray();
    }

    private static void WriteRecovery(Utf8JsonWriter json, RecoveryNote? recovery)
    {
        if (recovery is null)
        {
            json.WriteNull("recovered"u8);
            return;
        }

        json.WriteStartObject("recovered"u8);
        json.WriteString("at"u8, recovery.At);
        json.WriteString("fromClusterId"u8, recovery.From.Cluster.ToString("x32", CultureInfo.InvariantCulture));
        json.WriteString("fromMemberId"u8, Hex(recovery.From.Member.Value));
        json.WriteNumber("lastIndex"u8, recovery.Last.Index.Value);
        json.WriteNumber("lastTerm"u8, recovery.Last.Term.Value);
        json.WriteNumber("knownCommitted"u8, recovery.KnownCommitted.Value);
        json.WriteStartArray("doubts"u8);
        foreach (var doubt in recovery.Doubts)
        {
            json.WriteStringValue(doubt);
        }

        json.WriteEndArray();
        json.WriteString("program"u8, recovery.Program);
        json.WriteEndObject();
    }

    private static string RoleOf(RaftRole role) =>
        role == RaftRole.PreCandidate ? "pre-candidate" : role.ToString().ToLowerInvariant();

    private static string StateOf(NodeState state) => state switch
    {
        NodeState.Unconfigured => "unconfigured",
        NodeState.Alone => "alone",
        NodeState.AloneWithData => "alone_with_data",
        NodeState.Removed => "removed",
        NodeState.Starting => "starting",
        _ => "member",
    };

    private long Milliseconds(long ticks) => (long)(ticks * settings.TickInterval.TotalMilliseconds);

    private static string Hex(ulong value) => value.ToString("x16", CultureInfo.InvariantCulture);
}
