using Quorate.Mvcc;
using Quorate.Raft;
using Quorate.Storage;

namespace Quorate.Node;

/// <summary>
/// From a data directory to what a core and a state machine start with. Synchronous; has no apply of its own: what
/// is committed behind the snapshot goes through the ordinary apply loop.
/// </summary>
internal static class NodeStarter
{
    private const string StartedFile = "started";

    /// <summary>Opens or makes the data directory and recovers what is in it.</summary>
    /// <exception cref="MemberStartException">The settings do not fit the directory.</exception>
    /// <exception cref="StorageException">The directory cannot be used; the message says why.</exception>
    public static Recovered Open(MemberOptions options, MemberSeams seams)
    {
        if (options.Validate() is { Count: > 0 } faults)
        {
            throw new MemberStartException(string.Join("; ", faults));
        }

        var directory = OpenDirectory(options, seams);
        try
        {
            return Recover(options, seams, directory);
        }
        catch
        {
            directory.Dispose();
            throw;
        }
    }

    private static DataDirectory OpenDirectory(MemberOptions options, MemberSeams seams)
    {
        var path = options.DataDirectory;
        if (!DataDirectory.Exists(seams.Files, path))
        {
            if (options.InitialClusterExisting)
            {
                throw new MemberStartException(
                    $"{path} is new and the initial cluster state is \"existing\": a member of a running cluster needs "
                    + "its data directory; to start a new cluster use --initial-cluster-state new");
            }

            var (cluster, self) = NewIdentity(options, seams.Random);
            return DataDirectory.Create(seams.Files, path, cluster, self, options.Name, seams.Random);
        }

        var directory = DataDirectory.Open(seams.Files, path);
        try
        {
            Expect(options, directory);
            return directory;
        }
        catch
        {
            directory.Dispose();
            throw;
        }
    }

    // A list of two or more gives the ids; a cluster of one draws them.
    private static (UInt128 Cluster, NodeId Self) NewIdentity(MemberOptions options, IRandomSource random)
    {
        if (options.InitialCluster.Count > 1)
        {
            var (cluster, members) = MemberList.FromStartList(options.InitialClusterToken, options.InitialCluster);
            return (cluster, members.First(member => member.Name == options.Name).Id);
        }

        return (new UInt128(random.Next(), random.Next() | 1), new NodeId(random.Next() | 1));
    }

    private static void Expect(MemberOptions options, DataDirectory directory)
    {
        if (directory.Identity.Name != options.Name)
        {
            throw new MemberStartException(
                $"{directory.Path} is the data directory of member \"{directory.Identity.Name}\", not of "
                + $"\"{options.Name}\": start with --name {directory.Identity.Name}, or name another --data-dir");
        }

        if (options.InitialCluster.Count > 1)
        {
            var (cluster, members) = MemberList.FromStartList(options.InitialClusterToken, options.InitialCluster);
            directory.Expect(cluster, members.First(member => member.Name == options.Name).Id);
        }
    }

    private static Recovered Recover(MemberOptions options, MemberSeams seams, DataDirectory directory)
    {
        var identity = directory.Identity;
        var walOptions = new WalOptions { SegmentBytes = options.SegmentBytes };
        var wal = Wal.Open(walOptions, seams.Files, directory.WalPath, identity.Log);
        var snapshots = SnapshotDirectory.Open(seams.Files, directory.SnapshotPath, identity.Log);
        if (IsEmpty(wal.Recovered) && snapshots.List().Count == 0)
        {
            RequireFirstStart(seams.Files, directory);
            Bootstrap(wal, Members(options, identity));
            wal.Dispose();
            MarkStarted(seams.Files, directory);
            wal = Wal.Open(walOptions, seams.Files, directory.WalPath, identity.Log);
        }

        var (machine, metadata) = LoadNewest(snapshots, seams.State, options.SnapshotStepBytes);
        RequireNoGap(wal.Recovered, metadata, directory);
        return new Recovered(directory, wal, snapshots, machine, metadata);
    }

    private static bool IsEmpty(WalRecovered log) =>
        log.Entries.Count == 0 && log.Before == EntryId.Zero && log.HardState == default && log.Install is null;

    private static void RequireFirstStart(IFileSystem files, DataDirectory directory)
    {
        if (files.FileExists(Path.Combine(directory.Path, StartedFile)))
        {
            throw new DamageException(
                directory.WalPath, 0,
                "the log is gone, although this member has started before. Restore the directory as it was, or "
                + "remove all of it and bring the member back as a new one");
        }
    }

    private static void MarkStarted(IFileSystem files, DataDirectory directory)
    {
        var path = Path.Combine(directory.Path, StartedFile);
        if (!files.FileExists(path))
        {
            files.Create(path).Dispose();
            files.SyncDirectory(directory.Path);
        }
    }

    private static IReadOnlyList<MemberInfo> Members(MemberOptions options, DirectoryIdentity identity)
    {
        if (options.InitialCluster.Count > 1)
        {
            return MemberList.FromStartList(options.InitialClusterToken, options.InitialCluster).Members;
        }

        var urls = options.InitialCluster.Count == 1 ? options.InitialCluster[0].PeerUrls : options.AdvertisePeerUrls;
        return [new MemberInfo(identity.Member, identity.Name, urls) { Directory = identity.Directory }];
    }

    // The first entry, 1@1, is the configuration: the same bytes on every member of the list.
    private static void Bootstrap(Wal wal, IReadOnlyList<MemberInfo> members)
    {
        var config = new ClusterConfig(
            members.Select(member => member.Id), attachment: new Roster(members, []).ToBytes());
        var payload = config.ToBytes();
        var first = new EntryId(new Term(1), new LogIndex(1));
        var record = new byte[EntryRecord.SizeOf(payload.Length)];
        var header = new EntryHeader(first, EntryKind.ConfigChange, ProposalId.None, record.Length);
        EntryRecord.Write(record, LogGroup.Only, header, payload);

        var batch = new WalBatch();
        batch.Begin(new WriteId(1), new HardState(first.Term, NodeId.None));
        batch.Add(header, record);
        DiskWrite? write;
        while (!wal.TryFrame(batch, out write))
        {
            if (!wal.PumpBackground() && wal.NoRoom)
            {
                throw new MemberStartException("The disk has no room for the log: free some space and start again.");
            }
        }

        DiskWrite.Run(write!);
        wal.Written(write!);
    }

    private static (StateMachine Machine, SnapshotMetadata? Metadata) LoadNewest(
        SnapshotDirectory snapshots, StateMachineOptions stateOptions, int stepBytes)
    {
        var reader = snapshots.OpenNewest();
        if (reader is null)
        {
            return (new StateMachine(stateOptions), null);
        }

        using var installer = new SnapshotInstaller(reader, new StateLoader(stateOptions), stepBytes);
        while (!installer.Step())
        {
        }

        return (installer.Complete(), installer.Metadata);
    }

    private static void RequireNoGap(WalRecovered log, SnapshotMetadata? snapshot, DataDirectory directory)
    {
        var state = snapshot?.Last.Index ?? LogIndex.Zero;
        var needed = LogIndex.Max(log.Before.Index, log.Install?.Last.Index ?? LogIndex.Zero);
        if (state < needed)
        {
            throw new DamageException(
                directory.SnapshotPath, 0,
                $"the newest good snapshot ends at {state}, but the log begins behind {needed}: entries between them "
                + "are lost. Bring this member back as a new one, or restore the directory as it was");
        }
    }

    /// <summary>What was found.</summary>
    public sealed record Recovered(
        DataDirectory Directory, Wal Wal, SnapshotDirectory Snapshots, StateMachine Machine,
        SnapshotMetadata? Snapshot)
    {
        /// <summary>What the core starts from.</summary>
        public RaftStart ToRaftStart() => new()
        {
            HardState = Wal.Recovered.HardState,
            Snapshot = Snapshot,
            Before = Wal.Recovered.Before,
            Entries = Wal.Recovered.Entries,
            Configs = Wal.Recovered.Configs,
            Applied = new LogIndex(Machine.Applied.Index),
        };

        /// <summary>Whether nothing but the first configuration was ever written: the first start of a list.</summary>
        public bool IsFirstStart =>
            Snapshot is null && Wal.Recovered.Entries.Count == 1 && Wal.Recovered.HardState.Term.Value <= 1;
    }
}
