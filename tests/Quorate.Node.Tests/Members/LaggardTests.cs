using Quorate.Raft;

namespace Quorate.Node.Tests.Members;

/// <summary>A member that lags behind what the others keep costs nobody the process.</summary>
public sealed class LaggardTests
{
    // The leader's background loop syncs a snapshot while its node loop asks for old entries, and reads these before
    // the node loop has heard of either.
    [Fact]
    public void Entries_read_for_a_laggard_are_passed_over_when_a_snapshot_took_them_from_the_log_meanwhile()
    {
        using var cluster = TestCluster.OfList(3);
        var laggard = cluster[3];
        cluster.UntilLed();
        laggard.Stop();
        for (var key = 0; key < 20; key++)
        {
            cluster.Write(cluster.UntilLed(), $"k{key}");
        }

        var isBehind = false;
        foreach (var node in new[] { cluster[1], cluster[2] })
        {
            node.Stop();
            node.Options = node.KeepingNoEntries(snapshotCount: 40);
            node.Seen = files => new CalledFileSystem(files, _ => AskForOldEntries(node));
        }

        cluster[1].Start();
        cluster[2].Start();
        var leader = cluster.UntilLed();
        laggard.Start();
        laggard.IsPaused = true;
        cluster.Tick(110);
        isBehind = true;
        for (var key = 0; isBehind; key++)
        {
            cluster.Write(leader, $"later{key}");
        }

        laggard.IsPaused = false;
        cluster.UntilSettled();

        Assert.True(laggard.Holds("k19"));

        void AskForOldEntries(TestNode node)
        {
            if (isBehind && node.Leads)
            {
                isBehind = false;
                for (var round = 0; round < 10; round++)
                {
                    laggard.Member.PumpNode(16);
                    laggard.RunDisk();
                    cluster.Network.Run();
                    node.Member.PumpNode(16);
                    cluster.Network.Run();
                }
            }
        }
    }

    // The disk of the laggard is slow: its leader has given up the transfer, and the next one is in before the marker
    // of the first is durable.
    [Fact]
    public void Second_snapshot_takes_the_place_of_one_whose_marker_is_not_durable_yet()
    {
        using var cluster = TestCluster.OfList(3, snapshotCount: 5);
        var laggard = cluster[3];
        cluster.UntilLed();
        laggard.Stop();
        WriteSome(cluster, "first");
        laggard.Start();
        laggard.IsPaused = true;
        laggard.Member.PumpBackground(100);
        RunNode(cluster, laggard, until: () => laggard.Member.BackgroundHasWork);
        WriteSome(cluster, "second");
        RunNode(cluster, laggard, ticks: 700);

        var before = laggard.Member.Core.Commit;
        RunBackgroundUntilNodeHasWork(laggard);
        laggard.Member.PumpNode(1);
        var first = laggard.Member.Core.Commit;
        RunBackgroundUntilNodeHasWork(laggard);
        laggard.Member.PumpNode(1);
        var second = laggard.Member.Core.Commit;
        Assert.True(before < first && first < second, $"{before} {first} {second}");

        laggard.IsPaused = false;
        cluster.UntilSettled();
        Assert.True(laggard.Holds("first9"));
        Assert.True(laggard.Holds("second9"));
    }

    // Started again, it is told at once that all of its log is committed, and applies it from the disk, while its
    // leader has nothing left that follows and sends a snapshot.
    [Fact]
    public void Entries_that_wait_to_be_applied_are_passed_over_when_a_snapshot_has_voided_the_log_that_holds_them()
    {
        using var cluster = TestCluster.OfList(3, snapshotCount: 9);
        cluster.UntilLed();
        WriteSome(cluster, "first");
        var laggard = cluster.Follower;
        var held = laggard.Member.Core.LastIndex;
        laggard.Stop();
        WriteSome(cluster, "second");
        WriteSome(cluster, "third");
        laggard.Start();
        laggard.IsPaused = true;
        var core = laggard.Member.Core;
        Assert.True(core.Status().Applied < held);
        laggard.Member.PumpBackground(100);
        RunNode(cluster, laggard, until: () => core.Commit == held);
        UntilSnapshotIsInstalled(cluster, laggard);

        // All that it held, and was told to be committed, waits for its apply loop.
        Assert.True(core.Status().Applied < held);
        laggard.IsPaused = false;
        cluster.UntilSettled();

        Assert.True(laggard.Holds("first9"));
        Assert.True(laggard.Holds("third9"));
    }

    // It keeps one snapshot only, and its apply loop has not come to the first when the second is in.
    [Fact]
    public void Snapshot_that_waits_to_be_loaded_stays_when_a_newer_one_is_received()
    {
        using var cluster = TestCluster.OfList(3, snapshotCount: 9);
        cluster.UntilLed();
        var laggard = cluster.Follower;
        laggard.Stop();
        WriteSome(cluster, "first");
        WriteSome(cluster, "second");
        laggard.Options = laggard.KeepingNoEntries(snapshotCount: 9, snapshotsKept: 1);
        laggard.Start();
        laggard.IsPaused = true;
        laggard.Member.PumpBackground(100);
        RunNode(cluster, laggard, until: () => laggard.Member.BackgroundHasWork);

        // Its leader's log begins behind the snapshot that has just arrived.
        WriteSome(cluster, "third");
        WriteSome(cluster, "fourth");
        UntilSnapshotIsInstalled(cluster, laggard);
        UntilSnapshotIsInstalled(cluster, laggard);
        laggard.IsPaused = false;
        cluster.UntilSettled();

        Assert.True(laggard.Holds("first9"));
        Assert.True(laggard.Holds("fourth9"));
    }

    private static void WriteSome(TestCluster cluster, string prefix)
    {
        for (var key = 0; key < 10; key++)
        {
            cluster.Write(cluster.Leader, $"{prefix}{key}");
        }
    }

    // Its node loop and its log go on, its background does not.
    private static void RunNode(
        TestCluster cluster, TestNode node, Func<bool>? until = null, int ticks = int.MaxValue)
    {
        for (var tick = 0; tick < ticks && until?.Invoke() != true; tick++)
        {
            Assert.True(ticks < int.MaxValue || tick < 3000, $"not so; {cluster}");
            cluster.Tick();
            node.Member.PumpNode(16);
            node.RunDisk();
            cluster.Network.Run();
        }
    }

    // All of it goes on but its apply loop.
    private static void UntilSnapshotIsInstalled(TestCluster cluster, TestNode node)
    {
        var core = node.Member.Core;
        var first = core.First;
        for (var tick = 0; core.First == first || core.Status().Persisted != core.LastIndex; tick++)
        {
            Assert.True(tick < 3000, $"no snapshot came; {cluster}");
            cluster.Tick();
            node.Member.PumpNode(16);
            node.Member.PumpBackground(16);
            node.RunDisk();
            node.Member.PumpNode(16);
            cluster.Network.Run();
        }
    }

    private static void RunBackgroundUntilNodeHasWork(TestNode node)
    {
        node.Member.PumpNode(16);
        for (var step = 0; !node.Member.NodeHasWork; step++)
        {
            Assert.True(step < 100, "no snapshot came");
            node.Member.PumpBackground(1);
        }
    }
}
