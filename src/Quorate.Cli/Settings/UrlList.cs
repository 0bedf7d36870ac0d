using System.Net;

namespace Quorate.Cli.Settings;

/// <summary>Lists of <c>http://host:port</c>, separated by commas.</summary>
internal static class UrlList
{
    /// <summary>Reads a list. Returns what is wrong with it, or null.</summary>
    /// <remarks>A trailing slash goes: the cluster's identity is made of these texts.</remarks>
    public static string? TryParse(string text, bool forListening, out IReadOnlyList<string> urls)
    {
        var parts = text.Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries);
        urls = [.. parts.Select(part => part.TrimEnd('/'))];
        return parts.Length == 0
            ? "names no URL"
            : urls.Select(url => Judge(url, forListening)).FirstOrDefault(fault => fault is not null);
    }

    /// <summary>True for an address that means "every address of this machine", where nobody can be reached.</summary>
    public static bool IsWildcard(string url) =>
        IPAddress.TryParse(new Uri(url).Host.Trim('[', ']'), out var address)
        && (address.Equals(IPAddress.Any) || address.Equals(IPAddress.IPv6Any));

    private static string? Judge(string url, bool forListening)
    {
        if (!Uri.TryCreate(url, UriKind.Absolute, out var uri) || uri.Host.Length == 0)
        {
            return $"'{url}' is no URL such as http://127.0.0.1:2379";
        }

        if (uri.Scheme == Uri.UriSchemeHttps)
        {
            return $"'{url}' asks for TLS, which this version does not speak";
        }

        if (uri.Scheme != Uri.UriSchemeHttp || uri.PathAndQuery != "/" || uri.UserInfo.Length > 0)
        {
            return $"'{url}' must be http://HOST:PORT";
        }

        if (!url.EndsWith($":{uri.Port}", StringComparison.Ordinal))
        {
            return $"'{url}' must end with its port";
        }

        var isAddress = uri.IsLoopback || uri.HostNameType is UriHostNameType.IPv4 or UriHostNameType.IPv6;
        return forListening && !isAddress ? $"'{url}' must name an IP address or localhost to listen on" : null;
    }
}
