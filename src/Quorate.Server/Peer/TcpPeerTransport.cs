using System.Net;
using System.Net.Sockets;
using Microsoft.Extensions.Logging;
using Quorate.Node;

namespace Quorate.Server;

/// <summary>Peers over plain TCP sockets. It only moves bytes; see docs/adr/0003-peer-transport.md.</summary>
public sealed class TcpPeerTransport : IPeerTransport, IAsyncDisposable
{
    private const int Backlog = 128;
    private readonly TcpPeerOptions _options;
    private readonly ILogger _logger;
    private readonly List<Socket> _listeners;
    private readonly CancellationTokenSource _stopping = new();
    private readonly RunningTasks _running = new();
    private Func<IPeerConnection, IPeerConnectionHandler?>? _accept;
    private int _accepted;

    private TcpPeerTransport(TcpPeerOptions options, ILogger logger, List<Socket> listeners)
    {
        _options = options;
        _logger = logger;
        _listeners = listeners;
    }

    /// <summary>Where it is bound: says which port was given for port 0.</summary>
    public IReadOnlyList<IPEndPoint> BoundTo =>
        [.. _listeners.Select(static socket => (IPEndPoint)socket.LocalEndPoint!)];

    /// <summary>Fails when a handler or the transport broke a law: the process must stop then.</summary>
    public Task Failed => _running.Failed;

    /// <summary>Binds at once, so that a port in use is known before anything else starts.</summary>
    /// <exception cref="ArgumentException">A setting cannot be.</exception>
    /// <exception cref="IOException">An address cannot be bound; the message names it.</exception>
    public static TcpPeerTransport Bind(TcpPeerOptions options, ILogger logger)
    {
        var faults = options.Validate();
        if (faults.Count > 0)
        {
            throw new ArgumentException(string.Join("; ", faults), nameof(options));
        }

        var listeners = new List<Socket>();
        var bound = false;
        try
        {
            foreach (var url in options.ListenUrls)
            {
                BindUrl(url, listeners);
            }

            bound = true;
            return new TcpPeerTransport(options, logger, listeners);
        }
        finally
        {
            if (!bound)
            {
                listeners.ForEach(static socket => socket.Dispose());
            }
        }
    }

    /// <inheritdoc/>
    public void Listen(Func<IPeerConnection, IPeerConnectionHandler?> accept)
    {
        if (Interlocked.Exchange(ref _accept, accept) is not null)
        {
            // The member was started again under another identity: the sockets stay.
            return;
        }

        foreach (var listener in _listeners)
        {
            listener.Listen(Backlog);
            _logger.Listening(listener.LocalEndPoint!.ToString()!);
            _running.Add(AcceptAllAsync(listener));
        }
    }

    /// <inheritdoc/>
    public void Dial(string peerUrl, IPeerConnectionHandler handler) => _running.Add(DialAsync(peerUrl, handler));

    /// <summary>Stops listening and dialing, closes every connection, and waits for their ends.</summary>
    public async ValueTask DisposeAsync()
    {
        await _stopping.CancelAsync();
        _listeners.ForEach(static socket => socket.Dispose());
        await _running.WhenAllEnded();
    }

    private static void BindUrl(string text, List<Socket> listeners)
    {
        _ = ListenUrl.Parse(text, out var url);
        try
        {
            foreach (var endPoint in url.Resolve())
            {
                listeners.Add(ListenUrl.Bind(endPoint));
            }
        }
        catch (SocketException exception)
        {
            throw new IOException($"Cannot listen for peers at {url}: {exception.Message}", exception);
        }
    }

    private async Task AcceptAllAsync(Socket listener)
    {
        using var pause = new PeriodicTimer(_options.AcceptPause, _options.Time);
        while (!_stopping.IsCancellationRequested)
        {
            try
            {
                Take(await listener.AcceptAsync(_stopping.Token), Volatile.Read(ref _accept)!);
            }
            catch (SocketException exception) when (!_stopping.IsCancellationRequested)
            {
                _logger.AcceptFailed(exception.Message);
                await pause.WaitForNextTickAsync();
            }
            catch (SocketException)
            {
                return;
            }
            catch (OperationCanceledException)
            {
                return;
            }
            catch (ObjectDisposedException)
            {
                return;
            }
        }
    }

    private void Take(Socket socket, Func<IPeerConnection, IPeerConnectionHandler?> accept)
    {
        var remote = socket.RemoteEndPoint?.ToString() ?? "unknown";
        if (Interlocked.Increment(ref _accepted) > _options.AcceptedMax)
        {
            _logger.TooManyConnections(remote, _options.AcceptedMax);
            Release(socket);
            return;
        }

        if (TryWrap(socket) is { } connection && accept(connection) is { } handler)
        {
            _running.Add(ServeAcceptedAsync(connection, handler));
        }
        else
        {
            Release(socket);
        }
    }

    private void Release(Socket socket)
    {
        Interlocked.Decrement(ref _accepted);
        socket.Dispose();
    }

    private async Task ServeAcceptedAsync(TcpPeerConnection connection, IPeerConnectionHandler handler)
    {
        var why = await ServeAsync(connection, handler);
        Interlocked.Decrement(ref _accepted);
        handler.Closed(refused: false, why);
    }

    private async Task<string> ServeAsync(TcpPeerConnection connection, IPeerConnectionHandler handler)
    {
        await using var stop = _stopping.Token.UnsafeRegister(
            static connection => ((TcpPeerConnection)connection!).Close(), connection);
        return await connection.ReceiveAsync(handler);
    }

    private async Task DialAsync(string peerUrl, IPeerConnectionHandler handler)
    {
        // The handler is never called from inside Dial.
        await Task.CompletedTask.ConfigureAwait(ConfigureAwaitOptions.ForceYielding);
        if (!PeerUrl.TryParse(peerUrl, out var url))
        {
            handler.Closed(refused: false, "it is no http://host:port");
            return;
        }

        var dial = await TcpDial.ConnectAsync(url, _options, _stopping.Token);
        if (dial.Socket is null)
        {
            handler.Closed(dial.Refused, dial.Why);
            return;
        }

        if (TryWrap(dial.Socket) is not { } connection)
        {
            handler.Closed(refused: false, "closed by the other side");
            return;
        }

        handler.Connected(connection);
        var why = await ServeAsync(connection, handler);
        handler.Closed(refused: false, why);
    }

    // A connection may be gone again before we look at it.
    private TcpPeerConnection? TryWrap(Socket socket)
    {
        try
        {
            return new TcpPeerConnection(socket, _options);
        }
        catch (SocketException)
        {
            socket.Dispose();
            return null;
        }
    }
}
