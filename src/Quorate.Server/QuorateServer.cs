using System.Diagnostics.Metrics;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;
using Quorate.Node;
using Quorate.Raft;
using Quorate.Server.Http;
using Quorate.Storage;

namespace Quorate.Server;

/// <summary>
/// One node: a member with real files, sockets and threads, and the HTTP API in front of it. It answers as soon as
/// it has started, before there is a leader.
/// </summary>
public sealed class QuorateServer : IAsyncDisposable
{
    private static readonly TimeSpan LastAnswers = TimeSpan.FromSeconds(1);
    private readonly ServerOptions _options;
    private readonly MemberOptions _settings;
    private readonly ILogger _logger;
    private readonly ServerMetrics _metrics;
    private readonly HttpApi _api;
    private readonly ClientListener? _listener;
    private readonly MemberHost _host;
    private readonly CancellationTokenSource _joining = new();
    private readonly TaskCompletionSource _mustStop = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly Lock _gate = new();
    private Task _join = Task.CompletedTask;
    private Task? _stop;

    private QuorateServer(
        ServerOptions options, MemberOptions settings, MemberHost host, ILoggerFactory loggers, IMeterFactory? meters)
    {
        _options = options;
        _settings = settings;
        _logger = loggers.CreateLogger("Quorate.Server");
        _metrics = new ServerMetrics(meters);
        _host = host;
        _host.StopAsked = () => _ = StopAsync();
        var services = new HttpApiServices(TimeProvider.System, _metrics, _logger);
        _api = new HttpApi(host.Gateway, host, options, settings, services, MustStop);
        _listener = options.ListenClientUrls.Count > 0 ? new ClientListener(options, _api, loggers) : null;
        Stopped = WatchAsync();
    }

    /// <summary>
    /// The member behind the API. It is another one after the node was taken into a cluster, so do not keep it.
    /// </summary>
    public Member Member => _host.Member;

    /// <summary>Where clients are served; empty when a host brings its own listeners.</summary>
    public IReadOnlyList<string> ClientUrls => _listener?.Urls ?? [];

    /// <summary>
    /// Ends when the node was stopped, and faults when it must stop: a sync failed, data is damaged, a law of the
    /// house is broken. The process should then end.
    /// </summary>
    public Task Stopped { get; }

    /// <summary>Recovers the data directory, joins the peers and serves clients.</summary>
    /// <param name="options">The client side.</param>
    /// <param name="settings">The member.</param>
    /// <param name="loggers">Where everything is logged.</param>
    /// <param name="meters">Who makes meters; null for meters of the process.</param>
    /// <param name="cancellationToken">Gives up the start.</param>
    /// <exception cref="ArgumentException">Settings cannot be; the message names them all.</exception>
    /// <exception cref="MemberStartException">The settings do not fit the data directory.</exception>
    /// <exception cref="StorageException">The data directory cannot be used.</exception>
    /// <exception cref="IOException">An address cannot be bound.</exception>
    public static async Task<QuorateServer> StartAsync(
        ServerOptions options,
        MemberOptions settings,
        ILoggerFactory loggers,
        IMeterFactory? meters,
        CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(options);
        ArgumentNullException.ThrowIfNull(settings);
        ArgumentNullException.ThrowIfNull(loggers);
        string[] faults = [.. options.Validate(), .. settings.Validate()];
        if (faults.Length > 0)
        {
            throw new ArgumentException(string.Join("; ", faults));
        }

        // An address that cannot be had is refused before a directory is made for it.
        foreach (var text in options.ListenClientUrls)
        {
            _ = ListenUrl.Parse(text, out var url);
            url.Probe();
        }

        var host = await MemberHost.StartAsync(options, settings, loggers, meters);
        var server = new QuorateServer(options, settings, host, loggers, meters);
        var started = false;
        try
        {
            await server.ServeAsync(cancellationToken);
            started = true;
            return server;
        }
        finally
        {
            if (!started)
            {
                await server.DisposeAsync();
            }
        }
    }

    /// <summary>Answers a request that a host's own pipeline has taken; see <c>MapQuorate</c>.</summary>
    public Task HandleAsync(HttpContext http)
    {
        ArgumentNullException.ThrowIfNull(http);
        return _api.HandleAsync(http);
    }

    /// <summary>
    /// Stops in order: leadership goes to another member, no new requests, those under way end, then loops, files and
    /// sockets.
    /// </summary>
    public Task StopAsync()
    {
        lock (_gate)
        {
            return _stop ??= StopOnceAsync();
        }
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync() => await StopAsync();

    private async Task ServeAsync(CancellationToken cancellationToken)
    {
        if (_options.InsecureAdmin)
        {
            _logger.AdminIsOpen();
        }

        if (_listener is not null)
        {
            await _listener.StartAsync(cancellationToken);
            _logger.ServingClients(string.Join(", ", ClientUrls));
        }

        // Those it asks may answer by asking back.
        if (_options.Join.Targets.Count > 0)
        {
            _join = new JoinAsker(_options.Join, _host.Gateway, new CryptoRandom(), TimeProvider.System, _logger)
                .RunAsync(_joining.Token);
        }
    }

    private async Task StopOnceAsync()
    {
        _logger.Stopping();
        await _joining.CancelAsync();
        await _join;
        await HandOverAsync();
        _api.BeginStop();
        using var cut = new CancellationTokenSource();
        var drained = _listener?.StopAsync(cut.Token) ?? Task.CompletedTask;
        await DrainAsync(drained);

        // Whoever still waits for the member is told now, and gets a moment to pass it on.
        await _host.StopMemberAsync();
        cut.CancelAfter(LastAnswers);
        await drained;
        _listener?.Dispose();
        await _host.DisposeAsync();
        _api.Dispose();
        _metrics.Dispose();
        _joining.Dispose();
        _mustStop.TrySetResult();
        _logger.Stopped();
    }

    // A leader that only went would leave the others without one for an election timeout.
    private async Task HandOverAsync()
    {
        if (Member.Raft.Role == RaftRole.Leader && !_host.HasFailed)
        {
            await Member.TransferLeadershipAsync(NodeId.None, _settings.ElectionTimeout);
        }
    }

    private async Task DrainAsync(Task drained)
    {
        try
        {
            await drained.WaitAsync(_options.DrainTimeout);
        }
        catch (TimeoutException)
        {
            _logger.DrainCutShort((long)_options.DrainTimeout.TotalMilliseconds);
        }
    }

    private void MustStop(Exception fault)
    {
        // Said before the task faults: the process may end right then.
        _logger.MustStop(fault);
        _mustStop.TrySetException(fault);
    }

    // The first of them that ends says how: in order, or with the fault that the process should end with.
    private async Task WatchAsync() =>
        await await Task.WhenAny(_mustStop.Task, _host.Ended, _host.TransportFailed);
}
