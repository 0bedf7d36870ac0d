using System.Globalization;

namespace Quorate.Server.Http;

/// <summary>Durations as people type them: <c>500ms</c>, <c>5s</c>, <c>1.5s</c>, <c>1m30s</c>, <c>1h</c>.</summary>
internal static class DurationText
{
    /// <summary>The longest that can be said. It keeps sums of durations far from overflow.</summary>
    public static readonly TimeSpan Longest = TimeSpan.FromDays(1);

    /// <summary>Reads a duration: one or more numbers, each with its unit.</summary>
    public static bool TryParse(ReadOnlySpan<char> text, out TimeSpan duration)
    {
        duration = TimeSpan.Zero;
        if (text.IsEmpty)
        {
            return false;
        }

        while (!text.IsEmpty)
        {
            if (!TryPart(ref text, out var part) || duration + part > Longest)
            {
                duration = TimeSpan.Zero;
                return false;
            }

            duration += part;
        }

        return true;
    }

    private static bool TryPart(ref ReadOnlySpan<char> text, out TimeSpan part)
    {
        part = TimeSpan.Zero;
        var digits = text.IndexOfAnyExcept("0123456789.");
        if (digits <= 0 || !double.TryParse(
            text[..digits], NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var number))
        {
            return false;
        }

        var rest = text[digits..];
        var letters = rest.IndexOfAnyExceptInRange('a', 'z');
        var unit = letters < 0 ? rest : rest[..letters];
        text = rest[unit.Length..];
        return TryScale(number, unit, out part);
    }

    private static bool TryScale(double number, ReadOnlySpan<char> unit, out TimeSpan part)
    {
        var seconds = unit switch
        {
            "us" => number / 1_000_000,
            "ms" => number / 1_000,
            "s" => number,
            "m" => number * 60,
            "h" => number * 3_600,
            _ => double.NaN,
        };
        var fits = seconds <= Longest.TotalSeconds;
        part = fits ? TimeSpan.FromSeconds(seconds) : TimeSpan.Zero;
        return fits;
    }
}
