using Microsoft.Extensions.Logging;
using Quorate.Raft;
using Quorate.Storage;

namespace Quorate.Node;

/// <summary>Every log message of the node's loops, in one place. Event ids are never reused.</summary>
internal static partial class NodeLog
{
    [LoggerMessage(
        1000, LogLevel.Information,
        "Member \"{Name}\" ({Self}) of cluster {ClusterId}: log {First}..{Last}, term {Term}, applied {Applied}.")]
    public static partial void Started(
        this ILogger logger, string name, NodeId self, string clusterId, LogIndex first, EntryId last, Term term,
        LogIndex applied);

    [LoggerMessage(1001, LogLevel.Information, "First start of this cluster: waits until {Names} can be reached.")]
    public static partial void WaitsForMembers(this ILogger logger, string names);

    [LoggerMessage(1002, LogLevel.Information, "became leader of term {Term}")]
    public static partial void BecameLeader(this ILogger logger, Term term);

    [LoggerMessage(1003, LogLevel.Information, "became follower of \"{Leader}\" in term {Term}")]
    public static partial void BecameFollower(this ILogger logger, string leader, Term term);

    [LoggerMessage(1004, LogLevel.Warning, "gave up being {Role} in term {Term}: {Because}")]
    public static partial void SteppedDown(this ILogger logger, string role, Term term, string because);

    [LoggerMessage(
        1005, LogLevel.Information, "No leader heard for an election timeout: asks to be elected in term {Term}.")]
    public static partial void AsksToBeElected(this ILogger logger, Term term);

    [LoggerMessage(1006, LogLevel.Debug, "{Fact}")]
    public static partial void Fact(this ILogger logger, string fact);

    [LoggerMessage(1007, LogLevel.Warning, "{Fact}")]
    public static partial void Remarkable(this ILogger logger, string fact);

    [LoggerMessage(1008, LogLevel.Warning, "The store: {Fact}")]
    public static partial void StorageRemarkable(this ILogger logger, StorageFact fact);

    [LoggerMessage(1009, LogLevel.Debug, "The store: {Fact}")]
    public static partial void Storage(this ILogger logger, StorageFact fact);

    [LoggerMessage(1010, LogLevel.Information, "Took {Snapshot} ({Bytes} bytes).")]
    public static partial void SnapshotTaken(this ILogger logger, SnapshotMetadata snapshot, long bytes);

    [LoggerMessage(1011, LogLevel.Information, "Received {Snapshot} ({Bytes} bytes).")]
    public static partial void SnapshotReceived(this ILogger logger, SnapshotMetadata snapshot, long bytes);

    [LoggerMessage(1012, LogLevel.Warning, "No room for a snapshot, tried again later: {Message}")]
    public static partial void SnapshotHadNoRoom(this ILogger logger, string message);

    [LoggerMessage(1013, LogLevel.Critical, "This node stops: {Because}")]
    public static partial void Stops(this ILogger logger, string because, Exception cause);

    [LoggerMessage(1014, LogLevel.Warning, "Cannot take in the announced member at {Urls}: {Why}.")]
    public static partial void CannotTakeIn(this ILogger logger, string urls, string why);

    [LoggerMessage(
        1015, LogLevel.Warning,
        "The cluster does not take this member's new address: {Why}. The others cannot dial it; trying on.")]
    public static partial void CannotMove(this ILogger logger, string why);

    [LoggerMessage(1016, LogLevel.Information, "Joins a cluster, as {Invitation}.")]
    public static partial void Joins(this ILogger logger, Invitation invitation);

    [LoggerMessage(
        1017, LogLevel.Warning,
        "This node was removed from its cluster and stays quiet. To add it anew, empty it by \"quorate reset\".")]
    public static partial void WasRemoved(this ILogger logger);

    [LoggerMessage(1018, LogLevel.Information, "Members from entry {Index} on: {Members}.")]
    public static partial void ConfigInForce(this ILogger logger, LogIndex index, string members);

    [LoggerMessage(1019, LogLevel.Information, "Hands leadership over to \"{To}\".")]
    public static partial void HandsOver(this ILogger logger, string to);

    [LoggerMessage(1020, LogLevel.Warning, "Leadership stays here, \"{To}\" did not take it: {Because}.")]
    public static partial void KeepsLeadership(this ILogger logger, string to, string because);

    [LoggerMessage(1021, LogLevel.Information, "gave up being leader in term {Term}: handed over")]
    public static partial void HandedOver(this ILogger logger, Term term);

    [LoggerMessage(1022, LogLevel.Information, "Reached {Found} within {Ms} ms.")]
    public static partial void Reached(this ILogger logger, PeerHello found, uint ms);

    [LoggerMessage(
        1023, LogLevel.Warning,
        "Reached {Found} after {Ms} ms only; heartbeats come every {HeartbeatMs} ms: it may not keep up.")]
    public static partial void ReachedSlowly(this ILogger logger, PeerHello found, uint ms, long heartbeatMs);

    [LoggerMessage(
        1040, LogLevel.Information,
        "The initial cluster is not the list that {Path} was made with: the members are those of its log.")]
    public static partial void OtherStartList(this ILogger logger, string path);

    [LoggerMessage(
        1049, LogLevel.Warning,
        "{Path} was not made from the initial cluster: the members are those of its log. To begin the cluster of the "
        + "list, start with a new directory; to grow the one of this directory, add members to it.")]
    public static partial void NoStartList(this ILogger logger, string path);

    [LoggerMessage(
        1043, LogLevel.Information,
        "\"{Name}\" belongs to no cluster, and waits until a member of one reaches it at {Urls}.")]
    public static partial void BelongsToNoCluster(this ILogger logger, string name, string urls);

    [LoggerMessage(
        1041, LogLevel.Warning,
        "IN MEMORY ONLY: this node keeps nothing on disk: all is lost when it ends.")]
    public static partial void KeepsNothing(this ILogger logger);

    [LoggerMessage(
        1042, LogLevel.Warning,
        "This cluster was recovered from a lost quorum of cluster {From}, {Recovery}, known to be committed up to "
        + "{KnownCommitted}. More in recovered.json.")]
    public static partial void WasRecovered(
        this ILogger logger, RecoveryNote recovery, string from, LogIndex knownCommitted);
}
