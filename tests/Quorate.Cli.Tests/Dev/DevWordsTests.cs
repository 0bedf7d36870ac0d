using Quorate.Cli.Dev;

namespace Quorate.Cli.Tests.Dev;

public sealed class DevWordsTests
{
    [Theory]
    [InlineData("kill n9", "there is no node 'n9', only n1, n2, n3")]
    [InlineData("kill", "kill which one: n1, n2, n3?")]
    [InlineData("start n1 n2", "start which one: n1, n2, n3?")]
    [InlineData("klil n1", "unknown word 'klil', did you mean 'kill'?")]
    [InlineData("status n1", "say: kill NODE, start NODE, status or quit")]
    [InlineData("make coffee", "say: kill NODE, start NODE, status or quit")]
    public void A_wrong_line_is_explained(string line, string expected) =>
        Assert.Equal(expected, DevWords.Explain(line.Split(' '), ["n1", "n2", "n3"]));

    [Theory]
    [InlineData("2026-11-21T03:08:22.824Z info  became leader", "03:08:22.824 info  became leader")]
    [InlineData("   at Some.Method()", "   at Some.Method()")]
    [InlineData("", "")]
    public void The_date_of_a_line_is_left_out(string line, string expected) =>
        Assert.Equal(expected, DevWords.WithoutDate(line));
}
