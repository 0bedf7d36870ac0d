namespace Quorate.Cli.Settings;

/// <summary>What stood on the start line: each flag's text, and the directory that has no flag.</summary>
internal sealed class GivenFlags(Func<string, string?> flag, string? directory)
{
    /// <summary>The word that is no flag's.</summary>
    public string? Directory => directory;

    /// <summary>What was given for a flag.</summary>
    public RawSetting? Find(ServeFlag one) =>
        flag(one.Name) is { } text ? new RawSetting(text, one.Written) : null;

    /// <summary>The first of these that was given.</summary>
    public ServeFlag? FirstOf(IEnumerable<ServeFlag> flags) => flags.FirstOrDefault(one => flag(one.Name) is not null);
}
