using Quorate.Server;

namespace Quorate.Cli.Settings;

/// <summary>Lists of <c>http://host:port</c>, separated by commas.</summary>
internal static class UrlList
{
    /// <summary>Reads a list. Returns what is wrong with it, or null.</summary>
    /// <remarks>A trailing slash goes: the cluster's identity is made of these texts.</remarks>
    public static string? TryParse(string text, out IReadOnlyList<string> urls)
    {
        var parts = text.Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries);
        urls = [.. parts.Select(part => part.TrimEnd('/'))];
        return parts.Length == 0
            ? "names no URL"
            : urls.Select(url => ListenUrl.Parse(url, out _)).FirstOrDefault(fault => fault is not null);
    }

    /// <summary>True for an address that means "every address of this machine", where nobody can be reached.</summary>
    public static bool IsWildcard(string url) => ListenUrl.Parse(url, out var parsed) is null && parsed.IsWildcard;

    /// <summary>True when nobody can listen at both: a fixed port, and the same host or every address.</summary>
    public static bool Overlap(string left, string right) =>
        ListenUrl.Parse(left, out var one) is null && ListenUrl.Parse(right, out var other) is null
        && one.Port == other.Port && one.Port != 0
        && (one.IsWildcard || other.IsWildcard || one.Host == other.Host);
}
