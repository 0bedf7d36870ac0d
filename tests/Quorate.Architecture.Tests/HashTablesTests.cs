using System.Text.RegularExpressions;

namespace Quorate.Architecture.Tests;

/// <summary>
/// Hash tables may be looked up and never walked where a state is decided: their order differs from process
/// to process, and would reach messages, files and hashes. The check is textual: it knows the names that a
/// file declares as hash tables, and finds the places that walk one of them.
/// </summary>
public sealed partial class HashTablesTests
{
    [Fact]
    public void Hash_tables_are_not_walked_where_order_could_reach_the_state()
    {
        Finding.AssertNone(Repository
            .FilesUnder(".cs", "src/Quorate.Raft", "src/Quorate.Mvcc", "src/Quorate.Storage", "src/Quorate.Node")
            .SelectMany(file => Walks(file, Repository.Lines(file))));
    }

    [Fact]
    public void The_check_finds_what_it_looks_for()
    {
        string[] lines =
        [
            "private readonly Dictionary<ulong, string> _names = [];",
            "var seen = new HashSet<int>();",
            "foreach (var (id, name) in _names)",
            "foreach (var id in _names.Keys)",
            "var first = seen.First();",
            "var found = _names.TryGetValue(1, out var name);",
            "foreach (var id in _ids)",
        ];

        var found = Walks("Example.cs", lines).Select(finding => finding.Line);

        Assert.Equal([3, 4, 5], found);
    }

    private static IEnumerable<Finding> Walks(string file, string[] lines)
    {
        var names = lines.SelectMany(line => Declared(line)).Distinct().ToList();
        return
            from line in lines.Index()
            from name in names
            where IsWalk(line.Item, name)
            select new Finding(file, line.Index + 1, $"walks the hash table {name}");
    }

    private static IEnumerable<string> Declared(string line) =>
        Typed().Matches(line).Concat(Inferred().Matches(line)).Select(match => match.Groups["name"].Value);

    private static bool IsWalk(string line, string name)
    {
        var table = $@"(?<![\w.]){Regex.Escape(name)}";
        const string linq = "Select|Where|First|Last|Any|All|ToArray|ToList|Aggregate|OrderBy|Order|Sum|Min|Max|Concat";
        return Regex.IsMatch(line, $@"\bin {table}(\.(Keys|Values))?\s*[).]")
            || Regex.IsMatch(line, $@"{table}(\.(Keys|Values))?\.({linq}|GetEnumerator|CopyTo)\b")
            || Regex.IsMatch(line, $@"\.\. ?{table}\b");
    }

    [GeneratedRegex(@"\b(Dictionary|HashSet)<[^=;(]*>\??\s+(?<name>\w+)\s*(=|;|,|\))")]
    private static partial Regex Typed();

    [GeneratedRegex(@"\bvar (?<name>\w+) = new (Dictionary|HashSet)<")]
    private static partial Regex Inferred();
}
