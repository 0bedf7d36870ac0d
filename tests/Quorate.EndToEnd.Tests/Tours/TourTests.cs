using System.Runtime.Versioning;

namespace Quorate.EndToEnd.Tests.Tours;

/// <summary>Every page of docs/tours does what it says, command by command, on real processes.</summary>
[SupportedOSPlatform("linux")]
public sealed class TourTests
{
    private static readonly string Folder = Path.Combine(Checkout.Root, "docs", "tours");

    private static readonly IReadOnlyList<string> Names = [.. Directory.EnumerateFiles(Folder, "*.md")
        .Select(file => Path.GetFileName(file))
        .Where(name => name != "README.md")
        .Order(StringComparer.Ordinal)];

    public static TheoryData<string> Pages => [.. Names];

    [Theory]
    [MemberData(nameof(Pages))]
    public async Task Page_does_what_it_says(string name)
    {
        var page = TourPage.Parse(await File.ReadAllLinesAsync(Path.Combine(Folder, name)));
        using var run = new TourRun();

        var code = await run.RunAsync(page);

        Assert.True(code == 0, $"{name}:\n{run.Output}");
        Assert.Equal([.. page.Commands.Select(command => $"{command.Line}"), TourScript.Done], run.Reached);
    }

    [Fact]
    public void There_is_a_page_for_each_way_in()
    {
        string[] expected = ["balsa.md", "easc.md", "permazen.md", "raftdb.md"];

        Assert.Equal(expected, expected.Intersect(Names));
    }
}
