using System.Buffers;
using Quorate.Mvcc;
using Quorate.Raft;
using Quorate.Storage;

namespace Quorate.Node;

/// <summary>
/// Makes a cluster of one from what a member has left when the quorum of its cluster is lost for good: all its entries,
/// a new cluster id, and a configuration of this member alone. One durable step; what was there is kept beside it.
/// </summary>
public static class QuorumRecovery
{
    private const int StepBytes = 1024 * 1024;

    /// <summary>Does what the plan says.</summary>
    /// <param name="directory">The plan's own directory, locked since it was surveyed.</param>
    /// <param name="plan">What was judged, and confirmed.</param>
    /// <param name="random">Where the new ids come from.</param>
    /// <param name="at">When it is, for the note.</param>
    /// <param name="program">The version of this program, for the note.</param>
    /// <returns>What the new cluster begins with.</returns>
    /// <exception cref="RecoveryRefusedException">The log was written by a newer program.</exception>
    /// <exception cref="StorageException">A file cannot be read or written; the directory is the old one.</exception>
    public static RecoveredCluster Run(
        DataDirectory directory, RecoveryPlan plan, IRandomSource random, DateTimeOffset at, string program)
    {
        ArgumentNullException.ThrowIfNull(directory);
        ArgumentNullException.ThrowIfNull(plan);
        var identity = new DirectoryIdentity(
            DirectoryIdentity.NewClusterId(random), DirectoryIdentity.NewMemberId(random),
            DirectoryIdentity.NewDirectoryId(random), plan.Name)
        {
            Alias = directory.Identity.Alias,
        };
        var snapshot = new SnapshotMetadata(EntryBehind(plan.Own), plan.Own.Last.Index.Next, ConfigOf(plan, identity));
        using var machine = LoadState(directory, plan);
        new LogReplay(machine).Apply(snapshot.Last, EntryKind.ConfigChange, snapshot.Config.ToBytes());
        directory.Begin(identity, new DirectoryStart
        {
            FirstFrame = FirstFrame(snapshot),
            WriteSnapshot = snapshots => Write(machine, snapshots, snapshot),
            Recovery = new RecoveryNote
            {
                At = at,
                Cluster = identity.Cluster,
                From = directory.Identity.Log,
                Last = plan.Own.Last,
                KnownCommitted = plan.KnownCommitted.Index,
                Doubts = plan.Doubts,
                Program = program,
            },
        });
        return new RecoveredCluster(identity, machine.CurrentRevision, machine.Stats.Keys);
    }

    // The new configuration is the entry behind the last one, in a term that nobody has used.
    private static EntryId EntryBehind(DirectorySurvey own) =>
        new((own.HardState.Term > own.Last.Term ? own.HardState.Term : own.Last.Term).Next, own.Last.Index.Next);

    private static ClusterConfig ConfigOf(RecoveryPlan plan, DirectoryIdentity identity)
    {
        var old = plan.Own.Roster;
        var urls = old.Find(plan.Own.Identity.Member)?.PeerUrls ?? [];
        var self = new MemberInfo(identity.Member, identity.Name, urls) { Directory = identity.Directory };
        var roster = new Roster([self], [.. old.Removed, .. old.Members.Select(member => member.Id)]);
        return new ClusterConfig([self.Id], attachment: roster.ToBytes());
    }

    private static StateMachine LoadState(DataDirectory directory, RecoveryPlan plan)
    {
        using var wal = directory.OpenLog(new WalOptions());
        var (machine, _) = NodeStarter.LoadState(
            directory, wal, directory.OpenSnapshots(), new StateMachineOptions(), StepBytes);
        try
        {
            new LogReplay(machine).ApplyTo(wal.Store, plan.Own.Last.Index);
            return machine;
        }
        catch (UnknownCommandException fault)
        {
            machine.Dispose();
            throw new RecoveryRefusedException(
                $"{directory.Path} was written by a newer program: recover with that one ({fault.Message})");
        }
        catch (StorageException)
        {
            machine.Dispose();
            throw;
        }
    }

    private static WalBatch FirstFrame(SnapshotMetadata snapshot)
    {
        var batch = new WalBatch();
        batch.Begin(new WriteId(1), new HardState(snapshot.Last.Term, NodeId.None));
        batch.AddInstall(snapshot, keepSuffix: false);
        batch.CommitHint = snapshot.Last.Index;
        return batch;
    }

    private static void Write(StateMachine machine, SnapshotDirectory snapshots, SnapshotMetadata metadata)
    {
        using var state = machine.BeginSnapshot();
        using var writer = snapshots.Create(metadata);
        var buffer = new ArrayBufferWriter<byte>();
        while (state.WriteNext(buffer, StepBytes))
        {
            writer.Append(buffer.WrittenSpan);
            buffer.ResetWrittenCount();
        }

        writer.Complete();
    }
}

/// <summary>The cluster of one that a recovery has made.</summary>
/// <param name="Identity">Its only member.</param>
/// <param name="Revision">The revision of its store.</param>
/// <param name="Keys">Keys in it.</param>
public sealed record RecoveredCluster(DirectoryIdentity Identity, Revision Revision, long Keys);
