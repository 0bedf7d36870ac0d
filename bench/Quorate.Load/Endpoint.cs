using System.Globalization;
using System.Net;

namespace Quorate.Load;

/// <summary>Host and port of a node, from <c>127.0.0.1:2379</c> or <c>http://127.0.0.1:2379</c>.</summary>
internal static class Endpoint
{
    private const string Scheme = "http://";

    /// <summary>Without the scheme, as a Host header has it.</summary>
    public static string Bare(string text) =>
        text.StartsWith(Scheme, StringComparison.Ordinal) ? text[Scheme.Length..].TrimEnd('/') : text;

    public static bool TryParse(string text, out string host, out int port)
    {
        var bare = Bare(text);
        var colon = bare.LastIndexOf(':');
        host = colon > 0 ? bare[..colon].Trim('[', ']') : "";
        port = 0;
        return host.Length > 0
            && int.TryParse(bare[(colon + 1)..], NumberStyles.None, CultureInfo.InvariantCulture, out port)
            && port is > 0 and < 65_536;
    }

    public static EndPoint Parse(string text)
    {
        if (!TryParse(text, out var host, out var port))
        {
            throw new ArgumentException($"'{text}' is not host:port.", nameof(text));
        }

        return IPAddress.TryParse(host, out var address) ? new IPEndPoint(address, port) : new DnsEndPoint(host, port);
    }
}
