using System.Net;
using System.Net.Sockets;
using System.Threading.Channels;
using Microsoft.Extensions.Logging.Abstractions;
using Quorate.Node;

namespace Quorate.Server.Tests.Peer;

/// <summary>Writes down what happens on one connection, so that a test can wait for it.</summary>
internal sealed class Recorder : IPeerConnectionHandler
{
    private readonly TaskCompletionSource<IPeerConnection> _connected = new(
        TaskCreationOptions.RunContinuationsAsynchronously);

    private readonly TaskCompletionSource<(bool Refused, string Why)> _closed = new(
        TaskCreationOptions.RunContinuationsAsynchronously);

    private readonly Channel<byte[]> _received = Channel.CreateUnbounded<byte[]>();

    /// <summary>How many bytes of an offer are used; all of them when null.</summary>
    public Func<int, int>? Uses { get; init; }

    public Task<IPeerConnection> WhenConnected => _connected.Task.WaitAsync(TcpParts.Patience);

    public Task<(bool Refused, string Why)> WhenClosed => _closed.Task.WaitAsync(TcpParts.Patience);

    public void Connected(IPeerConnection connection) => _connected.SetResult(connection);

    public int Received(ReadOnlySpan<byte> bytes)
    {
        var used = Uses?.Invoke(bytes.Length) ?? bytes.Length;
        Assert.True(_received.Writer.TryWrite(bytes[..used].ToArray()));
        return used;
    }

    public void Closed(bool refused, string why)
    {
        _received.Writer.Complete();
        _closed.SetResult((refused, why));
    }

    /// <summary>Waits for so many bytes.</summary>
    public async Task<byte[]> ReadAsync(int count)
    {
        using var patience = new CancellationTokenSource(TcpParts.Patience);
        var all = new MemoryStream();
        while (all.Length < count)
        {
            all.Write(await _received.Reader.ReadAsync(patience.Token));
        }

        return all.ToArray();
    }
}

/// <summary>What the TCP tests share.</summary>
internal static class TcpParts
{
    public static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    public static TcpPeerTransport Bind(
        string url = "http://127.0.0.1:0", int outputBytesMax = 16 * 1024 * 1024, int inputBytesMax = 9 * 1024 * 1024,
        int acceptedMax = 256) => TcpPeerTransport.Bind(
        new TcpPeerOptions
        {
            ListenUrls = [url], OutputBytesMax = outputBytesMax, InputBytesMax = inputBytesMax,
            AcceptedMax = acceptedMax,
        },
        NullLogger.Instance);

    public static string UrlOf(TcpPeerTransport transport) => $"http://{transport.BoundTo[0]}";

    /// <summary>A plain socket connected to a transport.</summary>
    public static async Task<Socket> ConnectAsync(TcpPeerTransport transport)
    {
        var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        await socket.ConnectAsync(new IPEndPoint(IPAddress.Loopback, transport.BoundTo[0].Port));
        return socket;
    }

    /// <summary>Waits until the other side has ended the connection.</summary>
    public static async Task WhenEndedAsync(Socket socket)
    {
        using var patience = new CancellationTokenSource(Patience);
        var rest = new byte[4096];
        try
        {
            while (await socket.ReceiveAsync(rest, SocketFlags.None, patience.Token) > 0)
            {
            }
        }
        catch (SocketException exception)
        {
            Assert.Equal(SocketError.ConnectionReset, exception.SocketErrorCode);
        }
    }
}
