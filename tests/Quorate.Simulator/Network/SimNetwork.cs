using Quorate.Node;

namespace Quorate.Simulator;

/// <summary>
/// The network between the nodes: connections that deliver bytes in order, late, or never; links that can be cut in
/// one direction; and, since Raft must bear it, frames that are lost, doubled and overtaken on the way.
/// </summary>
/// <remarks>
/// A cut or clogged link keeps what it was given, as a network that sends again does, and delivers it later. The
/// handshake of a connection is never harmed frame by frame, only with its connection.
/// </remarks>
internal sealed class SimNetwork(EventQueue events, SimRandom random, FaultTable table)
{
    private const long DialTimeoutUs = 1_000_000;
    private readonly Dictionary<string, int> _hostOf = new(StringComparer.Ordinal);
    private readonly List<SimTransport?> _listeners = [];
    private readonly List<ISimHost> _hosts = [];
    private readonly List<SimConnection> _open = [];
    private bool[,] _cut = new bool[0, 0];
    private long[,] _cloggedUntilUs = new long[0, 0];

    public NetworkFaults Faults { get; } = new();

    public EventQueue Events => events;

    public SimRandom Random => random;

    public void Count(FaultKind kind) => table.Count(kind);

    /// <summary>Puts a machine on the network; its number is its place in the order of joining.</summary>
    public int Join(ISimHost host, string url)
    {
        _hosts.Add(host);
        _listeners.Add(null);
        _hostOf[url] = _hosts.Count - 1;
        _cut = new bool[_hosts.Count, _hosts.Count];
        _cloggedUntilUs = new long[_hosts.Count, _hosts.Count];
        return _hosts.Count - 1;
    }

    /// <summary>A machine has another address from here on; nobody is at the old one.</summary>
    public void Move(int host, string from, string to)
    {
        _hostOf.Remove(from);
        _hostOf[to] = host;
    }

    public ISimHost HostAt(int host) => _hosts[host];

    /// <summary>Whether nothing passes from one machine to another now.</summary>
    public bool IsBlocked(int from, int to) => _cut[from, to] || _cloggedUntilUs[from, to] > events.Now;

    /// <summary>Cuts and mends links, all at once: true is cut.</summary>
    public void SetCuts(Func<int, int, bool> isCut)
    {
        for (var from = 0; from < _hosts.Count; from++)
        {
            for (var to = 0; to < _hosts.Count; to++)
            {
                _cut[from, to] = from != to && isCut(from, to);
            }
        }

        ResumeAll();
    }

    /// <summary>Nothing passes from one machine to the other for a while.</summary>
    public void Clog(int from, int to, long forUs)
    {
        _cloggedUntilUs[from, to] = events.Now + forUs;
        table.Count(FaultKind.LinkClogged);
        events.After(forUs + 1, ResumeAll);
    }

    /// <summary>No link is cut or clogged from here on.</summary>
    public void Heal()
    {
        Faults.Heal();
        Array.Clear(_cloggedUntilUs);
        SetCuts((_, _) => false);
    }

    /// <summary>What was kept for a link or a machine that takes again goes on its way.</summary>
    public void ResumeAll()
    {
        foreach (var connection in _open.ToArray())
        {
            connection.Resume();
        }
    }

    /// <summary>Ends one connection, by chance; what was on its way on it is lost.</summary>
    public void ResetAny()
    {
        if (_open.Count > 0)
        {
            table.Count(FaultKind.ConnectionReset);
            random.Pick(_open).Reset("connection reset (simulated)");
        }
    }

    public void Listen(int host, SimTransport transport) => _listeners[host] = transport;

    /// <summary>A process has ended. Its machine says so to the others, unless it is dark.</summary>
    public void ProcessEnded(SimProcess process, bool isTold)
    {
        foreach (var connection in _open.ToArray())
        {
            connection.ProcessEnded(process, isTold);
        }
    }

    /// <summary>A machine has its power back: who still holds a connection to its old process learns of it.</summary>
    public void PowerIsBack()
    {
        foreach (var connection in _open.ToArray())
        {
            connection.DropIfHalfOpen();
        }
    }

    public void Dial(SimTransport dialer, string url, IPeerConnectionHandler handler)
    {
        var target = _hostOf.GetValueOrDefault(url, -1);
        events.After(DrawDelay() + DrawDelay(), () => Connect(dialer, target, handler));
    }

    public long DrawDelay() => Faults.DelayMinUs + random.Exponential(Faults.DelayMeanUs);

    public void Forget(SimConnection connection) => _open.Remove(connection);

    private void Connect(SimTransport dialer, int target, IPeerConnectionHandler handler)
    {
        if (!dialer.Process.IsAlive)
        {
            return;
        }

        var host = target >= 0 ? _hosts[target] : null;
        if (host is null || host.IsDark || host.IsPaused
            || IsBlocked(dialer.Host, target) || IsBlocked(target, dialer.Host))
        {
            events.After(DialTimeoutUs, () => dialer.Tell(() => handler.Closed(refused: false, "no answer")));
        }
        else if (host.Process is not { IsAlive: true } process || _listeners[target] is not { } listener
            || listener.Process != process)
        {
            dialer.Tell(() => handler.Closed(refused: true, "connection refused"));
        }
        else
        {
            Establish(dialer, listener, handler);
        }
    }

    private void Establish(SimTransport dialer, SimTransport listener, IPeerConnectionHandler handler)
    {
        var connection = new SimConnection(this, dialer, listener);
        _open.Add(connection);
        listener.Tell(() =>
        {
            if (listener.Accept!(connection.Accepted) is { } accepted)
            {
                connection.Accepted.Handler = accepted;
            }
            else
            {
                connection.Reset("not accepted");
            }
        });
        connection.Dialed.Handler = handler;
        dialer.Tell(() => handler.Connected(connection.Dialed));
    }
}
