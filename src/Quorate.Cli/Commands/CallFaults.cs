using System.CommandLine;
using System.CommandLine.Parsing;

namespace Quorate.Cli.Commands;

/// <summary>What is wrong with the way a command was called, in words that help.</summary>
internal static class CallFaults
{
    private const string EndOfOptions = "--";

    public static IReadOnlyList<string> Of(ParseResult parsed, string[] args)
    {
        // The parser takes a mistyped option for an argument where one is wanted, and then blames the next word.
        var unknownOptions = UnknownOptions(parsed, args);
        return unknownOptions.Count > 0
            ? unknownOptions
            : [.. parsed.Errors.Select(error => Explain(error, parsed)).OfType<string>().Distinct()];
    }

    private static List<string> UnknownOptions(ParseResult parsed, string[] args)
    {
        var known = parsed.CommandResult.Command.Options
            .Concat(parsed.RootCommandResult.Command.Options)
            .Select(option => option.Name)
            .Distinct()
            .ToArray();
        return
        [
            .. args.TakeWhile(arg => arg != EndOfOptions)
                .Where(arg => arg.StartsWith(EndOfOptions, StringComparison.Ordinal))
                .Select(arg => arg.Split('=')[0])
                .Where(option => !known.Contains(option))
                .Select(option => $"unknown option '{option}'{DidYouMean(option, known)}"),
        ];
    }

    // Null for what another error of the same call says better.
    private static string? Explain(ParseError error, ParseResult parsed)
    {
        var command = parsed.CommandResult.Command;
        if (error.SymbolResult is CommandResult && command is { Subcommands.Count: > 0, Action: null }
            && !parsed.UnmatchedTokens.Any(token => error.Message.Contains($"'{token}'", StringComparison.Ordinal)))
        {
            return parsed.UnmatchedTokens.Count > 0
                ? null
                : $"say what to do: {string.Join(", ", command.Subcommands.Select(known => known.Name))}";
        }

        var unknown = parsed.UnmatchedTokens.FirstOrDefault(
            token => error.Message.Contains($"'{token}'", StringComparison.Ordinal));
        if (unknown is null)
        {
            return error.SymbolResult is ArgumentResult { Tokens.Count: 0 } missing
                ? $"{missing.Argument.Name} is missing"
                : OneLine(error.Message).TrimEnd('.');
        }

        return command.Subcommands.Count > 0
            ? $"unknown command '{unknown}'{DidYouMean(unknown, command.Subcommands.Select(known => known.Name))}"
            : $"'{unknown}' is one word too many";
    }

    private static string OneLine(string message) =>
        string.Join(' ', message.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries));

    private static string DidYouMean(string word, IEnumerable<string> known) =>
        Suggestion.For(word, known) is { } meant ? $", did you mean '{meant}'?" : "";
}
