namespace Quorate.Cli.Dev;

/// <summary>The words of the front: what was wrong with a line that was typed, a node's line made short.</summary>
internal static class DevWords
{
    private const int DateChars = 10;
    private const int DateTimeChars = 24;
    private static readonly string[] Verbs = ["kill", "start", "status", "quit"];

    /// <summary>A log line without the date, which a person at the screen knows.</summary>
    public static string WithoutDate(string line) =>
        line.Length > DateTimeChars && line[DateChars] == 'T' && line[DateTimeChars - 1] == 'Z'
            ? line[(DateChars + 1)..(DateTimeChars - 1)] + line[DateTimeChars..]
            : line;

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
