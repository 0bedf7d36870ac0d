
namespace Quorate.Cli.Settings;

/// <summary>
/// Reads <c>--initial-cluster n1=http://host:2380,n2=...</c>; a name that stands twice has several URLs.
/// </summary>
internal static class StartList
{
    /// <summary>Returns what is wrong with the list, or null.</summary>
    public static string? TryParse(string text, out IReadOnlyList<StartLine> members)
    {
        // A list of pairs keeps the order in which the names were written.
        var found = new List<(string Name, List<string> Urls)>();
        members = [];
        foreach (var part in text.Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries))
        {
            var equals = part.IndexOf('=', StringComparison.Ordinal);
            if (equals <= 0)
            {
                return $"'{part}' is not NAME=URL";
            }

            if (UrlList.TryParse(part[(equals + 1)..], out var urls) is { } fault)
            {
                return fault;
            }

            Add(found, part[..equals].Trim(), urls[0]);
        }

        members = [.. found.Select(member => new StartLine(member.Name, member.Urls))];
        return found.Count == 0 ? "names no member" : null;
    }

    private static void Add(List<(string Name, List<string> Urls)> found, string name, string url)
    {
        var known = found.FindIndex(member => member.Name == name);
        if (known < 0)
        {
            found.Add((name, [url]));
        }
        else
        {
            found[known].Urls.Add(url);
        }
    }
}
