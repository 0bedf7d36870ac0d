using System.Globalization;

namespace Quorate.Simulator;

/// <summary>What the user asked for.</summary>
internal sealed class CommandLine
{
    public const string Usage =
        """
        usage: Quorate.Simulator [--seed N | --from N --seeds M] [--hash] [--trace] [--workload NAME]
               Quorate.Simulator --list-faults
               Quorate.Simulator --model [SECONDS]

          --seed N         run one seed
          --from N         first seed of many (default 1)
          --seeds M        how many seeds (default 200)
          --hash           with --seed: the last line is the hash of the run's events alone
          --trace          with --seed: print what happens
          --workload NAME  run a scenario of workloads/NAME.json instead of the swarm
          --list-faults    print the kinds of faults, one a line
          --model          explore the abstract model breadth-first (default 300 seconds at most)

        exit: 0 clean, 1 a checker objected, 2 usage
        """;

    public ulong From { get; private set; } = 1;

    public int Seeds { get; private set; } = 200;

    public bool IsOneSeed { get; private set; }

    public bool WithHash { get; private set; }

    public bool WithTrace { get; private set; }

    public bool ListsFaults { get; private set; }

    /// <summary>Seconds to explore the abstract model for; null when not asked.</summary>
    public int? ModelSeconds { get; private set; }

    public string WorkloadName { get; private set; } = "";

    /// <summary>Reads the arguments; false, with a sentence, when they cannot be.</summary>
    public static bool TryParse(IReadOnlyList<string> arguments, out CommandLine parsed, out string error)
    {
        parsed = new CommandLine();
        error = "";
        for (var at = 0; at < arguments.Count && error.Length == 0; at++)
        {
            var value = at + 1 < arguments.Count ? arguments[at + 1] : "";
            if (!parsed.Take(arguments[at], value, out var takesValue))
            {
                error = $"cannot read {arguments[at]} {value}".TrimEnd();
            }

            at += takesValue ? 1 : 0;
        }

        if (error.Length == 0 && (parsed.WithHash || parsed.WithTrace) && !parsed.IsOneSeed)
        {
            error = "--hash and --trace need --seed";
        }

        return error.Length == 0;
    }

    private bool Take(string name, string value, out bool takesValue)
    {
        takesValue = name is "--seed" or "--from" or "--seeds" or "--workload";
        switch (name)
        {
            case "--seed":
                IsOneSeed = true;
                Seeds = 1;
                return TryNumber(value, out var seed) && Set(() => From = seed);
            case "--from":
                return TryNumber(value, out var from) && Set(() => From = from);
            case "--seeds":
                return TryNumber(value, out var seeds) && seeds is > 0 and <= int.MaxValue
                    && Set(() => Seeds = (int)seeds);
            case "--workload":
                return Set(() => WorkloadName = value) && value.Length > 0;
            case "--hash":
                return Set(() => WithHash = true);
            case "--trace":
                return Set(() => WithTrace = true);
            case "--list-faults":
                return Set(() => ListsFaults = true);
            case "--model":
                takesValue = TryNumber(value, out var seconds);
                return Set(() => ModelSeconds = seconds > 0 ? (int)Math.Min(seconds, 86_400) : 300);
            default:
                return false;
        }
    }

    private static bool TryNumber(string text, out ulong number) =>
        ulong.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out number);

    private static bool Set(Action set)
    {
        set();
        return true;
    }
}
