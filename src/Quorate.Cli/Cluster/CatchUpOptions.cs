using System.CommandLine;
using System.CommandLine.Parsing;

namespace Quorate.Cli.Cluster;

/// <summary>Whether and how long a command waits for a new member to catch up.</summary>
internal sealed class CatchUpOptions
{
    private readonly Option<bool> _noWait = new("--no-wait")
    {
        Description = "Return once it is in as a learner; it votes by itself when it has caught up.",
    };

    private readonly Option<string> _limit = new("--catch-up")
    {
        Description = "How long to wait until it has caught up and votes.",
        HelpName = "DURATION",
        DefaultValueFactory = _ => "10m",
    };

    public CatchUpOptions() => _limit.Validators.Add(RefuseBadLimit);

    public void AddTo(Command command)
    {
        command.Options.Add(_noWait);
        command.Options.Add(_limit);
    }

    public bool Waits(ParseResult parsed) => !parsed.GetValue(_noWait);

    public TimeSpan Limit(ParseResult parsed) =>
        Duration.TryParse(parsed.GetRequiredValue(_limit), out var limit) ? limit : TimeSpan.Zero;

    private static void RefuseBadLimit(OptionResult result)
    {
        var text = result.GetValueOrDefault<string>() ?? "";
        if (!Duration.TryParse(text, out _))
        {
            result.AddError($"--catch-up '{text}' is not a duration such as 30s or 10m");
        }
    }
}
