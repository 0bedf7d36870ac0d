using System.Globalization;
using System.Net;

namespace Quorate.Server;

/// <summary>An address to listen on, as a URL says it: <c>http://127.0.0.1:2379</c>.</summary>
internal readonly record struct ListenUrl
{
    private ListenUrl(bool isLocalhost, IPAddress? address, int port)
    {
        IsLocalhost = isLocalhost;
        Address = address;
        Port = port;
    }

    /// <summary>The loopback addresses of both IP versions.</summary>
    public bool IsLocalhost { get; }

    /// <summary>The one address; null for localhost.</summary>
    public IPAddress? Address { get; }

    /// <summary>The port.</summary>
    public int Port { get; }

    /// <summary>Reads a URL.</summary>
    /// <returns>Null, or what is wrong with it.</returns>
    public static string? Parse(string url, out ListenUrl parsed)
    {
        parsed = default;
        if (!Uri.TryCreate(url, UriKind.Absolute, out var uri) || uri.Host.Length == 0)
        {
            return $"'{url}' is no URL such as http://127.0.0.1:2379";
        }

        if (uri.Scheme != Uri.UriSchemeHttp)
        {
            return $"'{url}' must begin with http://";
        }

        var port = string.Create(CultureInfo.InvariantCulture, $":{uri.Port}");
        if (!url.TrimEnd('/').EndsWith(port, StringComparison.Ordinal))
        {
            return $"'{url}' must end with its port";
        }

        var isLocalhost = uri.Host.Equals("localhost", StringComparison.OrdinalIgnoreCase);
        if (!IPAddress.TryParse(uri.Host.Trim('[', ']'), out var address) && !isLocalhost)
        {
            return $"'{url}' must name an IP address or localhost, not a host to be looked up";
        }

        parsed = new ListenUrl(isLocalhost, address, uri.Port);
        return null;
    }
}
