using System.Text;
using Quorate.Mvcc;
using Quorate.Node.Tests.Members;
using Quorate.Node.Tests.Peer;
using Quorate.Raft;
using Quorate.Storage;
using Quorate.Storage.Tests;

namespace Quorate.Node.Tests.Recovery;

/// <summary>What a recovery from a lost quorum makes of a directory.</summary>
public sealed class QuorumRecoveryTests
{
    private static readonly DateTimeOffset At = new(2026, 1, 31, 12, 30, 15, TimeSpan.Zero);

    [Fact]
    public void Survivor_goes_on_alone_with_all_its_data()
    {
        using var cluster = TestCluster.OfList(3);
        cluster.UntilLed();
        var puts = Enumerable.Range(0, 20).Select(at => cluster.Leader.Put($"key{at}")).ToList();
        cluster.Until(() => puts.TrueForAll(put => put.IsTold && put.Outcome.IsDone));
        cluster.Tick(200);
        var survivor = cluster.Follower;
        var before = survivor.Member.Status();
        foreach (var node in cluster.Others(survivor).Append(survivor).ToList())
        {
            node.Stop();
        }

        var plan = Recover(survivor.Files, TestNode.Path);
        survivor.Start();
        cluster.Until(() => survivor.Leads);

        var status = survivor.Member.Status();
        Assert.Equal(before.Revision, status.Revision);
        Assert.Equal(before.Raft.Last.Index, plan.KnownCommitted.Index);
        Assert.Equal([survivor.Name], status.Members.Select(member => member.Name));
        Assert.Equal(NodeState.AloneWithData, status.NodeState);
        Assert.NotEqual(before.ClusterId, status.ClusterId);
        Assert.NotEqual(before.Raft.Self, status.Raft.Self);
        Assert.NotEqual(before.DirectoryId, status.DirectoryId);
        Assert.Equal(plan.Own.Last, status.Recovered!.Last);
        Assert.Equal(plan.Doubts, status.Recovered.Doubts);
        using (var view = survivor.Member.OpenView())
        {
            Assert.Equal(20, Count(view));
        }

        var more = survivor.Put("more");
        cluster.Until(() => more.IsTold);
        Assert.Equal(before.Revision.Value + 1, more.Outcome.Result.Revision.Value);
    }

    [Fact]
    public void Old_members_are_refused_and_a_reset_one_comes_back_as_a_new_member()
    {
        using var cluster = TestCluster.OfList(3);
        cluster.UntilLed();
        var survivor = cluster.Follower;
        var other = cluster.Others(survivor).First();
        foreach (var node in cluster.Others(survivor).Append(survivor).ToList())
        {
            node.Stop();
        }

        Recover(survivor.Files, TestNode.Path);
        survivor.Start();
        other.Start();
        cluster.Until(() => survivor.Leads);
        cluster.Tick(300);
        Assert.Equal([survivor.Name], survivor.Member.Status().Members.Select(member => member.Name));
        Assert.False(other.Leads);

        other.Stop();
        using (var directory = DataDirectory.Open(other.Files, TestNode.Path))
        {
            directory.Reset(new TestRandom(77), new WalOptions());
        }

        other.Start();
        var added = survivor.Change(new MemberChange.Add(other.Name, [other.Url], StaysLearner: false));
        cluster.Until(() => other.Invitations.Count > 0);
        other.FollowInvitation();
        cluster.Until(() => added.IsTold);
        Assert.True(added.Outcome.IsDone, $"{added.Outcome}");
        cluster.Until(() => survivor.Member.Raft.Config.Voters.Length == 2);
        cluster.Until(() => other.Member.Status().Revision == survivor.Member.Status().Revision);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(3)]
    [InlineData(5)]
    public void Snapshot_and_tail_are_both_taken(int snapshotAt)
    {
        var files = new MemoryFileSystem();
        var left = new LeftDirectory(2) { SnapshotAt = snapshotAt, Term = 9 }.Puts(2, 2, 3, 3).On(files);

        var plan = Recover(files, left.Path);

        Expect(files, left.Path, keys: 4, last: "6@10");
        Assert.Equal("5@3", plan.Own.Last.ToString());
        var survey = left.Survey(files);
        Assert.Equal("6@10", survey.Committed.ToString());
        Assert.Equal(10UL, survey.HardState.Term.Value);
    }

    [Fact]
    public void New_configuration_is_of_this_member_alone_and_remembers_who_was_there()
    {
        var files = new MemoryFileSystem();
        var left = new LeftDirectory(2).Config(2, LeftDirectory.ConfigOf([1, 2], [3], removed: [8, 9])).On(files);

        Recover(files, left.Path);

        var survey = left.Survey(files);
        var self = Assert.Single(survey.Roster.Members);
        Assert.Equal(("n2", survey.Identity.Member), (self.Name, self.Id));
        Assert.Equal([LeftDirectory.UrlOf(2)], self.PeerUrls);
        Assert.Equal(survey.Identity.Directory, self.Directory);
        Assert.Equal([8, 9, 1, 2, 3], survey.Roster.Removed.Select(id => (int)id.Value));
        Assert.Equal($"voters={{{self.Id}}}", survey.Config.Config.ToString());
        Assert.Equal(survey.Last.Index, survey.Config.Index);
    }

    [Fact]
    public void Member_that_was_removed_can_go_on_too()
    {
        var files = new MemoryFileSystem();
        var left = new LeftDirectory(1).Puts(2).Config(2, LeftDirectory.ConfigOf([2, 3], [], removed: [1])).On(files);

        Recover(files, left.Path);

        Expect(files, left.Path, keys: 1, last: "4@3");
        Assert.Empty(left.Survey(files).Roster.Members.Single().PeerUrls);
    }

    [Fact]
    public void Alias_stays_and_the_token_goes_with_the_old_cluster()
    {
        var files = new MemoryFileSystem();
        var identity = new DirectoryIdentity(LeftDirectory.Cluster, new NodeId(1), 5, "n1")
        {
            Alias = "given",
            Token = "etcd-cluster",
        };
        var left = new LeftDirectory(1) { Identity = identity }.Puts(2).On(files);

        Recover(files, left.Path);

        Assert.Equal(("n1", "given", ""), Names(left.Survey(files).Identity));
    }

    [Fact]
    public void Log_of_a_newer_program_is_refused_and_stays_as_it_was()
    {
        var files = new MemoryFileSystem();
        var left = new LeftDirectory(1).Puts(2).FromTheFuture(2).On(files);

        var told = Assert.Throws<RecoveryRefusedException>(() => Recover(files, left.Path));

        Assert.Contains("written by a newer program", told.Message, StringComparison.Ordinal);
        Assert.Equal(LeftDirectory.Cluster, left.Survey(files).Identity.Cluster);
        Assert.DoesNotContain("wal-2", files.List(left.Path));
    }

    [Fact]
    public void What_was_recovered_can_be_recovered_again()
    {
        var files = new MemoryFileSystem();
        var left = new LeftDirectory(1).Puts(2, 2).On(files);
        Recover(files, left.Path);
        using (var directory = DataDirectory.Open(files, left.Path))
        {
            // A second voter joined, and is lost too.
            var own = DirectorySurvey.Read(directory);
            var config = new ClusterConfig(
                [own.Identity.Member, new NodeId(2)],
                attachment: own.Roster.With(new MemberInfo(new NodeId(2), "n2", [])).ToBytes());
            Append(directory, own, config);
        }

        Recover(files, left.Path);

        Expect(files, left.Path, keys: 2, last: "6@6");
        Assert.Equal(
            ["identity-before-recovery-1", "identity-before-recovery-2"],
            files.List(left.Path).Where(name => name.StartsWith("identity-", StringComparison.Ordinal)));
    }

    [Fact]
    public void Crash_at_any_call_leaves_the_old_directory_or_the_recovered_one_whole()
    {
        var (old, done) = (0, 0);
        for (var calls = 0; ; calls++)
        {
            var disk = new CrashingFileSystem();
            var left = new LeftDirectory(1) { SnapshotAt = 3, Commit = 4 }.Puts(2, 2, 2).On(disk);
            disk.CallsUntilCrash = disk.Calls + calls;
            var crashed = Record.Exception(() => Recover(disk, left.Path)) is CrashException;
            disk.Crash();

            var survey = left.Survey(disk);
            var isNew = survey.Identity.Cluster != LeftDirectory.Cluster;
            if (isNew)
            {
                Expect(disk, left.Path, keys: 3, last: "5@3");
            }
            else
            {
                Assert.Equal("4@2", survey.Last.ToString());
                Recover(disk, left.Path);
                Expect(disk, left.Path, keys: 3, last: "5@3");
            }

            if (!crashed)
            {
                Assert.True(isNew && old > 20, $"{old} crashes before the step, {done} behind it");
                return;
            }

            (old, done) = isNew ? (old, done + 1) : (old + 1, done);
        }
    }

    private static (string Name, string Alias, string Token) Names(DirectoryIdentity identity) =>
        (identity.Name, identity.Alias, identity.Token);

    private static RecoveryPlan Recover(IFileSystem files, string path)
    {
        using var directory = DataDirectory.Open(files, path);
        var plan = RecoveryPlan.Judge(DirectorySurvey.Read(directory), []);
        var cluster = QuorumRecovery.Run(directory, plan, new TestRandom(plan.Own.Last.Index.Value), At, "0.1.0");
        Assert.Equal(directory.Identity, cluster.Identity);
        return plan;
    }

    private static void Expect(IFileSystem files, string path, int keys, string last)
    {
        using var directory = DataDirectory.Open(files, path);
        using var wal = directory.OpenLog(new WalOptions());
        var (machine, metadata) = NodeStarter.LoadState(
            directory, wal, directory.OpenSnapshots(), new StateMachineOptions(), 4096);
        using (machine)
        {
            using var view = machine.OpenView();
            Assert.Equal(keys, Count(view));
            Assert.Equal(last, metadata!.Last.ToString());
            Assert.Equal(last, wal.Recovered.Before.ToString());
            Assert.Equal(metadata.Config.ToBytes(), machine.Members.ConfigBytes.ToArray());
            Assert.NotNull(directory.Recovery);
        }
    }

    private static int Count(ReadView view) =>
        (int)view.Range(new RangeQuery(Encoding.UTF8.GetBytes("k"), Encoding.UTF8.GetBytes("l")))
            .Count;

    private static void Append(DataDirectory directory, DirectorySurvey own, ClusterConfig config)
    {
        using var wal = directory.OpenLog(new WalOptions());
        var payload = config.ToBytes();
        var record = new byte[EntryRecord.SizeOf(payload.Length)];
        var id = new EntryId(own.Last.Term.Next, own.Last.Index.Next);
        var header = new EntryHeader(id, EntryKind.ConfigChange, ProposalId.None, record.Length);
        EntryRecord.Write(record, LogGroup.Only, header, payload);
        var batch = new WalBatch();
        batch.Begin(new WriteId(1), new HardState(id.Term.Next, NodeId.None));
        batch.Add(header, record);
        Assert.True(wal.TryFrame(batch, out var write));
        DiskWrite.Run(write!);
        wal.Written(write!);
    }
}
