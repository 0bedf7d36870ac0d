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
    };

    public static MemberOptions ToMember(ServeSettings settings) => new()
    {
        Name = settings.Name,
        DataDirectory = Path.GetFullPath(settings.DataDirectory),
        InitialCluster = [.. settings.InitialCluster.Select(line => new StartMember(line.Name, line.PeerUrls))],
        InitialClusterToken = settings.InitialClusterToken,
        StartsUnconfigured = settings.InitialClusterExists,
        AdvertisePeerUrls = settings.AdvertisePeerUrls,
        AdvertiseClientUrls = settings.AdvertiseClientUrls,
        BootstrapQuorum = settings.BootstrapQuorum,
        HeartbeatInterval = settings.HeartbeatInterval,
        ElectionTimeout = settings.ElectionTimeout,
        SnapshotCount = settings.SnapshotCount,
    };
}
