using Quorate.Cli.Commands;
using Quorate.Cli.Settings;
using Quorate.Cli.Spellings;

namespace Quorate.Cli.Tests.Fakes;

/// <summary>What a start line means: the words behind <c>serve</c> and the environment, without a process.</summary>
internal sealed record StartLineRun(ServeSettings Settings, IReadOnlyList<string> Faults)
{
    public const string HostName = "box";

    /// <summary>The one fault there must be.</summary>
    public string Fault => Assert.Single(Faults);

    /// <summary>A line as it is typed; words are parted by blanks.</summary>
    public static StartLineRun Of(string line, params (string Variable, string Value)[] environment) =>
        Of(line, HostName, environment);

    /// <summary>The same on a machine with this name, or with none that can be looked up.</summary>
    public static StartLineRun Of(
        string line, string? hostName, params (string Variable, string Value)[] environment)
    {
        var words = ServeArguments.Normalize(["serve", .. line.Split(' ', StringSplitOptions.RemoveEmptyEntries)]);
        var flags = words.Skip(1).Where(word => word.StartsWith("--", StringComparison.Ordinal))
            .Select(word => word[2..].Split('=', 2))
            .ToDictionary(parts => parts[0], parts => parts[1]);
        var directory = words.Skip(1).SingleOrDefault(word => !word.StartsWith("--", StringComparison.Ordinal));
        var start = new ServeStart(
            name => environment.FirstOrDefault(pair => pair.Variable == name).Value, () => hostName);
        var settings = start.Read(new GivenFlags(name => flags.GetValueOrDefault(name), directory), out var faults);
        Assert.All(flags.Keys, name => Assert.Contains(ServeStart.AllFlags, flag => flag.Name == name));
        return new StartLineRun(settings, faults);
    }
}
