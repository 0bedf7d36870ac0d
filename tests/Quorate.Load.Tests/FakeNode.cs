using System.Net;
using System.Net.Sockets;
using System.Text;

namespace Quorate.Load.Tests;

/// <summary>Answers every request as its judge says, keeps what it was asked, and can drop a connection.</summary>
internal sealed class FakeNode : IAsyncDisposable
{
    private readonly TcpListener _listener = new(IPAddress.Loopback, 0);
    private readonly Func<string, string?> _judge;
    private readonly List<string> _asked = [];
    private readonly Task _serving;

    /// <summary>The judge gets the request line and gives an answer, or null to close the connection.</summary>
    public FakeNode(Func<string, string?> judge)
    {
        _judge = judge;
        _listener.Start();
        _serving = AcceptAsync();
    }

    public string Address => _listener.LocalEndpoint.ToString()!;

    public IReadOnlyList<string> Asked
    {
        get
        {
            lock (_asked)
            {
                return [.. _asked];
            }
        }
    }

    public static string Answer(string status, string body) =>
        $"HTTP/1.1 {status}\r\nContent-Length: {body.Length}\r\n\r\n{body}";

    public async ValueTask DisposeAsync()
    {
        _listener.Stop();
        await _serving;
    }

    private async Task AcceptAsync()
    {
        var connections = new List<Task>();
        try
        {
            while (true)
            {
                connections.Add(ServeAsync(await _listener.AcceptTcpClientAsync()));
            }
        }
        catch (Exception e) when (e is SocketException or ObjectDisposedException)
        {
            await Task.WhenAll(connections);
        }
    }

    private async Task ServeAsync(TcpClient client)
    {
        using var owned = client;
        var buffer = new byte[64 * 1024];
        var text = "";
        try
        {
            int count;
            while ((count = await client.GetStream().ReadAsync(buffer)) > 0)
            {
                text += Encoding.ASCII.GetString(buffer, 0, count);
                while (TakeRequest(ref text) is { } request)
                {
                    if (Judge(request) is not { } answer)
                    {
                        return;
                    }

                    await client.GetStream().WriteAsync(Encoding.ASCII.GetBytes(answer));
                }
            }
        }
        catch (IOException)
        {
            // The other side hung up, as it may at any time.
            return;
        }
    }

    private string? Judge(string request)
    {
        lock (_asked)
        {
            _asked.Add(request);
        }

        return _judge(request);
    }

    private static string? TakeRequest(ref string text)
    {
        var headEnd = text.IndexOf("\r\n\r\n", StringComparison.Ordinal);
        if (headEnd < 0)
        {
            return null;
        }

        const string mark = "Content-Length: ";
        var at = text.IndexOf(mark, 0, headEnd, StringComparison.Ordinal);
        var length = at < 0 ? 0 : int.Parse(text[(at + mark.Length)..headEnd].Split("\r\n")[0]);
        if (text.Length < headEnd + 4 + length)
        {
            return null;
        }

        var line = text[..text.IndexOf("\r\n", StringComparison.Ordinal)];
        text = text[(headEnd + 4 + length)..];
        return line;
    }
}
