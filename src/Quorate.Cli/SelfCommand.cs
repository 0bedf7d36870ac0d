namespace Quorate.Cli;

/// <summary>How to start this very executable again.</summary>
internal sealed record SelfCommand(string File, IReadOnlyList<string> LeadingArguments)
{
    /// <summary>The apphost, or <c>dotnet quorate.dll</c> where that is how we were started.</summary>
    public static SelfCommand OfThisProcess()
    {
        var path = Environment.ProcessPath ?? "quorate";
        return Path.GetFileNameWithoutExtension(path) == "quorate"
            ? new SelfCommand(path, [])
            : new SelfCommand(path, [Path.Combine(AppContext.BaseDirectory, "quorate.dll")]);
    }

    /// <summary>As it is typed in a shell.</summary>
    public string Typed(IEnumerable<string> arguments) =>
        string.Join(' ', LeadingArguments.Prepend(File).Concat(arguments).Select(Quoted));

    private static string Quoted(string word) =>
        word.Length > 0 && word.All(c => char.IsAsciiLetterOrDigit(c) || "-_./:=,@%+".Contains(c))
            ? word
            : $"'{word.Replace("'", "'\\''")}'";
}
