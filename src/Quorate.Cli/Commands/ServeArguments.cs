using Quorate.Cli.Settings;
using Quorate.Cli.Spellings;

namespace Quorate.Cli.Commands;

/// <summary>
/// Makes the words after <c>serve</c> such that the parser of all commands reads them as Go's would: one dash is as
/// good as two, and a switch takes no word but <c>true</c> or <c>false</c>.
/// </summary>
internal static class ServeArguments
{
    private const string EndOfOptions = "--";

    public static string[] Normalize(string[] args)
    {
        if (args is not [ServeCommand.Name, .. var rest])
        {
            return args;
        }

        var words = new List<string> { ServeCommand.Name };
        for (var i = 0; i < rest.Length; i++)
        {
            if (rest[i] == EndOfOptions)
            {
                words.AddRange(rest[i..]);
                break;
            }

            i += Take(rest[i], i + 1 < rest.Length ? rest[i + 1] : null, words);
        }

        return [.. words];
    }

    // Returns how many words behind this one are its value.
    private static int Take(string word, string? next, List<string> words)
    {
        if (!IsFlag(word))
        {
            words.Add(word);
            return 0;
        }

        var written = $"--{word.TrimStart('-')}";
        var known = FlagOf(word);
        if (known is null || word.Contains('=', StringComparison.Ordinal))
        {
            words.Add(written);
            return 0;
        }

        if (known.IsSwitch)
        {
            var hasValue = next is not null && bool.TryParse(next, out _);
            words.Add(hasValue ? $"{written}={next}" : $"{written}={bool.TrueString}");
            return hasValue ? 1 : 0;
        }

        if (next is null || FlagOf(next) is not null)
        {
            words.Add(written);
            return 0;
        }

        // In one word, so that a value may begin with a dash; an empty one would make the parser take the word behind.
        words.AddRange(next.Length > 0 ? [$"{written}={next}"] : [written, next]);
        return 1;
    }

    // A mistyped "-v" must not become the directory "-v" of a new node. A lone dash and help are left as they are.
    private static bool IsFlag(string word) =>
        word.Length > 1 && word[0] == '-' && word is not (EndOfOptions or "-h" or "-?");

    private static ServeFlag? FlagOf(string word)
    {
        if (!IsFlag(word))
        {
            return null;
        }

        var name = word.TrimStart('-').Split('=')[0];
        return ServeStart.AllFlags.FirstOrDefault(flag => flag.Name == name);
    }
}
