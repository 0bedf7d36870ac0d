namespace Quorate.Server;

/// <summary>Where a Raft listener is: <c>http://host:port</c>, the host a name or an address.</summary>
internal readonly record struct PeerUrl(string Host, int Port)
{
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
        return url.Host.Length > 0;
    }

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
