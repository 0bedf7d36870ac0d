using System.Globalization;
using System.Text;

namespace Quorate.Cli.Cluster;

/// <summary>Spans of time as Permazen prints them: <c>1d2h3m4s</c> from a minute on, <c>0.750s</c> below.</summary>
internal static class SpanText
{
    public static string Of(TimeSpan span)
    {
        if (span < TimeSpan.FromMinutes(1))
        {
            return string.Create(CultureInfo.InvariantCulture, $"{span.TotalSeconds:0.000}s");
        }

        return OfWhole(span);
    }

    public static string OfMilliseconds(long milliseconds) => Of(TimeSpan.FromMilliseconds(milliseconds));

    /// <summary>In whole seconds, at least one: <c>3s</c>, <c>1m33s</c>.</summary>
    public static string Rounded(TimeSpan span) =>
        OfWhole(TimeSpan.FromSeconds(Math.Max(1, Math.Ceiling(span.TotalSeconds))));

    private static string OfWhole(TimeSpan span)
    {
        var text = new StringBuilder();
        Append(text, (long)span.TotalDays, "d");
        Append(text, span.Hours, "h");
        Append(text, span.Minutes, "m");
        Append(text, span.Seconds, "s");
        return text.ToString();
    }

    private static void Append(StringBuilder text, long count, string unit)
    {
        if (count > 0)
        {
            text.Append(CultureInfo.InvariantCulture, $"{count}{unit}");
        }
    }
}
