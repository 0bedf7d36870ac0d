using System.Net;
using System.Net.Sockets;
using Quorate.Cli.Settings;
using Quorate.Storage;

namespace Quorate.Cli.Serving;

/// <summary>
/// The port at which a node serves clients that was not told where: a free one of loopback, the same at each start.
/// </summary>
internal sealed class KeptClientPort
{
    private static readonly RealFileSystem Files = new();
    private readonly string _directory;
    private readonly bool _keeps;
    private readonly int? _kept;

    private KeptClientPort(string directory, bool keeps)
    {
        _directory = directory;
        _keeps = keeps;
        _kept = keeps ? ClientPortFile.Read(Files, directory) : null;
        WhyMoved = _kept is { } port ? PortOwner.WhyTaken(IPAddress.Loopback, port) : null;
        Port = _kept is { } same && WhyMoved is null ? same : FreePort();
    }

    /// <summary>The port to serve clients at.</summary>
    public int Port { get; }

    /// <summary>Why it is another one than the last time, as a clause; null when it is not.</summary>
    public string? WhyMoved { get; }

    /// <summary>Chooses; nothing is written.</summary>
    /// <exception cref="StorageException">What was kept cannot be read.</exception>
    public static KeptClientPort Choose(ServeSettings settings) =>
        new(Path.GetFullPath(settings.DataDirectory), keeps: !settings.InMemory);

    /// <summary>The same settings with the address of this port.</summary>
    public ServeSettings ApplyTo(ServeSettings settings)
    {
        string[] urls = [new HostPort("127.0.0.1", Port).Url];

        // An address that was said to others stays what it is: something may stand in front of this one.
        var advertised = settings.AdvertiseClientUrls.SequenceEqual(settings.ListenClientUrls);
        return settings with
        {
            ListenClientUrls = urls,
            AdvertiseClientUrls = advertised ? urls : settings.AdvertiseClientUrls,
        };
    }

    /// <summary>Keeps it for the next start. The node runs, and so the directory is there and locked.</summary>
    public void Keep()
    {
        if (_keeps && _kept != Port)
        {
            ClientPortFile.Write(Files, _directory, Port);
        }
    }

    private static int FreePort()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }
}
