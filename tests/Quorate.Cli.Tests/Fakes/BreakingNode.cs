using System.Net;
using System.Net.Sockets;

namespace Quorate.Cli.Tests.Fakes;

/// <summary>Takes a request and hangs up without an answer, as a node that dies in the middle.</summary>
internal sealed class BreakingNode : IDisposable
{
    private readonly TcpListener _listener = new(IPAddress.Loopback, 0);
    private int _requests;

    public BreakingNode()
    {
        _listener.Start();
        _ = RunAsync();
    }

    public string Endpoint => $"{_listener.LocalEndpoint}";

    public int Requests => Volatile.Read(ref _requests);

    public void Dispose() => _listener.Dispose();

    private async Task RunAsync()
    {
        var buffer = new byte[4096];
        while (true)
        {
            try
            {
                using var client = await _listener.AcceptTcpClientAsync();
                await client.GetStream().ReadAtLeastAsync(buffer, minimumBytes: 1, throwOnEndOfStream: false);
                Interlocked.Increment(ref _requests);
            }
            catch (Exception e) when (e is SocketException or ObjectDisposedException)
            {
                return;
            }
        }
    }
}
