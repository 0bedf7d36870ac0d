using System.Globalization;
using Quorate.Cli.Settings;
using Quorate.Node;
using Quorate.Server;

namespace Quorate.Cli.Serving;

/// <summary>From the settings of the command line to those of the parts.</summary>
internal static class ServeOptions
{
    public static ServerOptions ToServer(ServeSettings settings) => new()
    {
        ListenClientUrls = settings.ListenClientUrls,
        ListenPeerUrls = settings.ListenPeerUrls,
        InsecureAdmin = settings.InsecureAdmin,
        Compat = settings.Compat,
        RequestTimeout = settings.RequestTimeout,
        Join = new JoinOptions { Targets = settings.JoinTargets, Addresses = JoinAddresses(settings) },
    };

    public static MemberOptions ToMember(ServeSettings settings) => new()
    {
        Name = settings.Name,
        NameIsAssumed = settings.NameIsAssumed,
        DataDirectory = Path.GetFullPath(settings.DataDirectory),
        InMemory = settings.InMemory,
        InitialCluster = [.. settings.InitialCluster.Select(line => new StartMember(line.Name, line.PeerUrls))],
        InitialClusterToken = settings.InitialClusterToken,
        StartsUnconfigured = settings.StartsUnconfigured,
        AdvertisePeerUrls = settings.AdvertisePeerUrls,
        AdvertisedIsAssumed = settings.PeerHostIsAssumed,
        AdvertiseClientUrls = settings.AdvertiseClientUrls,
        BootstrapQuorum = settings.BootstrapQuorum,
        HeartbeatInterval = settings.HeartbeatInterval,
        ElectionTimeout = settings.ElectionTimeout,
        ElectionTimeoutMax = settings.ElectionTimeoutMax,
        SnapshotCount = settings.SnapshotCount,
    };

    // The name of this machine may mean nothing to the others; the address that they see it call from does.
    private static IReadOnlyList<string> JoinAddresses(ServeSettings settings)
    {
        var urls = settings.AdvertisePeerUrls.Select(url => new Uri(url)).ToArray();
        var said = urls.Select(url => url.Authority);
        return settings.PeerHostIsAssumed
            ? [.. said, .. urls.Select(url => string.Create(CultureInfo.InvariantCulture, $":{url.Port}")).Distinct()]
            : [.. said];
    }
}
