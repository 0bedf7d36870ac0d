using System.Globalization;

namespace Quorate.Cli;

/// <summary>Durations as they are typed: <c>5s</c>, <c>250ms</c>, <c>1m</c>; a bare number means seconds.</summary>
internal static class Duration
{
    private static readonly (string Unit, double Seconds)[] Units =
        [("ms", 0.001), ("s", 1), ("m", 60), ("h", 3600), ("", 1)];

    private static readonly TimeSpan Longest = TimeSpan.FromHours(24);

    public static bool TryParse(string text, out TimeSpan duration)
    {
        duration = TimeSpan.Zero;
        foreach (var (unit, seconds) in Units)
        {
            if (text.EndsWith(unit, StringComparison.Ordinal))
            {
                return TryScale(text[..^unit.Length], seconds, out duration);
            }
        }

        return false;
    }

    private static bool TryScale(string digits, double seconds, out TimeSpan duration)
    {
        duration = TimeSpan.Zero;
        if (!double.TryParse(digits, NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var value)
            || !(value * seconds <= Longest.TotalSeconds))
        {
            return false;
        }

        duration = TimeSpan.FromSeconds(value * seconds);
        return true;
    }
}
