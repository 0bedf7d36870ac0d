using System.Buffers;
using System.Net;
using System.Net.Sockets;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Connections;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.AspNetCore.Server.Kestrel.Transport.Sockets;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;
using Quorate.Node;

namespace Quorate.Benchmarks;

/// <summary>The other candidate: Kestrel's connection handlers and pipes. To measure against.</summary>
internal sealed class KestrelPeerTransport : IPeerTransport, IAsyncDisposable
{
    private readonly SocketConnectionContextFactory _dialed = new(
        new SocketConnectionFactoryOptions(), NullLogger.Instance);

    private readonly int _port;
    private WebApplication? _app;

    public KestrelPeerTransport(int port) => _port = port;

    public string Url => $"http://127.0.0.1:{_port}";

    public void Listen(Func<IPeerConnection, IPeerConnectionHandler?> accept)
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.ConfigureKestrel(kestrel => kestrel.Listen(
            IPAddress.Loopback, _port, listen => listen.Run(context =>
            {
                var connection = new PipeConnection(context);
                return accept(connection) is { } handler ? connection.ReceiveAsync(handler) : Task.CompletedTask;
            })));
        _app = builder.Build();
        _app.Start();
    }

    public void Dial(string peerUrl, IPeerConnectionHandler handler)
    {
        var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        socket.Connect(IPEndPoint.Parse(new Uri(peerUrl).Authority));
        var connection = new PipeConnection(_dialed.Create(socket));
        handler.Connected(connection);
        connection.ReceiveAsync(handler).ContinueWith(
            static task => Environment.FailFast("A connection failed.", task.Exception), CancellationToken.None,
            TaskContinuationOptions.OnlyOnFaulted, TaskScheduler.Default);
    }

    public async ValueTask DisposeAsync()
    {
        _dialed.Dispose();
        if (_app is not null)
        {
            await _app.DisposeAsync();
        }
    }

    private sealed class PipeConnection(ConnectionContext context) : IPeerConnection
    {
        private readonly Lock _gate = new();
        private bool _isFlushing;
        private bool _hasMore;

        public string Remote => context.RemoteEndPoint?.ToString() ?? "unknown";

        public bool TrySend(ReadOnlySpan<byte> bytes)
        {
            lock (_gate)
            {
                context.Transport.Output.Write(bytes);
                _hasMore = true;
                if (_isFlushing)
                {
                    return true;
                }

                _isFlushing = true;
            }

            FlushAll();
            return true;
        }

        public void Close() => context.Abort();

        public async Task ReceiveAsync(IPeerConnectionHandler handler)
        {
            while (true)
            {
                var result = await context.Transport.Input.ReadAsync();
                if (result.IsCompleted || result.IsCanceled)
                {
                    break;
                }

                var used = result.Buffer.IsSingleSegment
                    ? handler.Received(result.Buffer.FirstSpan)
                    : handler.Received(result.Buffer.ToArray());
                context.Transport.Input.AdvanceTo(result.Buffer.GetPosition(used), result.Buffer.End);
            }

            handler.Closed(refused: false, "closed");
        }

        private void FlushAll()
        {
            while (TryStart(out var flush))
            {
                if (!flush.IsCompleted)
                {
                    flush.AsTask().ContinueWith(
                        static (_, self) => ((PipeConnection)self!).FlushAll(), this, CancellationToken.None,
                        TaskContinuationOptions.ExecuteSynchronously, TaskScheduler.Default);
                    return;
                }
            }
        }

        private bool TryStart(out ValueTask<System.IO.Pipelines.FlushResult> flush)
        {
            lock (_gate)
            {
                _isFlushing = _hasMore;
                _hasMore = false;
                flush = _isFlushing ? context.Transport.Output.FlushAsync() : default;
                return _isFlushing;
            }
        }
    }
}
