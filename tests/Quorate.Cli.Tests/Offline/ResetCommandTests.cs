using Quorate.Cli.Tests.Fakes;
using Quorate.Storage;

namespace Quorate.Cli.Tests.Offline;

public sealed class ResetCommandTests : IDisposable
{
    private const string Question = "Type the name of the member (n1) to go on: ";
    private readonly MadeDirectory _made = new();

    [Fact]
    public async Task Tells_whose_it_is_and_empties_it_when_the_name_is_typed()
    {
        var path = _made.Make(1, commit: 2, 2, 2, 3);
        var before = MadeDirectory.IdentityOf(path);

        var run = await RunAsync(path, "n1\n");

        Assert.Equal(("", 0), (run.Error, run.ExitCode));
        Assert.Equal(
            [
                $"{path} is the data directory of \"n1\" (n1) of cluster 00000000000000040000000000000002:",
                "  size       66560 bytes",
                "  log        4 entries, to 4 of term 3",
                "  snapshots  none",
                "  members    \"n1\", \"n2\", \"n3\"",
                "All of it will be gone, and the directory be that of a new node that belongs to no cluster.",
                "A cluster that still counts this member stays one short until it is removed or replaced there.",
                $"{Question}done: \"n1\" of no cluster. Start it as before; it waits until a cluster takes it in.",
            ],
            run.Out.Split('\n', StringSplitOptions.RemoveEmptyEntries));
        var after = MadeDirectory.IdentityOf(path);
        Assert.True(after.IsUnconfigured);
        Assert.Equal("n1", after.Name);
        Assert.NotEqual(before.Directory, after.Directory);
        Assert.NotEqual(before.Member, after.Member);
        Assert.Equal(["identity", "lock", "snapshots-2", "wal-2"], new RealFileSystem().List(path));
    }

    [Theory]
    [InlineData("n2\n")]
    [InlineData("yes\n")]
    [InlineData("\n")]
    [InlineData("")]
    public async Task Changes_nothing_when_another_word_is_typed(string typed)
    {
        var path = _made.Make(1, commit: 1, 2);
        var before = MadeDirectory.IdentityOf(path);

        var run = await RunAsync(path, typed);

        Assert.Equal(("error: nothing was changed: this is not the member's name\n", 1), (run.Error, run.ExitCode));
        Assert.Equal(before, MadeDirectory.IdentityOf(path));
    }

    [Fact]
    public async Task Asks_nobody_without_a_terminal_and_needs_yes_there()
    {
        var path = _made.Make(1, commit: 1, 2);

        var refused = await TestRun.OfAsync(["reset", "--data-dir", path], input: "n1\n"u8.ToArray());

        Assert.Equal(1, refused.ExitCode);
        Assert.Contains("in a script, add --yes", refused.Error, StringComparison.Ordinal);
        Assert.DoesNotContain(Question, refused.Out, StringComparison.Ordinal);
        Assert.False(MadeDirectory.IdentityOf(path).IsUnconfigured);

        var done = await TestRun.OfAsync(["reset", "--data-dir", path, "--yes"]);

        Assert.Equal(("", 0), (done.Error, done.ExitCode));
        Assert.True(MadeDirectory.IdentityOf(path).IsUnconfigured);
    }

    [Fact]
    public async Task Directory_of_a_running_node_is_refused_with_its_process()
    {
        var path = _made.Make(1, commit: 1, 2);
        using var held = DataDirectory.Open(new RealFileSystem(), path);

        var run = await TestRun.OfAsync(["reset", "--data-dir", path, "--yes"]);

        Assert.Equal(1, run.ExitCode);
        var owner = OperatingSystem.IsLinux() ? $"process {Environment.ProcessId} " : "another process";
        Assert.StartsWith($"error: {path} is in use by {owner}", run.Error);
        Assert.EndsWith(": stop the node first\n", run.Error);
    }

    [Fact]
    public async Task Damaged_log_is_told_and_no_hindrance()
    {
        var path = _made.Make(1, commit: 1, 2);
        File.WriteAllBytes(Path.Combine(path, "wal", "slots"), new byte[1024]);

        var run = await TestRun.OfAsync(["reset", "--data-dir", path, "--yes"]);

        Assert.Equal(0, run.ExitCode);
        Assert.Contains("  contents   cannot be read: ", run.Out, StringComparison.Ordinal);
        Assert.True(MadeDirectory.IdentityOf(path).IsUnconfigured);
    }

    [Fact]
    public async Task What_is_no_usable_directory_is_refused_with_what_to_do()
    {
        var nothing = _made.PathOf("nothing");
        await Refused(nothing, $"{nothing} is no data directory");

        Directory.CreateDirectory(nothing);
        await Refused(nothing, $"{nothing} is no data directory: it holds no file identity");
        Assert.Empty(Directory.EnumerateFileSystemEntries(nothing));

        var path = _made.Make(1, commit: 1, 2);
        var identity = Path.Combine(path, "identity");
        var bytes = File.ReadAllBytes(identity);
        bytes[8] = 9;
        File.WriteAllBytes(identity, bytes);
        await Refused(path, "has format 9, this program reads up to 1: use a newer Quorate");

        bytes[8] = 1;
        bytes[20] ^= 1;
        File.WriteAllBytes(identity, bytes);
        await Refused(path, $"{identity} is damaged", "bring this node back as a new member");

        File.Delete(identity);
        await Refused(path, "it is missing, but wal is not empty", "bring this node back as a new member");
    }

    [Fact]
    public async Task Directory_must_be_named()
    {
        var run = await TestRun.OfAsync(["reset", "--yes"]);

        Assert.Equal(2, run.ExitCode);
        Assert.Contains("--data-dir", run.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Reset_of_a_new_directory_draws_new_ids_again()
    {
        var path = _made.Make(1, commit: 1, 2);
        await TestRun.OfAsync(["reset", "--data-dir", path, "--yes"]);
        var before = MadeDirectory.IdentityOf(path);

        var run = await TestRun.OfAsync(["reset", "--data-dir", path, "--yes"]);

        Assert.Contains("the data directory of \"n1\" of no cluster", run.Out, StringComparison.Ordinal);
        Assert.DoesNotContain("one short", run.Out, StringComparison.Ordinal);
        Assert.NotEqual(before.Directory, MadeDirectory.IdentityOf(path).Directory);
    }

    public void Dispose() => _made.Dispose();

    private static Task<TestRun> RunAsync(string path, string typed) => TestRun.OfAsync(
        ["reset", "--data-dir", path], input: System.Text.Encoding.UTF8.GetBytes(typed), interactive: true);

    private static async Task Refused(string path, params string[] expected)
    {
        var run = await TestRun.OfAsync(["reset", "--data-dir", path, "--yes"]);
        Assert.Equal(1, run.ExitCode);
        Assert.StartsWith("error: ", run.Error);
        Assert.All(expected, text => Assert.Contains(text, run.Error, StringComparison.Ordinal));
    }
}
