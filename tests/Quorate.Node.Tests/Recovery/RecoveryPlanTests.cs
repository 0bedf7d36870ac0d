using Quorate.Raft;
using Quorate.Storage;

namespace Quorate.Node.Tests.Recovery;

/// <summary>Which directory a lost quorum is recovered from, and what is said of the rest.</summary>
public sealed class RecoveryPlanTests
{
    private readonly MemoryFileSystem _files = new();

    [Fact]
    public void Furthest_log_goes_on_by_term_and_then_by_index()
    {
        var longer = new LeftDirectory(1).Puts(2, 2, 2, 2);
        var newer = new LeftDirectory(2).Puts(2, 3);
        var shorter = new LeftDirectory(3).Puts(2);

        var plan = Judge(newer, longer, shorter);

        Assert.Equal("3@3", plan.Own.Last.ToString());
        Assert.Equal(
            "/data/n2 (\"n2\") is further: its log ends with 3@3, that of /data/n1 with 5@2. Recover there: "
            + "--data-dir /data/n2 --survey /data/n1",
            Refused(longer, newer));
    }

    [Fact]
    public void Equal_logs_go_on_where_one_is_told_to()
    {
        Assert.Equal("n2", Judge(new LeftDirectory(2).Puts(2), new LeftDirectory(1).Puts(2)).Name);
    }

    // Figure 3.7 of the thesis: a leader of term 3 wrote alone, then others committed entry 2 of term 2 in term 4.
    [Fact]
    public void Newer_log_that_lacks_a_committed_entry_does_not_go_on()
    {
        var newer = new LeftDirectory(1).Puts(3);
        var committed = new LeftDirectory(2) { Commit = 2, Term = 4 }.Puts(2);

        var told = Refused(newer, committed);

        Assert.StartsWith("/data/n1 lacks entry 2@2, which is known to be committed", told, StringComparison.Ordinal);
        Assert.Contains("--data-dir /data/n2 --survey /data/n1", told, StringComparison.Ordinal);
        Assert.Equal("2@2", Judge(committed, newer).KnownCommitted.ToString());
    }

    [Fact]
    public void What_another_directory_knows_to_be_committed_counts()
    {
        var own = new LeftDirectory(1) { Commit = 2 }.Puts(2, 2, 2);
        var other = new LeftDirectory(2) { Commit = 3 }.Puts(2, 2);

        Assert.Equal("3@2", Judge(own, other).KnownCommitted.ToString());
        Assert.Contains(
            Judge(own, other).Doubts,
            doubt => doubt.StartsWith("entry 4 is kept without being known", StringComparison.Ordinal));
    }

    [Fact]
    public void Snapshot_is_known_to_be_committed_and_holds_what_stood_before()
    {
        var own = new LeftDirectory(1) { SnapshotAt = 4 }.Puts(2, 2, 2);
        var other = new LeftDirectory(2) { Commit = 3 }.Puts(2, 2);

        var plan = Judge(own, other);

        Assert.Equal("4@2", plan.Own.Last.ToString());
        Assert.Equal("4@2", plan.KnownCommitted.ToString());
        Assert.Equal(["voter \"n3\" (n3 at http://n3:2380) was not surveyed"], plan.Doubts);
    }

    [Fact]
    public void Snapshot_beyond_the_log_takes_its_place()
    {
        var left = new LeftDirectory(1) { SnapshotAt = 4 }.Puts(2, 2, 2).On(_files);
        var old = new LeftDirectory(2).Puts(2).On(_files);
        var from = _files.List("/data/n1/snapshots").Single();

        // The snapshot was received and named; the marker in the log was not written any more.
        using (var directory = DataDirectory.Open(_files, old.Path))
        {
            using var reader = OpenSnapshot(left.Path).OpenNewest()!;
            using var writer = directory.OpenSnapshots().Create(reader.Metadata);
            var bytes = new byte[1024];
            for (var count = reader.ReadNext(bytes); count > 0; count = reader.ReadNext(bytes))
            {
                writer.Append(bytes.AsSpan(0, count));
            }

            writer.Complete();
        }

        var survey = old.Survey(_files);

        Assert.Equal([from], _files.List("/data/n2/snapshots"));
        Assert.Equal(("4@2", "4@2", 0), ($"{survey.Last}", $"{survey.Committed}", survey.Entries));
    }

    [Fact]
    public void Doubts_say_what_may_be_lost_and_what_could_not_be_known()
    {
        var own = new LeftDirectory(1) { Commit = 2 }.Puts(2).Config(2, LeftDirectory.Voters(1, 2, 3, 4)).Puts(2, 2);

        var plan = Judge(own);

        Assert.False(plan.HasMajority);
        Assert.Equal(
            [
                "voter \"n2\" (n2 at http://n2:2380) was not surveyed",
                "voter \"n3\" (n3 at http://n3:2380) was not surveyed",
                "voter \"n4\" (n4 at http://n4:2380) was not surveyed",
                "what was acknowledged behind entry 5@2 is lost, if there was anything",
                "entries 3 to 5 are kept without being known to be committed: there may be writes among them that "
                + "nobody was told of, or was told failed",
                "the members named by entry 3 are not known to be in force",
            ],
            plan.Doubts);
    }

    [Fact]
    public void Majority_of_the_voters_loses_nothing()
    {
        var plan = Judge(new LeftDirectory(1) { Commit = 2 }.Puts(2), new LeftDirectory(3).Puts(2));

        Assert.True(plan.HasMajority);
        Assert.Equal(["voter \"n2\" (n2 at http://n2:2380) was not surveyed"], plan.Doubts);
    }

    [Fact]
    public void Both_majorities_of_a_joint_configuration_are_wanted()
    {
        var roster = Roster.Of(LeftDirectory.Voters(1, 2, 3, 4, 5));
        var joint = new ClusterConfig(
            [new NodeId(1), new NodeId(4), new NodeId(5)], [new NodeId(1), new NodeId(2), new NodeId(3)],
            attachment: roster.ToBytes());
        var own = new LeftDirectory(1).Config(2, joint);

        Assert.False(Judge(own, new LeftDirectory(2).Config(2, joint)).HasMajority);
        Assert.True(JudgeMade(own, new LeftDirectory(2), new LeftDirectory(4).On(_files)).HasMajority);
    }

    [Fact]
    public void Emptied_directory_under_the_old_ids_is_nobodys_memory()
    {
        var own = new LeftDirectory(1)
        {
            Met = [new PeerNote(new NodeId(2), LeftDirectory.DirectoryOf(2))],
        }.Puts(2);
        var emptied = new LeftDirectory(2)
        {
            Identity = new DirectoryIdentity(LeftDirectory.Cluster, new NodeId(2), 99, "n2"),
        };

        var plan = Judge(own, emptied);

        Assert.False(plan.HasMajority);
        Assert.Contains("n2", plan.NotSurveyed.Select(member => member.Name));
        Assert.Contains(
            "/data/n2 is not the directory that \"n2\" was known with: it may have been emptied, and proves nothing",
            plan.Doubts);
    }

    [Fact]
    public void Own_directory_that_was_emptied_is_found_out_by_what_others_have_met()
    {
        var emptied = new LeftDirectory(1)
        {
            Identity = new DirectoryIdentity(LeftDirectory.Cluster, new NodeId(1), 99, "n1"),
        };
        var other = new LeftDirectory(2)
        {
            Met = [new PeerNote(new NodeId(1), LeftDirectory.DirectoryOf(1))],
        };

        var plan = Judge(emptied, other);

        Assert.False(plan.HasMajority);
        Assert.Contains(
            plan.Doubts, doubt => doubt.StartsWith("/data/n1 is not the directory", StringComparison.Ordinal));
    }

    [Fact]
    public void Removed_member_and_learner_are_told_apart_from_voters()
    {
        var removed = new LeftDirectory(1).Config(2, LeftDirectory.ConfigOf([2, 3], [], removed: [1]));
        var learner = new LeftDirectory(2).Config(3, LeftDirectory.ConfigOf([1, 3], learners: [2], removed: []));

        Assert.Contains(
            "\"n1\" is no member by entry 2: what the others wrote afterwards is not in its log",
            Judge(removed).Doubts);
        Assert.Contains(
            "\"n2\" is a learner: it may lag behind what a majority of the voters holds", Judge(learner).Doubts);
    }

    [Fact]
    public void Directories_that_cannot_be_compared_are_refused()
    {
        var own = new LeftDirectory(1).Puts(2);
        var foreign = new LeftDirectory(2) { Identity = new DirectoryIdentity(7, new NodeId(2), 2, "n2") };
        var unconfigured = new LeftDirectory(3) { Identity = new DirectoryIdentity(0, new NodeId(2), 2, "n3") };
        own.On(_files);
        foreign.On(_files);
        unconfigured.On(_files);

        Assert.Equal(
            "/data/n2 belongs to cluster 00000000000000000000000000000007, /data/n1 to cluster "
            + "00000000000000040000000000000002: logs of two clusters cannot be compared, leave it out",
            RefusedMade(own, foreign));
        Assert.Equal("/data/n3 belongs to no cluster: leave it out", RefusedMade(own, unconfigured));
        Assert.StartsWith("/data/n3 belongs to no cluster, and so holds nothing", RefusedMade(unconfigured));
    }

    [Fact]
    public void Member_that_has_its_quorum_and_one_without_entries_are_refused()
    {
        var lone = new LeftDirectory(1).Config(2, LeftDirectory.Voters(1));
        var empty = new LeftDirectory(2);
        _files.CreateDirectory("/data");
        DataDirectory.Create(_files, empty.Path, empty.Identity, new DirectoryStart()).Dispose();

        Assert.Equal(
            "/data/n1 is that of the only voter of its cluster, which has its quorum: start it", Refused(lone));
        Assert.StartsWith("/data/n2 holds no entry yet", RefusedMade(empty));
    }

    private RecoveryPlan Judge(LeftDirectory own, params LeftDirectory[] others)
    {
        foreach (var left in others.Prepend(own).Where(left => !DataDirectory.Exists(_files, left.Path)))
        {
            left.On(_files);
        }

        return JudgeMade(own, others);
    }

    private RecoveryPlan JudgeMade(LeftDirectory own, params LeftDirectory[] others) =>
        RecoveryPlan.Judge(own.Survey(_files), [.. others.Select(other => other.Survey(_files))]);

    private string Refused(LeftDirectory own, params LeftDirectory[] others) =>
        Assert.Throws<RecoveryRefusedException>(() => Judge(own, others)).Message;

    private string RefusedMade(LeftDirectory own, params LeftDirectory[] others) =>
        Assert.Throws<RecoveryRefusedException>(() => JudgeMade(own, others)).Message;

    private SnapshotDirectory OpenSnapshot(string path)
    {
        using var directory = DataDirectory.Open(_files, path);
        return directory.OpenSnapshots();
    }
}
