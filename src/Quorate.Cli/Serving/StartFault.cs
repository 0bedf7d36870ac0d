using System.Net;
using Quorate.Cli.Settings;
using Quorate.Server;
using Quorate.Storage;

namespace Quorate.Cli.Serving;

/// <summary>Why a node did not start, in a sentence that says what to do.</summary>
internal static class StartFault
{
    public static string Explain(Exception fault, ServeSettings settings)
    {
        if (fault is DiskFullException)
        {
            return $"{fault.Message} Then start the node again.";
        }

        if (fault is IdentityException { IsInUse: true })
        {
            var path = settings.DataDirectory;
            return $"{path} is in use by {OpenFiles.DescribeUser(path)}: stop that one, or use another data directory.";
        }

        if (fault is not IOException)
        {
            return fault.Message;
        }

        var taken = TakenPorts("clients", settings.ListenClientUrls)
            .Concat(TakenPorts("members", settings.ListenPeerUrls))
            .ToArray();
        return taken.Length > 0 ? string.Join("; ", taken) : fault.Message;
    }

    private static IEnumerable<string> TakenPorts(string whom, IReadOnlyList<string> urls) => urls
        .SelectMany(EndPointsOf)
        .Where(endPoint => endPoint.Port != 0)
        .Select(endPoint => PortOwner.Judge(endPoint.Address, endPoint.Port))
        .OfType<(string Why, string Remedy)>()
        .Select(fault => $"{fault.Why}, so that {whom} cannot be served there: {fault.Remedy}")
        .Distinct();

    private static IReadOnlyList<IPEndPoint> EndPointsOf(string text)
    {
        try
        {
            return ListenUrl.Parse(text, out var url) is null ? url.Resolve() : [];
        }
        catch (IOException)
        {
            // The name itself is the fault, and is told as such.
            return [];
        }
    }
}
