using System.Diagnostics.Metrics;
using Microsoft.Extensions.Logging;
using Quorate.Node;
using Quorate.Raft;
using Quorate.Server.Http;
using Quorate.Storage;

namespace Quorate.Server;

/// <summary>
/// Runs the member on real files, sockets and threads, and starts it again, in this process and on the same sockets,
/// when its directory is given another identity.
/// </summary>
internal sealed class MemberHost : INodeHost, IAsyncDisposable
{
    private readonly MemberOptions _settings;
    private readonly MemberSeams _seams;
    private readonly TcpPeerTransport _transport;
    private readonly ILogger _logger;
    private readonly SemaphoreSlim _step = new(1);
    private readonly TaskCompletionSource _ended = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private MemberRunner _runner;
    private bool _isStopping;

    private MemberHost(MemberOptions settings, MemberSeams seams, TcpPeerTransport transport, ILogger logger)
    {
        _settings = settings;
        _seams = seams;
        _transport = transport;
        _logger = logger;
        (Member, _runner) = StartMember();
        Gateway = new MemberGateway(Member, TimeProvider.System);
    }

    /// <summary>The member that runs now.</summary>
    public Member Member { get; private set; }

    /// <summary>Whichever member runs, as the HTTP API asks it.</summary>
    public MemberGateway Gateway { get; }

    /// <summary>Ends when the host was disposed; faults when the node must stop.</summary>
    public Task Ended => _ended.Task;

    /// <summary>Whether a loop of the member has failed.</summary>
    public bool HasFailed => _ended.Task.IsFaulted;

    /// <summary>Fails when the transport broke a law.</summary>
    public Task TransportFailed => _transport.Failed;

    /// <summary>Called when the API asks for an orderly end.</summary>
    public Action StopAsked { get; set; } = static () => { };

    /// <summary>Binds the peer side, recovers the directory and starts the threads; undoes it all on a fault.</summary>
    public static async Task<MemberHost> StartAsync(
        ServerOptions options, MemberOptions settings, ILoggerFactory loggers, IMeterFactory? meters)
    {
        var logger = loggers.CreateLogger("Quorate.Server");
        var peers = new TcpPeerOptions { ListenUrls = options.ListenPeerUrls };
        var transport = TcpPeerTransport.Bind(peers, logger);
        var started = false;
        try
        {
            var host = new MemberHost(settings, Seams(settings, transport, loggers, meters), transport, logger);
            started = true;
            return host;
        }
        finally
        {
            if (!started)
            {
                await transport.DisposeAsync();
            }
        }
    }

    /// <inheritdoc/>
    public Task<ChangeOutcome> BecomeClusterOfOneAsync(string name, IReadOnlyList<string> peerUrls)
    {
        var status = Member.Status();
        return status.NodeState == NodeState.Alone && status.Name == name && IsAt(status, peerUrls)
            ? Task.FromResult(ChangeOutcome.Done(Member.Self))
            : BecomeAsync(directory =>
                IdentityStep.BeginCluster(directory, name, peerUrls, _seams.Random, _settings));
    }

    /// <inheritdoc/>
    public Task<ChangeOutcome> BecomeUnconfiguredAsync() =>
        Member.Status().NodeState == NodeState.Unconfigured
            ? Task.FromResult(ChangeOutcome.Done(Member.Self))
            : BecomeAsync(directory => IdentityStep.LeaveAll(directory, _seams.Random, _settings));

    /// <inheritdoc/>
    public void BeginStop() => StopAsked();

    /// <summary>Stops the loops, tells every waiter that is left, closes the files; the sockets stay.</summary>
    public async Task StopMemberAsync()
    {
        await _step.WaitAsync();
        try
        {
            _isStopping = true;
            await _runner.DisposeAsync();
        }
        finally
        {
            _step.Release();
        }
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        await StopMemberAsync();
        await _transport.DisposeAsync();
        _ended.TrySetResult();
    }

    private static MemberSeams Seams(
        MemberOptions settings, TcpPeerTransport transport, ILoggerFactory loggers, IMeterFactory? meters) => new()
    {
        Files = settings.InMemory ? new MemoryFileSystem() : new RealFileSystem(),
        LogDisk = static listener => new LogThread(listener),
        Transport = transport,
        Random = new CryptoRandom(),
        Completions = new PoolCompletions(Environment.ProcessorCount),
        Loggers = loggers,
        Meters = meters,
    };

    private static bool IsAt(MemberStatus status, IReadOnlyList<string> peerUrls) =>
        status.Members is [var self] && self.PeerUrls.Order(StringComparer.Ordinal)
            .SequenceEqual(peerUrls.Order(StringComparer.Ordinal), StringComparer.Ordinal);

    private (Member Member, MemberRunner Runner) StartMember()
    {
        var member = Member.Start(_settings, _seams);
        member.TakenOver = Follow;
        var runner = MemberRunner.Start(member, _settings, TimeProvider.System);
        _ = WatchAsync(runner);
        return (member, runner);
    }

    // Called from a loop of the member that is to be stopped: so it goes on elsewhere.
    private void Follow(Invitation invitation) =>
        _ = Task.Run(() => RestartAsync(directory => IdentityStep.Follow(directory, invitation, _settings)));

    private async Task<ChangeOutcome> BecomeAsync(Action<DataDirectory> step)
    {
        if (!await Member.LeaveAsync())
        {
            return NotEmpty(Member.Status());
        }

        return await RestartAsync(step)
            ? ChangeOutcome.Done(Member.Self)
            : ChangeOutcome.NotDone(ChangeRefusal.ShuttingDown, "this node is stopping");
    }

    private static ChangeOutcome NotEmpty(MemberStatus status) => status.NodeState switch
    {
        NodeState.Member => ChangeOutcome.NotDone(
            ChangeRefusal.OtherCluster, $"\"{status.Name}\" is a member of cluster {status.ClusterId:x32} already"),
        NodeState.Removed => ChangeOutcome.NotDone(
            ChangeRefusal.Removed,
            $"\"{status.Name}\" was removed from its cluster: stop it, and empty it by quorate reset --data-dir"),
        NodeState.AloneWithData => ChangeOutcome.NotDone(
            ChangeRefusal.HasData,
            $"\"{status.Name}\" holds data: to give that up, stop it, and empty it by quorate reset --data-dir"),
        _ => ChangeOutcome.NotDone(
            ChangeRefusal.Busy, $"\"{status.Name}\" is starting, or joining a cluster just now; try again"),
    };

    /// <summary>One durable step between two members; false when the node stops instead.</summary>
    private async Task<bool> RestartAsync(Action<DataDirectory> step)
    {
        await _step.WaitAsync();
        try
        {
            if (_isStopping)
            {
                return false;
            }

            Gateway.BeginRestart();
            await _runner.DisposeAsync();
            using (var directory = DataDirectory.Open(_seams.Files, _settings.DataDirectory))
            {
                step(directory);
                _logger.GoesOnAs(directory.Identity);
            }

            (Member, _runner) = StartMember();
            Gateway.EndRestart(Member);
            return true;
        }
        catch (Exception fault)
        {
            // The directory is the old one or the new one, whole; which of them is read at the next start.
            _ended.TrySetException(fault);
            throw;
        }
        finally
        {
            _step.Release();
        }
    }

    private async Task WatchAsync(MemberRunner runner)
    {
        try
        {
            await runner.Stopped;
        }
        catch (NodeFailedException fault)
        {
            _ended.TrySetException(fault);
        }
    }
}
