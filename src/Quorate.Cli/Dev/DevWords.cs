namespace Quorate.Cli.Dev;

/// <summary>Says what was wrong with a line that was typed.</summary>
internal static class DevWords
{
    private static readonly string[] Verbs = ["kill", "start", "status", "quit"];

    public static string Explain(string[] words, IEnumerable<string> nodes)
    {
        var names = string.Join(", ", nodes);
        if (words is ["kill" or "start", ..])
        {
            return words.Length == 2
                ? $"there is no node '{words[1]}', only {names}"
                : $"{words[0]} which one: {names}?";
        }

        var meant = Suggestion.For(words[0], Verbs);
        return meant is null || meant == words[0]
            ? "say: kill NODE, start NODE, status or quit"
            : $"unknown word '{words[0]}', did you mean '{meant}'?";
    }
}
