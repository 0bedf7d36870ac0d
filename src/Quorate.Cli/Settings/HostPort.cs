using System.Globalization;
using System.Net;
using Quorate.Server;

namespace Quorate.Cli.Settings;

/// <summary>
/// An address as the seeds' flags have it: <c>host:port</c>, <c>[::1]:port</c>, and <c>:port</c> for every address of
/// this machine.
/// </summary>
internal readonly record struct HostPort(string Host, int Port)
{
    private const string Everywhere = "::";

    /// <summary>The same as a URL.</summary>
    public string Url => string.Create(
        CultureInfo.InvariantCulture,
        $"http://{(Host.Contains(':', StringComparison.Ordinal) ? $"[{Host}]" : Host)}:{Port}");

    /// <summary>Reads an address.</summary>
    /// <returns>Null, or what is wrong with it.</returns>
    public static string? Parse(string text, int? portWhereNone, out HostPort address)
    {
        var fault = portWhereNone is null
            ? $"'{text}' is not HOST:PORT or :PORT"
            : $"'{text}' is not HOST or HOST:PORT";
        address = default;
        var (host, port) = Split(text.Trim(), portWhereNone);
        if (port is not { } number)
        {
            return fault;
        }

        address = new HostPort(host.Length == 0 ? Everywhere : host, number);
        return ListenUrl.Parse(address.Url, out _) is null ? null : fault;
    }

    private static (string Host, int? Port) Split(string text, int? portWhereNone)
    {
        // An IPv6 address without brackets has no room for a port.
        if (IPAddress.TryParse(text.Trim('[', ']'), out var literal))
        {
            return (literal.ToString(), portWhereNone);
        }

        var colon = text.LastIndexOf(':');
        if (colon < 0)
        {
            return (text, text.Length == 0 ? null : portWhereNone);
        }

        var isPort = ushort.TryParse(
            text.AsSpan(colon + 1), NumberStyles.None, CultureInfo.InvariantCulture, out var port);
        return (text[..colon].Trim('[', ']'), isPort ? port : null);
    }
}
