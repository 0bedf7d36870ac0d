namespace Quorate.EndToEnd.Tests.Tours;

/// <summary>
/// A page of docs/tours as a test sees it: every block marked <c>sh</c> is a list of commands, a block marked
/// <c>hosts</c> is what /etc/hosts holds meanwhile. Behind two spaces and <c># </c> stands what a command must print.
/// </summary>
internal sealed record TourPage(IReadOnlyList<TourCommand> Commands, IReadOnlyList<string> Hosts)
{
    private const string Fence = "```";
    private const string AnswerMark = "  # ";

    // What is only looked at: a page must not hide commands in a block that nobody runs.
    private static readonly string[] OnlyShown = ["json", "text", "yaml"];

    /// <summary>Reads a page.</summary>
    /// <exception cref="FormatException">A block has no known mark, or no end; the message names the line.</exception>
    public static TourPage Parse(IReadOnlyList<string> lines)
    {
        var commands = new List<TourCommand>();
        var hosts = new List<string>();
        for (var at = 0; at < lines.Count; at++)
        {
            if (!lines[at].StartsWith(Fence, StringComparison.Ordinal))
            {
                continue;
            }

            var (mark, first) = (lines[at][Fence.Length..].Trim(), at + 1);
            at = FindEnd(lines, first);
            var block = lines.Skip(first).Take(at - first).ToList();
            switch (mark)
            {
                case "sh":
                    commands.AddRange(ReadCommands(block, first + 1));
                    break;
                case "hosts":
                    hosts.AddRange(block);
                    break;
                default:
                    if (!OnlyShown.Contains(mark))
                    {
                        throw new FormatException($"line {first}: a block is marked sh, hosts, "
                            + $"{string.Join(", ", OnlyShown)}; not '{mark}'");
                    }

                    break;
            }
        }

        return commands.Count > 0
            ? new TourPage(commands, hosts)
            : throw new FormatException("line 1: the page has no command");
    }

    private static int FindEnd(IReadOnlyList<string> lines, int from)
    {
        for (var at = from; at < lines.Count; at++)
        {
            if (lines[at].StartsWith(Fence, StringComparison.Ordinal))
            {
                return at;
            }
        }

        throw new FormatException($"line {from}: the block does not end");
    }

    private static IEnumerable<TourCommand> ReadCommands(List<string> block, int firstLine)
    {
        for (var at = 0; at < block.Count; at++)
        {
            if (block[at].Trim().Length == 0)
            {
                continue;
            }

            var (first, end) = (at, DocumentEnd(block[at]));
            while (end is null ? block[at].EndsWith('\\') : block[at] != end)
            {
                at = at + 1 < block.Count
                    ? at + 1
                    : throw new FormatException($"line {firstLine + first}: the command does not end");
            }

            var text = string.Join('\n', block.Skip(first).Take(at - first + 1));
            yield return end is null
                ? Split(text, firstLine + first)
                : new TourCommand(firstLine + first, text, Answer: null);
        }
    }

    // The word that ends a document given to a command: <<'EOF'.
    private static string? DocumentEnd(string line)
    {
        var mark = line.IndexOf("<<'", StringComparison.Ordinal);
        return mark < 0 ? null : line[(mark + 3)..].Split('\'')[0];
    }

    private static TourCommand Split(string text, int line)
    {
        var mark = text.LastIndexOf(AnswerMark, StringComparison.Ordinal);
        return mark < 0
            ? new TourCommand(line, text, Answer: null)
            : new TourCommand(line, text[..mark].TrimEnd(), text[(mark + AnswerMark.Length)..]);
    }
}
