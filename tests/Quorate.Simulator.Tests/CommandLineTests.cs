namespace Quorate.Simulator.Tests;

public sealed class CommandLineTests
{
    [Theory]
    [InlineData("--sed", "1")]
    [InlineData("--seed")]
    [InlineData("--seed", "x")]
    [InlineData("--seeds", "0")]
    [InlineData("--hash")]
    [InlineData("--workload", "no-such-workload")]
    public void Wrong_use_ends_with_2_and_says_how_to_use_it(params string[] arguments)
    {
        using var output = new StringWriter();
        using var errors = new StringWriter();

        Assert.Equal(2, Entry.Run(arguments, output, errors));
        Assert.Contains("usage:", errors.ToString());
    }

    [Fact]
    public void The_faults_are_listed_one_a_line()
    {
        using var output = new StringWriter();

        Assert.Equal(0, Entry.Run(["--list-faults"], output, TextWriter.Null));
        Assert.Contains("power-failure", output.ToString().Split(Environment.NewLine));
    }

    [Fact]
    public void The_hash_is_the_last_line_and_the_same_each_time()
    {
        Assert.Equal(LastLine(), LastLine());

        static string LastLine()
        {
            using var output = new StringWriter();
            Assert.Equal(0, Entry.Run(["--seed", "7", "--hash"], output, TextWriter.Null));
            var line = output.ToString().TrimEnd().Split(Environment.NewLine)[^1];
            Assert.Matches("^[0-9a-f]{16}$", line);
            return line;
        }
    }
}
