using System.Diagnostics.Metrics;
using Microsoft.Extensions.Logging;
using Quorate.Node;
using Quorate.Storage;

namespace Quorate.Server;

/// <summary>A member on real files, sockets and threads.</summary>
/// <param name="Settings">What it was started with.</param>
/// <param name="Member">The member.</param>
/// <param name="Runner">Its threads.</param>
/// <param name="Transport">Its connections to peers.</param>
/// <param name="Disk">Its log thread.</param>
internal sealed record NodeParts(
    MemberOptions Settings, Member Member, MemberRunner Runner, TcpPeerTransport Transport, LogDiskSlot Disk)
{
    /// <summary>Binds the peer side, recovers the data directory and starts the threads; undoes it all on a fault.</summary>
    public static async Task<NodeParts> StartAsync(
        ServerOptions options, MemberOptions settings, ILoggerFactory loggers, IMeterFactory? meters)
    {
        var peers = new TcpPeerOptions { ListenUrls = options.ListenPeerUrls };
        var transport = TcpPeerTransport.Bind(peers, loggers.CreateLogger("Quorate.Server"));
        var disk = new LogDiskSlot();
        var started = false;
        try
        {
            var member = Member.Start(settings, new MemberSeams
            {
                Files = new RealFileSystem(),
                LogDisk = disk.Open,
                Transport = transport,
                Random = new CryptoRandom(),
                Completions = new PoolCompletions(Environment.ProcessorCount),
                Loggers = loggers,
                Meters = meters,
            });
            var runner = MemberRunner.Start(member, settings, TimeProvider.System);
            started = true;
            return new NodeParts(settings, member, runner, transport, disk);
        }
        finally
        {
            if (!started)
            {
                disk.Dispose();
                await transport.DisposeAsync();
            }
        }
    }
}

/// <summary>Keeps the log thread that a member asked for, so that it can be ended.</summary>
internal sealed class LogDiskSlot : IDisposable
{
    private LogThread? _thread;

    /// <summary>Starts the thread.</summary>
    public ILogDisk Open(ILogDiskListener listener) => _thread = new LogThread(listener);

    /// <inheritdoc/>
    public void Dispose() => _thread?.Dispose();
}
