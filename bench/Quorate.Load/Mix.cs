using System.Globalization;

namespace Quorate.Load;

/// <summary>How many of a hundred operations are puts; the others are gets.</summary>
internal readonly record struct Mix(int PutPercent)
{
    /// <summary>Reads <c>put=50,get=50</c>. What is not named is nothing; the sum must be 100.</summary>
    public static bool TryParse(string text, out Mix mix)
    {
        var (puts, gets) = (0, 0);
        mix = default;
        foreach (var part in text.Split(',', StringSplitOptions.TrimEntries))
        {
            var (name, share) = part.Split('=') is [var left, var right] ? (left, right) : ("", "");
            if (!int.TryParse(share, NumberStyles.None, CultureInfo.InvariantCulture, out var percent))
            {
                return false;
            }

            switch (name)
            {
                case "put":
                    puts = percent;
                    break;
                case "get":
                    gets = percent;
                    break;
                default:
                    return false;
            }
        }

        mix = new Mix(puts);
        return puts + gets == 100;
    }

    public override string ToString() => $"put={PutPercent},get={100 - PutPercent}";
}
