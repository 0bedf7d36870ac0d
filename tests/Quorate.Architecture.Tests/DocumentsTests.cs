using System.Text.RegularExpressions;

namespace Quorate.Architecture.Tests;

/// <summary>What the documents point at is there.</summary>
public sealed partial class DocumentsTests
{
    private static readonly IReadOnlyList<string> Documents =
        [.. Repository.Files.Where(file => file.EndsWith(".md", StringComparison.Ordinal))];

    private static readonly HashSet<string> FileNames = [.. Repository.Files.Select(file => Path.GetFileName(file))];

    [Fact]
    public void Links_lead_to_files_that_exist()
    {
        Finding.AssertNone(
            from place in OutsideCode()
            from Match link in Link().Matches(place.Line)
            let target = link.Groups["target"].Value
            where !target.Contains("://") && !target.StartsWith('#') && !target.StartsWith("mailto:")
            let path = Resolve(place.File, target.Split('#')[0])
            where !Repository.Exists(path)
            select new Finding(place.File, place.Number, $"links to {target}, which does not exist"));
    }

    [Fact]
    public void Links_to_headings_find_them()
    {
        Finding.AssertNone(
            from place in OutsideCode()
            from Match link in Link().Matches(place.Line)
            let parts = link.Groups["target"].Value.Split('#')
            where parts.Length == 2 && !parts[0].Contains("://")
            let file = parts[0].Length == 0 ? place.File : Resolve(place.File, parts[0])
            where Repository.Exists(file) && !Anchors(file).Contains(parts[1])
            select new Finding(place.File, place.Number, $"links to #{parts[1]}, which is no heading of {file}"));
    }

    [Fact]
    public void Paths_between_backticks_exist()
    {
        Finding.AssertNone(
            from place in OutsideCode()
            from Match code in Code().Matches(place.Line)
            let path = code.Groups["text"].Value
            where RepositoryPath().IsMatch(path) && !path.StartsWith("artifacts/") && !ExistsAsPattern(path)
            select new Finding(place.File, place.Number, $"names {path}, which does not exist"));
    }

    [Fact]
    public void File_names_between_backticks_exist_somewhere()
    {
        Finding.AssertNone(
            from place in OutsideCode()
            from Match code in Code().Matches(place.Line)
            let name = code.Groups["text"].Value
            where SourceFileName().IsMatch(name) && !FileNames.Contains(name)
            select new Finding(place.File, place.Number, $"names {name}, which no folder holds"));
    }

    [Fact]
    public void The_readme_has_the_two_commands_of_the_quick_start()
    {
        var lines = Repository.Lines("README.md");

        Assert.Contains("./quorate dev", lines);
        Assert.Contains("dotnet test", lines);
    }

    [Fact]
    public void Decisions_are_numbered_without_gaps()
    {
        var numbers = Repository.FilesUnder(".md", "docs/adr")
            .Select(file => int.Parse(Path.GetFileName(file)[..4]))
            .ToList();

        Assert.Equal(Enumerable.Range(1, numbers.Count), numbers);
    }

    private static IEnumerable<(string File, int Number, string Line)> OutsideCode()
    {
        foreach (var file in Documents)
        {
            var inside = false;
            foreach (var (index, line) in Repository.Lines(file).Index())
            {
                if (line.TrimStart().StartsWith("```", StringComparison.Ordinal))
                {
                    inside = !inside;
                }
                else if (!inside)
                {
                    yield return (file, index + 1, line);
                }
            }
        }
    }

    private static string Resolve(string from, string target)
    {
        var folder = Path.Combine(Repository.Root, Path.GetDirectoryName(from)!);
        var full = Path.GetFullPath(Path.Combine(folder, Uri.UnescapeDataString(target)));
        return Path.GetRelativePath(Repository.Root, full).Replace('\\', '/');
    }

    // A star stands for any part of one name: `docs/walks/*.md`.
    private static bool ExistsAsPattern(string path)
    {
        if (!path.Contains('*'))
        {
            return Repository.Exists(path.TrimEnd('/'));
        }

        var pattern = "^" + Regex.Escape(path).Replace(@"\*", "[^/]*") + "(/|$)";
        return Repository.Files.Any(file => Regex.IsMatch(file, pattern));
    }

    private static IEnumerable<string> Anchors(string file) =>
        from line in Repository.Lines(file)
        where line.StartsWith('#')
        let heading = line.TrimStart('#').Trim().ToLowerInvariant()
        let kept = heading.Where(at => char.IsLetterOrDigit(at) || at is ' ' or '-' or '_')
        select new string([.. kept]).Replace(' ', '-');

    [GeneratedRegex(@"\]\((?<target>[^)\s]+)\)")]
    private static partial Regex Link();

    [GeneratedRegex("`(?<text>[^`]+)`")]
    private static partial Regex Code();

    [GeneratedRegex(@"^(src|tests|bench|eng|docs|samples|fuzz|deploy|\.ci)/[\w./*-]*$")]
    private static partial Regex RepositoryPath();

    [GeneratedRegex(@"^[A-Z][\w.-]*\.(cs|csproj|props|targets|slnx|golden)$")]
    private static partial Regex SourceFileName();
}
