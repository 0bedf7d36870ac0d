using System.Net;
using System.Net.Sockets;

namespace Quorate.Server.Http;

/// <summary>Where a Raft listener is, as people write it: <c>host:port</c>, or a URL.</summary>
internal static class PeerAddress
{
    /// <summary>As a peer URL; whether it can be one is judged with the change.</summary>
    public static string ToUrl(string text)
    {
        var trimmed = text.Trim().TrimEnd('/');
        return trimmed.Contains("://", StringComparison.Ordinal) ? trimmed : $"http://{trimmed}";
    }

    /// <summary>The same with a host, where only a port was said: <c>:7151</c>.</summary>
    public static string ToUrl(string text, IPAddress? hostWhereNone) =>
        text.StartsWith(':') && hostWhereNone is not null ? $"http://{HostOf(hostWhereNone)}{text}" : ToUrl(text);

    /// <summary>An address as it stands in a URL.</summary>
    public static string HostOf(IPAddress address)
    {
        var plain = address.IsIPv4MappedToIPv6 ? address.MapToIPv4() : address;
        return plain.AddressFamily == AddressFamily.InterNetworkV6 ? $"[{plain}]" : plain.ToString();
    }

    /// <summary>Whether two URLs name one listener: equal, or the same port at hosts that share an address.</summary>
    public static async ValueTask<bool> AreSameAsync(string left, string right, CancellationToken cancellationToken)
    {
        if (left == right)
        {
            return true;
        }

        if (!Uri.TryCreate(left, UriKind.Absolute, out var one) || !Uri.TryCreate(right, UriKind.Absolute, out var two)
            || one.Port != two.Port)
        {
            return false;
        }

        var addresses = await LookUpAsync(one.DnsSafeHost, cancellationToken);
        return (await LookUpAsync(two.DnsSafeHost, cancellationToken)).Intersect(addresses).Any();
    }

    private static async ValueTask<IPAddress[]> LookUpAsync(string host, CancellationToken cancellationToken)
    {
        try
        {
            return await Dns.GetHostAddressesAsync(host, cancellationToken);
        }
        catch (SocketException)
        {
            // A name that cannot be looked up is nobody's.
            return [];
        }
    }
}
