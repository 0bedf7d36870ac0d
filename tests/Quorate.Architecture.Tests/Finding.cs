namespace Quorate.Architecture.Tests;

/// <summary>One place that breaks a rule, printed as an editor can jump to it.</summary>
internal sealed record Finding(string File, int Line, string What)
{
    /// <summary>Fails with all findings, each on a line of its own.</summary>
    public static void AssertNone(IEnumerable<Finding> findings)
    {
        var all = findings.ToList();
        Assert.True(all.Count == 0, string.Join('\n', all.Prepend<object>($"{all.Count} finding(s):")));
    }

    /// <summary>The lines of the files for which a judge has something to say.</summary>
    public static IEnumerable<Finding> InLines(IEnumerable<string> files, Func<string, string?> judge) =>
        from file in files
        from line in Repository.Lines(file).Index()
        let said = judge(line.Item)
        where said is not null
        select new Finding(file, line.Index + 1, said);

    public override string ToString() => $"{File}:{Line}: {What}";
}
