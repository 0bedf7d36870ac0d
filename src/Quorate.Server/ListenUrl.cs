using System.Globalization;
using System.Net;
using System.Net.Sockets;

namespace Quorate.Server;

/// <summary>
/// Where to listen, as a URL says it: <c>http://127.0.0.1:2379</c>. The host is an address, <c>localhost</c> (both
/// loopback addresses), or a name, of which all addresses of this machine are taken.
/// </summary>
public readonly record struct ListenUrl
{
    private const string Localhost = "localhost";

    private ListenUrl(string host, int port)
    {
        Host = host;
        Port = port;
    }

    /// <summary>A name, or an address without brackets.</summary>
    public string Host { get; }

    /// <summary>The port; 0 for one that the system chooses.</summary>
    public int Port { get; }

    /// <summary>Whether it means every address of this machine, where nobody can be told to dial.</summary>
    public bool IsWildcard =>
        IPAddress.TryParse(Host, out var address)
        && (address.Equals(IPAddress.Any) || address.Equals(IPAddress.IPv6Any));

    /// <summary>Reads a URL.</summary>
    /// <returns>Null, or what is wrong with it.</returns>
    public static string? Parse(string url, out ListenUrl parsed)
    {
        parsed = default;
        ArgumentNullException.ThrowIfNull(url);
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

        // Uri fills in port 80 where none stands, and a listener of ours is never meant by that.
        var port = string.Create(CultureInfo.InvariantCulture, $":{uri.Port}");
        if (!url.TrimEnd('/').EndsWith(port, StringComparison.Ordinal))
        {
            return $"'{url}' must end with its port";
        }

        parsed = new ListenUrl(uri.IdnHost, uri.Port);
        return null;
    }

    /// <summary>Whether the host is this machine, as names and addresses are now.</summary>
    public bool IsHere()
    {
        try
        {
            return Addresses().All(IsOfThisMachine);
        }
        catch (IOException)
        {
            return false;
        }
    }

    /// <summary>What to bind: the addresses of the host that this machine has, looked up now.</summary>
    /// <exception cref="IOException">There is none; the message names the URL.</exception>
    public IReadOnlyList<IPEndPoint> Resolve()
    {
        var port = Port;
        var addresses = Addresses();

        // Sockets cannot agree on a port that the system chooses, so there is one.
        return [.. (port == 0 ? addresses.Take(1) : addresses).Select(address => new IPEndPoint(address, port))];
    }

    /// <summary>Binds a socket to one of the addresses to bind; <c>[::]</c> takes IPv4 as well.</summary>
    /// <exception cref="SocketException">It cannot be bound.</exception>
    public static Socket Bind(IPEndPoint endPoint)
    {
        ArgumentNullException.ThrowIfNull(endPoint);
        var socket = new Socket(endPoint.AddressFamily, SocketType.Stream, ProtocolType.Tcp);
        try
        {
            if (endPoint.Address.Equals(IPAddress.IPv6Any))
            {
                socket.DualMode = true;
            }

            socket.Bind(endPoint);
            return socket;
        }
        catch
        {
            socket.Dispose();
            throw;
        }
    }

    /// <summary>
    /// Binds and lets go again, so that an address which cannot be had is known before anything is done for it.
    /// </summary>
    /// <exception cref="IOException">It cannot be bound; the message names the URL.</exception>
    internal void Probe()
    {
        foreach (var endPoint in Resolve())
        {
            try
            {
                using var listener = Bind(endPoint);
                listener.Listen();
            }
            catch (SocketException fault)
            {
                throw CannotBind(ToString(), fault);
            }
        }
    }

    internal static IOException CannotBind(string where, SocketException fault) =>
        new($"Cannot listen at {where}: {fault.Message}", fault);

    /// <inheritdoc/>
    public override string ToString() =>
        Host.Contains(':', StringComparison.Ordinal) ? $"http://[{Host}]:{Port}" : $"http://{Host}:{Port}";

    private IReadOnlyList<IPAddress> Addresses()
    {
        if (IPAddress.TryParse(Host, out var address))
        {
            // "[::]" means both IP versions where the system has both, and else the one it has.
            return [address.Equals(IPAddress.IPv6Any) && !Socket.OSSupportsIPv6 ? IPAddress.Any : address];
        }

        IPAddress[] found = Host.Equals(Localhost, StringComparison.OrdinalIgnoreCase)
            ? [IPAddress.Loopback, IPAddress.IPv6Loopback]
            : LookUp();
        IPAddress[] ours = [.. found.Distinct().Where(IsOfThisMachine)];
        return ours.Length > 0
            ? ours
            : throw new IOException(
                $"Cannot listen at {this}: {Host} is {string.Join(", ", found.Select(one => one.ToString()))}, "
                + "and this machine has no such address");
    }

    private IPAddress[] LookUp()
    {
        try
        {
            return Dns.GetHostAddresses(Host);
        }
        catch (SocketException fault)
        {
            throw new IOException($"Cannot listen at {this}: {Host} cannot be looked up ({fault.Message})", fault);
        }
    }

    // A name may have addresses elsewhere, or of an IP version that is switched off here.
    private static bool IsOfThisMachine(IPAddress address)
    {
        try
        {
            using var probe = new Socket(address.AddressFamily, SocketType.Stream, ProtocolType.Tcp);
            probe.Bind(new IPEndPoint(address, 0));
            return true;
        }
        catch (SocketException)
        {
            return false;
        }
    }
}
