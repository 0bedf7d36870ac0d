using System.Runtime.Versioning;

namespace Quorate.EndToEnd.Tests.Tours;

/// <summary>A page that is wrong does not pass.</summary>
[SupportedOSPlatform("linux")]
public sealed class TourRunTests
{
    [Fact]
    public async Task Wrong_answer_is_named_with_its_line()
    {
        var (code, run) = await RunAsync("# Title", "", "```sh", "true", "echo no  # yes", "echo never", "```");

        Assert.Equal(1, code);
        Assert.Contains("line 5: printed 'no'", run.Output, StringComparison.Ordinal);
        Assert.Equal(["4", "5"], run.Reached);
    }

    [Fact]
    public async Task Command_that_fails_ends_the_run()
    {
        var (code, run) = await RunAsync("```sh", "false", "echo never", "```");

        Assert.Equal(1, code);
        Assert.Contains("line 2: ended with 1", run.Output, StringComparison.Ordinal);
        Assert.Equal(["2"], run.Reached);
    }

    [Fact]
    public async Task State_of_the_shell_goes_from_block_to_block_and_hosts_are_the_pages()
    {
        var (code, run) = await RunAsync(
            "```hosts", "127.0.0.3 third", "```", "text", "```sh", "a=1", "cat >file <<'END'", "x  # y", "END", "```",
            "```sh", "echo $a \\", "  $(cat file)  # 1 x # y", "getent hosts third | tr -s ' '  # 127.0.0.3 third",
            "```");

        Assert.True(code == 0, run.Output);
        Assert.Equal(["6", "7", "12", "14", TourScript.Done], run.Reached);
    }

    [Theory]
    [InlineData("no command", "text")]
    [InlineData("line 1: a block is marked", "```", "echo", "```")]
    [InlineData("line 2: a block is marked", "", "```bash", "echo", "```")]
    [InlineData("line 1: the block does not end", "```sh", "echo")]
    [InlineData("line 2: the command does not end", "```sh", "echo \\", "```")]
    [InlineData("line 2: the command does not end", "```sh", "cat <<'END'", "x", "```")]
    public void Page_that_would_hide_something_is_refused(string words, params string[] lines)
    {
        var fault = Assert.Throws<FormatException>(() => TourPage.Parse(lines));

        Assert.Contains(words, fault.Message, StringComparison.Ordinal);
    }

    private static async Task<(int Code, TourRun Run)> RunAsync(params string[] lines)
    {
        using var run = new TourRun();
        return (await run.RunAsync(TourPage.Parse(lines)), run);
    }
}
