using System.Diagnostics.Metrics;
using Microsoft.Extensions.Logging;
using Quorate.Node;
using Quorate.Storage;

namespace Quorate.Server;

/// <summary>A member on real files (or files in memory, where it is told to), sockets and threads.</summary>
/// <param name="Settings">What it was started with.</param>
/// <param name="Member">The member.</param>
/// <param name="Runner">Its threads.</param>
/// <param name="Transport">Its connections to peers.</param>
internal sealed record NodeParts(
    MemberOptions Settings, Member Member, MemberRunner Runner, TcpPeerTransport Transport)
{
    /// <summary>Binds the peer side, recovers the directory and starts the threads; undoes it all on a fault.</summary>
    public static async Task<NodeParts> StartAsync(
        ServerOptions options, MemberOptions settings, ILoggerFactory loggers, IMeterFactory? meters)
    {
        var peers = new TcpPeerOptions { ListenUrls = options.ListenPeerUrls };
        var transport = TcpPeerTransport.Bind(peers, loggers.CreateLogger("Quorate.Server"));
        var started = false;
        try
        {
            var member = Member.Start(settings, new MemberSeams
            {
                Files = settings.InMemory ? new MemoryFileSystem() : new RealFileSystem(),
                LogDisk = static listener => new LogThread(listener),
                Transport = transport,
                Random = new CryptoRandom(),
                Completions = new PoolCompletions(Environment.ProcessorCount),
                Loggers = loggers,
                Meters = meters,
            });
            var runner = MemberRunner.Start(member, settings, TimeProvider.System);
            started = true;
            return new NodeParts(settings, member, runner, transport);
        }
        finally
        {
            if (!started)
            {
                await transport.DisposeAsync();
            }
        }
    }
}
