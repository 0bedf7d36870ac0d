using System.Text.Json;
using Quorate.Cli.Tests.Fakes;
using Quorate.Storage;

namespace Quorate.Cli.Tests.Offline;

public sealed class RecoverCommandTests : IDisposable
{
    private readonly MadeDirectory _made = new();

    [Fact]
    public async Task Tells_what_it_knows_and_does_it_when_the_name_is_typed()
    {
        var own = _made.Make(1, commit: 3, 2, 2, 3);
        var other = _made.Make(2, commit: 2, 2, 2);

        var run = await TestRun.OfAsync(
            ["recover", "--data-dir", own, "--survey", other], input: "n1\n"u8.ToArray(), interactive: true);

        Assert.Equal(("", 0), (run.Error, run.ExitCode));
        var lines = run.Out.Split('\n', StringSplitOptions.RemoveEmptyEntries);
        const string cluster = "of cluster 00000000000000040000000000000002: entries to";
        Assert.Equal(
            [
                $"{own}: \"n1\" (n1) {cluster} 4@3, known committed to 3@2",
                $"{other}: \"n2\" (n2) {cluster} 3@2, known committed to 2@2",
                "The last known members, by entry 1: \"n1\", \"n2\", \"n3\"; 1 not surveyed.",
                "Entries up to 3 are known to be committed; all are kept.",
                "A majority of the voters was surveyed: nothing that was acknowledged is lost. Their nodes, started "
                + "where they reach each other, would go on without a recovery.",
                "What may be lost, and what could not be known:",
                "  - voter \"n3\" (n3 at http://127.0.0.3:2380) was not surveyed",
                "  - entry 4 is kept without being known to be committed: there may be writes among them that nobody "
                + "was told of, or was told failed",
                "\"n1\" will be a cluster of its own, under a new cluster id, with all entries up to 4. No other "
                + "member of the old cluster must ever run again.",
            ],
            lines[..9]);
        var identity = MadeDirectory.IdentityOf(own);
        Assert.Equal($"Type the name of the member (n1) to go on: done: {identity}, 3 keys, revision 4.", lines[9]);
        Assert.NotEqual(new UInt128(4, 2), identity.Cluster);
        using var directory = DataDirectory.Open(new RealFileSystem(), own);
        Assert.Equal("4@3", $"{directory.Recovery!.Last}");
        Assert.Equal(3UL, directory.Recovery.KnownCommitted.Value);
        Assert.Equal(2, directory.Recovery.Doubts.Count);
        Assert.Equal(DateTimeOffset.UtcNow, directory.Recovery.At, TimeSpan.FromMinutes(10));
    }

    [Fact]
    public async Task Surveyed_directory_keeps_every_byte_and_its_times()
    {
        var own = _made.Make(1, commit: 3, 2, 2, 3);
        var other = _made.Make(2, commit: 2, 2, 2);
        File.WriteAllText(Path.Combine(other, "peers.tmp"), "left");
        Directory.CreateDirectory(Path.Combine(other, "wal-7"));
        var before = MadeDirectory.Contents(other);

        var run = await TestRun.OfAsync(["recover", "--data-dir", own, "--survey", other, "--yes"]);

        Assert.Equal(0, run.ExitCode);
        Assert.Equal(before, MadeDirectory.Contents(other));
        Assert.True(Directory.Exists(Path.Combine(other, "wal-7")));
    }

    [Fact]
    public async Task Further_directory_is_named_and_nothing_changes()
    {
        var own = _made.Make(1, commit: 1, 2);
        var other = _made.Make(2, commit: 1, 2, 2);

        var run = await TestRun.OfAsync(["recover", "--data-dir", own, "--survey", other, "--yes"]);

        Assert.Equal(1, run.ExitCode);
        Assert.Equal(
            $"error: {other} (\"n2\") is further: its log ends with 3@2, that of {own} with 2@2. "
            + $"Recover there: --data-dir {other} --survey {own}\n",
            run.Error);
        Assert.Equal("n1", MadeDirectory.IdentityOf(own).Name);
        Assert.False(File.Exists(Path.Combine(own, "recovered.json")));
    }

    [Fact]
    public async Task Json_is_one_object_and_asks_nobody()
    {
        var own = _made.Make(3, commit: 2, 2, 2);

        var refused = await TestRun.OfAsync(["recover", "--data-dir", own, "--json"]);
        var run = await TestRun.OfAsync(["recover", "--data-dir", own, "--json", "--yes"]);

        Assert.Equal(2, refused.ExitCode);
        Assert.Contains("--json asks nobody: add --yes", refused.Error, StringComparison.Ordinal);
        Assert.Equal(("", 0), (run.Error, run.ExitCode));
        var json = JsonDocument.Parse(run.Out).RootElement;
        Assert.Equal("n3", json.GetProperty("name").GetString());
        Assert.Equal($"{MadeDirectory.IdentityOf(own).Cluster:x32}", json.GetProperty("clusterId").GetString());
        Assert.Equal(3, json.GetProperty("lastIndex").GetInt32());
        Assert.Equal(2, json.GetProperty("knownCommitted").GetInt32());
        Assert.False(json.GetProperty("majoritySurveyed").GetBoolean());
        Assert.Equal(["n1", "n2"], json.GetProperty("notSurveyed").EnumerateArray().Select(name => name.GetString()));
        Assert.Equal(4, json.GetProperty("doubts").GetArrayLength());
        Assert.Equal(own, json.GetProperty("surveyed")[0].GetProperty("dataDir").GetString());
    }

    [Fact]
    public async Task Nothing_changes_without_the_name()
    {
        var own = _made.Make(1, commit: 2, 2);

        var typed = await TestRun.OfAsync(
            ["recover", "--data-dir", own], input: "n2\n"u8.ToArray(), interactive: true);
        var silent = await TestRun.OfAsync(["recover", "--data-dir", own]);

        Assert.Equal((1, 1), (typed.ExitCode, silent.ExitCode));
        Assert.Equal("error: nothing was changed: this is not the member's name\n", typed.Error);
        Assert.Contains("in a script, add --yes", silent.Error, StringComparison.Ordinal);
        Assert.Equal(new UInt128(4, 2), MadeDirectory.IdentityOf(own).Cluster);
    }

    [Fact]
    public async Task Directories_in_use_or_named_twice_are_refused()
    {
        var own = _made.Make(1, commit: 2, 2);
        var other = _made.Make(2, commit: 2, 2);
        using (DataDirectory.Open(new RealFileSystem(), other))
        {
            var used = await TestRun.OfAsync(["recover", "--data-dir", own, "--survey", other, "--yes"]);
            Assert.StartsWith($"error: {other} is in use by ", used.Error);
        }

        var twice = await TestRun.OfAsync(["recover", "--data-dir", own, "--survey", $"{own}/", "--yes"]);

        Assert.Equal($"error: {own} is named twice: each directory is looked at once\n", twice.Error);

        // All locks are free again.
        MadeDirectory.IdentityOf(own);
        MadeDirectory.IdentityOf(other);
    }

    [Fact]
    public async Task Damaged_survey_is_named_and_nothing_changes()
    {
        var own = _made.Make(1, commit: 2, 2);
        var other = _made.Make(2, commit: 2, 2);
        File.WriteAllBytes(Path.Combine(other, "wal", "slots"), new byte[1024]);

        var run = await TestRun.OfAsync(["recover", "--data-dir", own, "--survey", other, "--yes"]);

        Assert.Equal(1, run.ExitCode);
        Assert.StartsWith(
            $"error: {other} cannot be surveyed; left out, it counts as not surveyed. "
            + $"{Path.Combine(other, "wal", "slots")} is damaged",
            run.Error);
        Assert.Equal(new UInt128(4, 2), MadeDirectory.IdentityOf(own).Cluster);
    }

    public void Dispose() => _made.Dispose();
}
