using Quorate.Cli.Tests.Fakes;

namespace Quorate.Cli.Tests;

/// <summary>How commands are called, rightly and wrongly.</summary>
public sealed class CallTests
{
    [Fact]
    public async Task Version_is_one_line()
    {
        var run = await TestRun.OfAsync(["--version"]);

        Assert.Equal(0, run.ExitCode);
        Assert.Matches(@"^quorate \d+\.\d+\.\d+\S*( \([0-9a-f]+\))?\n$", run.Out);
    }

    [Theory]
    [InlineData]
    [InlineData("--help")]
    [InlineData("-h")]
    public async Task Help_lists_the_commands(params string[] args)
    {
        var run = await TestRun.OfAsync(args);

        Assert.Equal((0, ""), (run.ExitCode, run.Error));
        Assert.All(["put", "get", "del", "status"], command => Assert.Contains($"\n  {command}", run.Out));
    }

    [Theory]
    [InlineData("unknown command 'stauts', did you mean 'status'?", "stauts")]
    [InlineData("unknown command 'zzzzzz' (see", "zzzzzz")]
    [InlineData("unknown option '--levle', did you mean '--level'?", "get", "--levle=stale", "a")]
    [InlineData("unknown option '--jsno', did you mean '--json'?", "put", "a", "--jsno")]
    [InlineData("VALUE is missing", "put", "a")]
    [InlineData("'c' is one word too many", "put", "a", "b", "c")]
    [InlineData("a key is at least one byte long", "get", "")]
    [InlineData("asks for TLS", "get", "a", "--endpoints", "https://127.0.0.1:2379")]
    [InlineData("is not HOST:PORT", "get", "a", "--endpoints", "http://127.0.0.1:2379/x")]
    [InlineData("names no endpoint", "get", "a", "--endpoints", ",")]
    [InlineData("'soon' is not a duration", "get", "a", "--timeout", "soon")]
    [InlineData("--timeout '0s' is not a duration", "get", "a", "--timeout", "0s")]
    [InlineData("'fresh'", "get", "a", "--level", "fresh")]
    public async Task A_wrong_call_exits_with_2_and_one_line(string expected, params string[] args)
    {
        var run = await TestRun.OfAsync(args);

        Assert.Equal((2, ""), (run.ExitCode, run.Out));
        Assert.Contains(expected, run.Error);
        Assert.Single(run.Error.Split('\n', StringSplitOptions.RemoveEmptyEntries));
    }

    [Theory]
    [InlineData("-v", "--v")]
    [InlineData("-1", "--1")]
    public async Task A_short_option_that_does_not_exist_is_no_directory(string word, string option)
    {
        var run = await TestRun.OfAsync(["serve", word]);

        Assert.Equal((1, false), (run.ExitCode, Directory.Exists(word)));
        Assert.Contains($"unknown option '{option}'", run.Error);
    }

    [Fact]
    public async Task All_faults_of_a_call_are_named_at_once()
    {
        var run = await TestRun.OfAsync(["get", "a", "--timeout", "x", "--wait", "y"]);

        Assert.Contains("--timeout 'x'", run.Error);
        Assert.Contains("--wait 'y'", run.Error);
    }
}
