using System.Net;
using Quorate.Cli.Settings;

namespace Quorate.Cli.Serving;

/// <summary>Why a node did not start, in a sentence that says what to do.</summary>
internal static class StartFault
{
    public static string Explain(Exception fault, ServeSettings settings)
    {
        if (fault is not IOException)
        {
            return fault.Message;
        }

        var taken = TakenPorts("--listen-client-urls", settings.ListenClientUrls)
            .Concat(TakenPorts("--listen-peer-urls", settings.ListenPeerUrls))
            .ToArray();
        return taken.Length > 0 ? string.Join("; ", taken) : fault.Message;
    }

    private static IEnumerable<string> TakenPorts(string flag, IReadOnlyList<string> urls) => urls
        .Select(url => new Uri(url))
        .Where(url => url.Port != 0)
        .Select(url => PortOwner.WhyTaken(AddressOf(url), url.Port))
        .OfType<string>()
        .Select(why => $"{why}: end it, or give another {flag}");

    private static IPAddress AddressOf(Uri url) =>
        IPAddress.TryParse(url.Host.Trim('[', ']'), out var address) ? address : IPAddress.Loopback;
}
