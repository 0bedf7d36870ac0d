using System.Text.RegularExpressions;

namespace Quorate.Architecture.Tests;

/// <summary>The rules of STYLE.md that a text can be asked about.</summary>
public sealed class SourceRulesTests
{
    private const int LinesMax = 600;
    private const int ColumnsMax = 120;

    private static readonly string[] Everywhere = ["src", "tests", "bench", "eng"];

    private static IEnumerable<string> Sources => Repository.FilesUnder(".cs", Everywhere);

    // The words are written in two parts, so that this file does not find itself.
    [Theory]
    [InlineData("#" + "region", "src tests bench eng", "a file that needs folding has two duties")]
    [InlineData("go" + "to ", "src tests bench eng", "loops and methods have names")]
    [InlineData("async" + " void", "src tests bench eng", "nobody can wait for it or see it fail")]
    [InlineData("TO" + "DO", "src tests bench eng", "do it or leave it out")]
    [InlineData("FIX" + "ME", "src tests bench eng", "do it or leave it out")]
    [InlineData("Not" + "ImplementedException", "src tests bench eng", "a stub is not a part")]
    [InlineData("Thread" + ".Sleep", "src tests bench", "wait for what you wait for")]
    [InlineData("Skip" + " =", "tests", "a skipped test tests nothing")]
    [InlineData("#pragma warning" + " disable", "src", "say it to the analyzer once, in .editorconfig")]
    public void Banned_words_do_not_occur(string word, string folders, string because)
    {
        Finding.AssertNone(Finding.InLines(
            Repository.FilesUnder(".cs", folders.Split(' ')),
            line => ContainsWord(line, word) ? $"'{word.Trim()}': {because}" : null));
    }

    [Fact]
    public void Files_have_one_duty_and_fit_in_a_head()
    {
        Finding.AssertNone(
            from file in Sources
            let lines = Repository.Lines(file).Length
            where lines > LinesMax
            select new Finding(file, lines, $"{lines} lines, {LinesMax} at most"));
    }

    [Fact]
    public void Lines_fit_beside_each_other()
    {
        Finding.AssertNone(Finding.InLines(
            Sources,
            line => line.Length > ColumnsMax ? $"{line.Length} columns, {ColumnsMax} at most" : null));
    }

    [Fact]
    public void Text_is_plain()
    {
        string[] endings = [".cs", ".md", ".csproj", ".props", ".targets", ".golden", ".txt"];
        var texts = Repository.Files.Where(file => endings.Contains(Path.GetExtension(file))).ToList();

        Finding.AssertNone(Finding.InLines(
            texts.Where(file => !file.EndsWith(".golden", StringComparison.Ordinal)),
            line => line.Contains('\t') ? "a tab" : line.EndsWith(' ') ? "a space at the end" : null));
        Finding.AssertNone(
            from file in texts
            let text = Repository.Read(file)
            where text.Length == 0 || text[^1] != '\n'
            select new Finding(file, 1, "is empty or does not end with a line feed"));
    }

    [Fact]
    public void Files_are_named_after_a_duty()
    {
        var cupboard = new Regex("(Helper|Helpers|Util|Utils|Manager|Base)$");

        Finding.AssertNone(
            from file in Sources
            where cupboard.IsMatch(Path.GetFileNameWithoutExtension(file))
            select new Finding(file, 1, "is a cupboard, not a duty"));
    }

    [Fact]
    public void Namespaces_start_with_the_project()
    {
        Finding.AssertNone(
            from file in Repository.FilesUnder(".cs", "src", "tests", "bench")
            let project = file.Split('/')[1]
            from line in Repository.Lines(file)
            where line.StartsWith("namespace ", StringComparison.Ordinal)
                && !Regex.IsMatch(line, $@"^namespace {Regex.Escape(project)}[.\w]*;$")
            select new Finding(file, 1, $"'{line}' is not of {project}"));
    }

    [Fact]
    public void What_is_started_by_hand_can_be_started()
    {
        if (OperatingSystem.IsWindows())
        {
            return;
        }

        foreach (var script in (string[])["quorate", ".ci/run"])
        {
            var mode = File.GetUnixFileMode(Path.Combine(Repository.Root, script));
            Assert.True(mode.HasFlag(UnixFileMode.UserExecute), $"{script} cannot be executed");
        }
    }

    private static bool ContainsWord(string line, string word)
    {
        var at = line.IndexOf(word, StringComparison.Ordinal);
        return at >= 0 && (at == 0 || !char.IsLetterOrDigit(line[at - 1]));
    }
}
