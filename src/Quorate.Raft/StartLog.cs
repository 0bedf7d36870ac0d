namespace Quorate.Raft;

/// <summary>Builds the log from what recovery found, and refuses what no crash can leave behind.</summary>
internal static class StartLog
{
    /// <summary>
    /// The log as it stands at start. A snapshot beyond the log is installed by the rule of a received one:
    /// <paramref name="voidsLog"/> says that the log on disk is void and its marker is to be written.
    /// </summary>
    public static RaftLog Build(RaftStart start, out bool voidsLog)
    {
        var snapshot = start.Snapshot;
        Require(snapshot is not null || start.Before == EntryId.Zero, "a log that starts behind 1 needs a snapshot");
        Require(
            start.Before.Index <= (snapshot?.Last.Index ?? LogIndex.Zero),
            "the newest snapshot ends before the log's first entry minus one: entries are missing");

        var log = new RaftLog(start.Before, BaseConfig(snapshot));
        foreach (var header in start.Entries)
        {
            Require(
                header.Id.Index == log.LastIndex.Next && header.Id.Term >= log.Last.Term,
                $"entry {header.Id} cannot stand behind {log.Last}");
            log.Append(header);
        }

        voidsLog = snapshot is not null && !log.Matches(snapshot.Last);
        if (voidsLog)
        {
            log.RestartBehind(snapshot!);
        }
        else
        {
            AddConfigs(log, start);
        }

        var snapshotIndex = snapshot?.Last.Index ?? LogIndex.Zero;
        Require(
            start.Applied >= snapshotIndex && start.Applied <= log.LastIndex,
            $"applied {start.Applied} is outside of snapshot and log");
        return log;
    }

    private static ConfigEntry BaseConfig(SnapshotMetadata? snapshot) =>
        snapshot is null
            ? new ConfigEntry(LogIndex.Zero, ClusterConfig.Empty)
            : new ConfigEntry(snapshot.ConfigIndex, snapshot.Config);

    private static void AddConfigs(RaftLog log, RaftStart start)
    {
        foreach (var config in start.Configs)
        {
            if (config.Index > log.Configs[^1].Index)
            {
                Require(
                    log.Holds(config.Index) && log.HeaderAt(config.Index).Kind == EntryKind.ConfigChange,
                    $"entry {config.Index} carries no configuration");
                log.AddConfig(config);
            }
        }
    }

    private static void Require(bool condition, string fault)
    {
        if (!condition)
        {
            throw new ArgumentException(fault, "start");
        }
    }
}
