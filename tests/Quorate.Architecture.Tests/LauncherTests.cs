namespace Quorate.Architecture.Tests;

/// <summary>What <c>./quorate</c> does before it becomes the executable, with a dotnet that keeps count.</summary>
public sealed class LauncherTests : IDisposable
{
    private readonly LauncherRoom _room = new();

    [Fact]
    public async Task It_builds_once_and_passes_the_arguments_on()
    {
        if (OperatingSystem.IsWindows())
        {
            return;
        }

        var first = await _room.StartAsync("dev", "two words");
        var second = await _room.StartAsync("status");

        Assert.Equal((0, "ran dev|two words|"), (first.ExitCode, first.Output));
        Assert.Equal((0, "ran status|"), (second.ExitCode, second.Output));
        Assert.Equal(1, _room.Builds);
    }

    [Fact]
    public async Task It_builds_again_when_a_source_was_changed_added_or_deleted()
    {
        if (OperatingSystem.IsWindows())
        {
            return;
        }

        await _room.StartAsync();
        _room.Write("src/Quorate.Cli/Program.cs", "// other");
        await _room.StartAsync();
        _room.Write("src/Quorate.Raft/New.cs", "// new");
        await _room.StartAsync();
        File.Delete(Path.Combine(_room.Folder, "src/Quorate.Raft/New.cs"));
        await _room.StartAsync();

        // The last one is the second again, which is still there.
        Assert.Equal(3, _room.Builds);
    }

    [Fact]
    public async Task What_is_built_is_not_a_source()
    {
        if (OperatingSystem.IsWindows())
        {
            return;
        }

        await _room.StartAsync();
        _room.Write("src/Quorate.Cli/obj/made.cs", "// made");
        await _room.StartAsync();

        Assert.Equal(1, _room.Builds);
    }

    [Fact]
    public async Task Starts_beside_each_other_share_one_build()
    {
        if (OperatingSystem.IsWindows())
        {
            return;
        }

        var runs = await Task.WhenAll(Enumerable.Range(0, 5).Select(_ => _room.StartAsync("x")));

        Assert.All(runs, run => Assert.Equal((0, "ran x|"), (run.ExitCode, run.Output)));
        Assert.Equal(1, _room.Builds);
    }

    [Fact]
    public async Task A_failed_build_is_shown_and_tried_again()
    {
        if (OperatingSystem.IsWindows())
        {
            return;
        }

        _room.Write("fail", "error CS1002: ; expected");
        var failed = await _room.StartAsync();
        File.Delete(Path.Combine(_room.Folder, "fail"));
        var worked = await _room.StartAsync();

        Assert.Equal(1, failed.ExitCode);
        Assert.Contains("error CS1002: ; expected", failed.Errors);
        Assert.Contains("quorate: the build failed", failed.Errors);
        Assert.Equal(0, worked.ExitCode);
    }

    [Fact]
    public async Task An_sdk_that_is_too_old_is_named()
    {
        if (OperatingSystem.IsWindows())
        {
            return;
        }

        _room.Write("old", "A compatible .NET SDK was not found.");
        var run = await _room.StartAsync();

        Assert.Equal(1, run.ExitCode);
        Assert.Contains("needs the .NET SDK 10.0 or newer", run.Errors);
        Assert.Contains("A compatible .NET SDK was not found.", run.Errors);
    }

    [Fact]
    public async Task Without_dotnet_it_says_what_is_missing()
    {
        if (OperatingSystem.IsWindows())
        {
            return;
        }

        _room.RemoveDotnet();
        var run = await _room.StartAsync();

        Assert.Equal(1, run.ExitCode);
        Assert.Contains("no 'dotnet' in PATH", run.Errors);
    }

    [Theory]
    [InlineData(null)]
    [InlineData("")]
    [InlineData("/nowhere")]
    public async Task Without_a_home_it_keeps_to_the_checkout(string? home)
    {
        if (OperatingSystem.IsWindows())
        {
            return;
        }

        _room.Home = home;
        var run = await _room.StartAsync();

        Assert.Equal(0, run.ExitCode);
        Assert.Equal(Path.Combine(_room.Folder, "artifacts/home"), _room.Read("home").Trim());
    }

    [Fact]
    public async Task It_is_found_through_a_symbolic_link_from_anywhere()
    {
        if (OperatingSystem.IsWindows())
        {
            return;
        }

        var link = Path.Combine(_room.Folder, "somewhere");
        File.CreateSymbolicLink(link, "./quorate");
        var run = await _room.StartThroughAsync(link, Path.GetTempPath(), "x");

        Assert.Equal((0, "ran x|"), (run.ExitCode, run.Output));
    }

    public void Dispose() => _room.Dispose();
}
