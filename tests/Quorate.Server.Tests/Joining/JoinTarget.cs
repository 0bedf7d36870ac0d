using System.Net;
using System.Net.Sockets;
using System.Text;

namespace Quorate.Server.Tests.Joining;

/// <summary>Answers <c>POST /join</c> with a refusal some times, and then with 200.</summary>
internal sealed class JoinTarget : IDisposable
{
    private readonly HttpListener _listener = new();
    private readonly List<string> _bodies = [];
    private readonly int _refusals;
    private readonly int _status;
    private readonly string _answer;
    private readonly Action _accepted;

    public JoinTarget(int refusals, int status, string answer, Action accepted)
    {
        _refusals = refusals;
        _status = status;
        _answer = answer;
        _accepted = accepted;
        using (var free = new TcpListener(IPAddress.Loopback, 0))
        {
            free.Start();
            Address = free.LocalEndpoint.ToString()!;
        }

        _listener.Prefixes.Add($"http://{Address}/");
        _listener.Start();
        _ = ServeAsync();
    }

    /// <summary>Where it is.</summary>
    public string Address { get; }

    /// <summary>What it was asked.</summary>
    public IReadOnlyList<string> Bodies
    {
        get
        {
            lock (_bodies)
            {
                return [.. _bodies];
            }
        }
    }

    public void Dispose() => _listener.Close();

    private async Task ServeAsync()
    {
        try
        {
            while (true)
            {
                await AnswerAsync(await _listener.GetContextAsync());
            }
        }
        catch (Exception e) when (e is HttpListenerException or ObjectDisposedException)
        {
            // The test is over.
        }
    }

    private async Task AnswerAsync(HttpListenerContext call)
    {
        using var reader = new StreamReader(call.Request.InputStream);
        var body = await reader.ReadToEndAsync();
        bool refuses;
        lock (_bodies)
        {
            refuses = _bodies.Count < _refusals;
            _bodies.Add(body);
        }

        if (refuses)
        {
            call.Response.StatusCode = _status;
            call.Response.OutputStream.Write(Encoding.UTF8.GetBytes(_answer));
        }
        else
        {
            _accepted();
        }

        call.Response.Close();
    }
}
