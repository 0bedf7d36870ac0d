using System.Net;

namespace Quorate.Server;

/// <summary>Where a Raft listener is: <c>http://host:port</c>, the host a name or an address.</summary>
internal readonly record struct PeerUrl(string Host, int Port)
{
    private const int HostLengthMax = 253;

    /// <summary>Reads a url; the port must be said.</summary>
    public static bool TryParse(string text, out PeerUrl url)
    {
        url = default;
        if (!Uri.TryCreate(text, UriKind.Absolute, out var uri) || uri.Scheme != Uri.UriSchemeHttp
            || uri.UserInfo.Length > 0 || uri.PathAndQuery != "/" || !SaysPort(text))
        {
            return false;
        }

        url = new PeerUrl(uri.IdnHost, uri.Port);
        return url.Host.Length is > 0 and <= HostLengthMax;
    }

    /// <summary>Its addresses as they are now; a name is looked up.</summary>
    public async ValueTask<IPAddress[]> ResolveAsync(CancellationToken cancellationToken) =>
        IPAddress.TryParse(Host, out var address)
            ? [address]
            : await Dns.GetHostAddressesAsync(Host, cancellationToken);

    /// <inheritdoc/>
    public override string ToString() => Host.Contains(':') ? $"http://[{Host}]:{Port}" : $"http://{Host}:{Port}";

    // Uri fills in port 80 where none stands, and a Raft listener is never meant by that.
    private static bool SaysPort(string text)
    {
        var trimmed = text.AsSpan().TrimEnd('/');
        var colon = trimmed.LastIndexOf(':');
        return colon > "http:".Length && !trimmed[(colon + 1)..].ContainsAnyExceptInRange('0', '9')
            && colon + 1 < trimmed.Length;
    }
}
