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

        var text = new StringBuilder();
        Append(text, (long)span.TotalDays, "d");
        Append(text, span.Hours, "h");
        Append(text, span.Minutes, "m");
        Append(text, span.Seconds, "s");
        return text.ToString();
    }

    public static string OfMilliseconds(long milliseconds) => Of(TimeSpan.FromMilliseconds(milliseconds));

    private static void Append(StringBuilder text, long count, string unit)
    {
        if (count > 0)
        {
            text.Append(CultureInfo.InvariantCulture, $"{count}{unit}");
        }
    }
}
