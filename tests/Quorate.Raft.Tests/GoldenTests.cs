using System.Runtime.CompilerServices;
using Quorate.Raft.Tests.Golden;

namespace Quorate.Raft.Tests;

/// <summary>Each file under scenarios/ is one test. <c>QUORATE_REWRITE=1</c> rewrites them: read the diff.</summary>
public class GoldenTests
{
    public static TheoryData<string> Files =>
        [.. Directory.EnumerateFiles(Folder(), "*.golden", SearchOption.AllDirectories)
            .Select(path => Path.GetRelativePath(Folder(), path).Replace('\\', '/'))
            .Order(StringComparer.Ordinal)];

    [Theory]
    [MemberData(nameof(Files))]
    public void Scenario_tells_its_story(string file)
    {
        var path = Path.Combine(Folder(), file);
        var expected = File.ReadAllText(path);

        var actual = GoldenFile.Run(expected, new Scenario().Execute);

        if (Environment.GetEnvironmentVariable("QUORATE_REWRITE") == "1")
        {
            File.WriteAllText(path, actual);
            return;
        }

        Assert.Equal(expected, actual);
    }

    [Fact]
    public void Every_fact_is_told_in_a_story()
    {
        // These three have unit tests: nothing in a story of correct members brings them about.
        SortedSet<string> told = new(StringComparer.Ordinal)
        {
            nameof(RaftFact.MessageRejected), nameof(RaftFact.ConfigInForce), nameof(RaftFact.SnapshotIgnored),
        };
        foreach (var file in Directory.EnumerateFiles(Folder(), "*.golden", SearchOption.AllDirectories))
        {
            var scenario = new Scenario();
            GoldenFile.Run(File.ReadAllText(file), scenario.Execute);
            told.UnionWith(scenario.Marks);
        }

        var all = typeof(RaftFact).GetNestedTypes().Select(type => type.Name).Order(StringComparer.Ordinal);
        Assert.Equal(all, told);
    }

    private static string Folder([CallerFilePath] string here = "") =>
        Path.Combine(Path.GetDirectoryName(here)!, "scenarios");
}
