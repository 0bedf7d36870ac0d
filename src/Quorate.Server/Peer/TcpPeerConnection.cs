using System.Net.Sockets;
using Quorate.Node;

namespace Quorate.Server;

/// <summary>
/// One socket to some peer. At most one send is in flight; what is handed over meanwhile leaves in the next one.
/// Input is parsed in place by the handler. Nothing is allocated per send or receive.
/// </summary>
internal sealed class TcpPeerConnection : IPeerConnection
{
    private readonly Lock _gate = new();
    private readonly Socket _socket;
    private readonly TcpPeerOptions _options;
    private readonly OutputBuffer _output;
    private readonly SocketAsyncEventArgs _send = new();
    private ITimer? _linger;
    private bool _isSending;
    private bool _isClosed;

    /// <summary>Takes a connected socket over.</summary>
    /// <exception cref="SocketException">It is no longer connected.</exception>
    public TcpPeerConnection(Socket socket, TcpPeerOptions options)
    {
        _socket = socket;
        _options = options;
        _output = new OutputBuffer(options.OutputBytesMax);
        _send.Completed += (_, _) => OnSendCompleted();
        socket.NoDelay = true;
        Remote = socket.RemoteEndPoint?.ToString() ?? "unknown";
    }

    /// <inheritdoc/>
    public string Remote { get; }

    /// <inheritdoc/>
    public bool TrySend(ReadOnlySpan<byte> bytes)
    {
        lock (_gate)
        {
            if (_isClosed || !_output.TryAdd(bytes))
            {
                return false;
            }

            if (_isSending)
            {
                return true;
            }

            _isSending = true;
        }

        SendAll();
        return true;
    }

    /// <inheritdoc/>
    public void Close()
    {
        lock (_gate)
        {
            if (_isClosed)
            {
                return;
            }

            _isClosed = true;

            // The other side may never close: then the receive is ended by closing the socket under it.
            _linger = _options.Time.CreateTimer(
                static socket => ((Socket)socket!).Dispose(), _socket, _options.LingerTime, Timeout.InfiniteTimeSpan);
        }

        Shutdown();
    }

    /// <summary>Reads until the connection ends, and returns why it did. Run once.</summary>
    public async Task<string> ReceiveAsync(IPeerConnectionHandler handler)
    {
        try
        {
            return await ReceiveAllAsync(handler);
        }
        catch (SocketException exception)
        {
            return exception.Message;
        }
        catch (ObjectDisposedException)
        {
            return "closed";
        }
        finally
        {
            Close();
            Release();
        }
    }

    private async Task<string> ReceiveAllAsync(IPeerConnectionHandler handler)
    {
        var input = new InputBuffer(_options.InputBytesMax);
        while (true)
        {
            var room = input.Free();
            if (room.IsEmpty)
            {
                return "more bytes came than may wait to be understood";
            }

            var count = await _socket.ReceiveAsync(room, SocketFlags.None);
            if (count == 0)
            {
                return "closed by the other side";
            }

            input.Came(count);
            input.Used(handler.Received(input.Filled));
        }
    }

    // Runs on the thread that handed over the bytes, or on the one that completed the send before.
    private void SendAll()
    {
        while (PrepareSend())
        {
            try
            {
                if (_socket.SendAsync(_send))
                {
                    return;
                }
            }
            catch (ObjectDisposedException)
            {
                StopSending();
                return;
            }

            if (!FinishSend())
            {
                return;
            }
        }
    }

    private void OnSendCompleted()
    {
        if (FinishSend())
        {
            SendAll();
        }
    }

    private bool PrepareSend()
    {
        lock (_gate)
        {
            var next = _output.Next();
            _isSending = !_isClosed && !next.IsEmpty;
            if (_isSending)
            {
                _send.SetBuffer(next);
            }

            return _isSending;
        }
    }

    private bool FinishSend()
    {
        if (_send.SocketError != SocketError.Success)
        {
            StopSending();
            return false;
        }

        lock (_gate)
        {
            _output.Sent(_send.BytesTransferred);
        }

        return true;
    }

    private void StopSending()
    {
        lock (_gate)
        {
            _isSending = false;
        }

        Close();
    }

    // Wakes the receive, which then tells the handler; what the system took of our bytes still leaves.
    private void Shutdown()
    {
        try
        {
            _socket.Shutdown(SocketShutdown.Both);
        }
        catch (SocketException)
        {
            _socket.Dispose();
        }
        catch (ObjectDisposedException)
        {
            // Nothing is left to shut down.
            return;
        }
    }

    private void Release()
    {
        lock (_gate)
        {
            _linger?.Dispose();
        }

        // A send that is still in flight ends with the socket, and its arguments with it.
        _socket.Dispose();
        _send.Dispose();
    }
}
