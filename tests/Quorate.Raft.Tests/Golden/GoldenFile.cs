namespace Quorate.Raft.Tests.Golden;

/// <summary>
/// A golden file: blocks of commands, a line <c>----</c>, and the output up to an empty line. Comments (<c>#</c>) and
/// empty lines between blocks are kept as they are.
/// </summary>
internal static class GoldenFile
{
    private const string Separator = "----";

    /// <summary>Runs a file and returns it with the output that the commands give now.</summary>
    public static string Run(string text, Func<string, IEnumerable<string>> execute)
    {
        var result = new List<string>();
        var output = new List<string>();
        var isSkipping = false;
        foreach (var line in text.Split('\n'))
        {
            if (line == Separator)
            {
                result.Add(line);
                result.AddRange(output);
                output.Clear();
                isSkipping = true;
            }
            else if (line.Length == 0)
            {
                isSkipping = false;
                result.Add(line);
            }
            else if (!isSkipping)
            {
                result.Add(line);
                if (!line.StartsWith('#'))
                {
                    output.AddRange(execute(line));
                }
            }
        }

        Assert.True(output.Count == 0, $"a block of commands ends with {Separator}");
        return string.Join('\n', result);
    }
}
