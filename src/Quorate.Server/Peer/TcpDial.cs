using System.Net;
using System.Net.Sockets;

namespace Quorate.Server;

/// <summary>What one dial gave: a connected socket, or why there is none.</summary>
/// <param name="Socket">The socket, or null.</param>
/// <param name="Refused">Every address was tried and refused: the host answers, and nobody listens.</param>
/// <param name="Why">For the log.</param>
internal readonly record struct TcpDial(Socket? Socket, bool Refused, string Why)
{
    /// <summary>Looks the name up, each time anew, and tries its addresses in turn within one dial's time.</summary>
    public static async Task<TcpDial> ConnectAsync(
        PeerUrl url, TcpPeerOptions options, CancellationToken cancellationToken)
    {
        using var timeout = new CancellationTokenSource(options.DialTimeout, options.Time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(timeout.Token, cancellationToken);
        try
        {
            var addresses = await url.ResolveAsync(either.Token);
            return await ConnectAnyAsync(addresses, url.Port, either.Token);
        }
        catch (SocketException exception)
        {
            return new TcpDial(null, Refused: false, exception.Message);
        }
        catch (OperationCanceledException)
        {
            return new TcpDial(null, Refused: false, "no answer in time");
        }
    }

    private static async Task<TcpDial> ConnectAnyAsync(
        IPAddress[] addresses, int port, CancellationToken cancellationToken)
    {
        var refused = addresses.Length > 0;
        var why = "the name has no address";
        foreach (var address in addresses)
        {
            var (socket, error) = await TryConnectAsync(new IPEndPoint(address, port), cancellationToken);
            if (socket is not null)
            {
                return new TcpDial(socket, Refused: false, "");
            }

            refused &= error!.SocketErrorCode == SocketError.ConnectionRefused;
            why = error.Message;
        }

        return new TcpDial(null, refused, why);
    }

    private static async Task<(Socket? Socket, SocketException? Error)> TryConnectAsync(
        IPEndPoint endPoint, CancellationToken cancellationToken)
    {
        var socket = new Socket(endPoint.AddressFamily, SocketType.Stream, ProtocolType.Tcp);
        var connected = false;
        try
        {
            await socket.ConnectAsync(endPoint, cancellationToken);
            connected = true;
            return (socket, null);
        }
        catch (SocketException exception)
        {
            return (null, exception);
        }
        finally
        {
            if (!connected)
            {
                socket.Dispose();
            }
        }
    }
}
