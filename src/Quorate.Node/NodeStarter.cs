using Microsoft.Extensions.Logging;
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
            return options.StartsUnconfigured ? MakeUnconfigured(options, seams) : Bootstrap(options, seams);
        }

        var directory = DataDirectory.Open(seams.Files, path);
        try
        {
            Expect(options, directory);
            TellOtherList(options, seams, directory);
            return directory;
        }
        catch
        {
            directory.Dispose();
            throw;
        }
    }

    private static DataDirectory MakeUnconfigured(MemberOptions options, MemberSeams seams)
    {
        var identity = new DirectoryIdentity(
            UInt128.Zero, DirectoryIdentity.NewMemberId(seams.Random), DirectoryIdentity.NewDirectoryId(seams.Random),
            options.Name);
        return DataDirectory.Create(
            seams.Files, options.DataDirectory, identity, new DirectoryStart { Log = options.Log });
    }

    private static DataDirectory Bootstrap(MemberOptions options, MemberSeams seams)
    {
        var (identity, members) = NewCluster(options, seams.Random);
        var start = new DirectoryStart { Log = options.Log, FirstFrame = FirstEntry(members) };
        return DataDirectory.Create(seams.Files, options.DataDirectory, identity, start);
    }

    // A list of two or more gives the ids; a cluster of one draws them.
    private static (DirectoryIdentity Identity, IReadOnlyList<MemberInfo> Members) NewCluster(
        MemberOptions options, IRandomSource random)
    {
        var directory = DirectoryIdentity.NewDirectoryId(random);
        if (options.InitialCluster.Count > 1)
        {
            var (cluster, members) = MemberList.FromStartList(options.InitialClusterToken, options.InitialCluster);
            var self = members.First(member => member.Name == options.Name).Id;
            var listed = new DirectoryIdentity(cluster, self, directory, options.Name)
            {
                Token = options.InitialClusterToken,
            };
            return (listed, members);
        }

        var lone = new DirectoryIdentity(
            DirectoryIdentity.NewClusterId(random), DirectoryIdentity.NewMemberId(random), directory, options.Name);
        var urls = options.InitialCluster.Count == 1 ? options.InitialCluster[0].PeerUrls : options.AdvertisePeerUrls;
        return (lone, [new MemberInfo(lone.Member, lone.Name, urls) { Directory = directory }]);
    }

    // The list is looked at while the directory is new: members and addresses may have changed since. Name and token
    // say whose directory it is, so they are not overruled by a flag.
    private static void Expect(MemberOptions options, DataDirectory directory)
    {
        var identity = directory.Identity;
        if (!options.NameIsAssumed && !identity.IsNamed(options.Name))
        {
            throw new MemberStartException(
                $"{directory.Path} is the data directory of member \"{identity.Name}\", not of "
                + $"\"{options.Name}\": start it under its own name, or with another data directory");
        }

        if (options.InitialCluster.Count > 1 && identity.Token.Length > 0
            && identity.Token != options.InitialClusterToken)
        {
            throw new MemberStartException(
                $"{directory.Path} belongs to a cluster that was started with the token \"{identity.Token}\", not "
                + $"\"{options.InitialClusterToken}\": start with --initial-cluster-token {identity.Token}, or name "
                + "another --data-dir");
        }
    }

    private static void TellOtherList(MemberOptions options, MemberSeams seams, DataDirectory directory)
    {
        var identity = directory.Identity;
        if (options.InitialCluster.Count < 2 || options.StartsUnconfigured || identity.IsUnconfigured)
        {
            return;
        }

        // Three nodes that were each started alone once would else be three clusters, with not a word about it.
        var logger = seams.Loggers.CreateLogger("Quorate.Node");
        if (identity.Token.Length == 0)
        {
            logger.NoStartList(directory.Path);
        }
        else if (MemberList.FromStartList(options.InitialClusterToken, options.InitialCluster).ClusterId
            != identity.Cluster)
        {
            logger.OtherStartList(directory.Path);
        }
    }

    private static Recovered Recover(MemberOptions options, MemberSeams seams, DataDirectory directory)
    {
        var wal = directory.OpenLog(options.Log);
        try
        {
            var snapshots = directory.OpenSnapshots();
            var (machine, metadata) = LoadState(directory, wal, snapshots, seams.State, options.SnapshotStepBytes);
            return new Recovered(directory, wal, snapshots, machine, metadata);
        }
        catch
        {
            wal.Dispose();
            throw;
        }
    }

    // The first entry, 1@1, is the configuration: the same bytes on every member of the list.
    internal static WalBatch FirstEntry(IReadOnlyList<MemberInfo> members)
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
        return batch;
    }

    /// <summary>The newest snapshot that is whole; the log must reach back to it.</summary>
    /// <exception cref="DamageException">Entries between snapshot and log are lost.</exception>
    internal static (StateMachine Machine, SnapshotMetadata? Metadata) LoadState(
        DataDirectory directory, Wal wal, SnapshotDirectory snapshots, StateMachineOptions stateOptions, int stepBytes)
    {
        var (machine, metadata) = LoadNewest(snapshots, stateOptions, stepBytes);
        try
        {
            RequireNoGap(wal.Recovered, metadata, directory);
            return (machine, metadata);
        }
        catch
        {
            machine.Dispose();
            throw;
        }
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

    /// <exception cref="DamageException">Entries between snapshot and log are lost.</exception>
    internal static void RequireNoGap(WalRecovered log, SnapshotMetadata? snapshot, DataDirectory directory)
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
