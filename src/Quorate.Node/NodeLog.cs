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
}
