namespace Quorate.Node.Tests.Peer;

/// <summary>A network of one thread: what happens is a queue of steps, taken by <see cref="Run"/>.</summary>
internal sealed class MemoryNetwork
{
    private readonly SortedDictionary<string, Func<IPeerConnection, IPeerConnectionHandler?>> _listeners = new(
        StringComparer.Ordinal);

    private readonly Queue<Action> _steps = new();

    /// <summary>Bytes vanish, and dials stay without an answer, while this is set.</summary>
    public bool IsCut { get; set; }

    /// <summary>Dials since the start.</summary>
    public int Dials { get; private set; }

    /// <summary>Every connection made, the dialer's end first.</summary>
    public List<(End Dialer, End Listener)> Connections { get; } = [];

    public IPeerTransport TransportOf(string url) => new Transport(this, url);

    public void StopListening(string url) => _listeners.Remove(url);

    public void Post(Action step) => _steps.Enqueue(step);

    /// <summary>Takes steps until there are none.</summary>
    public void Run()
    {
        while (_steps.TryDequeue(out var step))
        {
            step();
        }
    }

    /// <summary>Ticks the hubs of these members, and takes the steps that come of it before the next tick.</summary>
    public void Tick(int count, params HubMember[] members)
    {
        for (var tick = 0; tick < count; tick++)
        {
            Run();
            foreach (var member in members)
            {
                member.Hub.Tick();
            }
        }

        Run();
    }

    private void Dial(string from, string to, IPeerConnectionHandler handler)
    {
        Dials++;
        if (IsCut)
        {
            return;
        }

        Post(() => Connect(from, to, handler));
    }

    private void Connect(string from, string to, IPeerConnectionHandler handler)
    {
        if (!_listeners.TryGetValue(to, out var accept))
        {
            handler.Closed(refused: true, "nobody listens");
            return;
        }

        var dialer = new End(this, to);
        var listener = new End(this, from);
        (dialer.Other, listener.Other) = (listener, dialer);
        dialer.Handler = handler;
        listener.Handler = accept(listener);
        Connections.Add((dialer, listener));
        handler.Connected(dialer);
        if (listener.Handler is null)
        {
            dialer.Close();
        }
    }

    private sealed class Transport(MemoryNetwork network, string url) : IPeerTransport
    {
        public void Listen(Func<IPeerConnection, IPeerConnectionHandler?> accept) => network._listeners[url] = accept;

        public void Dial(string peerUrl, IPeerConnectionHandler handler) => network.Dial(url, peerUrl, handler);
    }

    /// <summary>One end of a connection.</summary>
    public sealed class End(MemoryNetwork network, string remote) : IPeerConnection
    {
        private readonly List<byte> _arrived = [];
        private bool _isClosed;

        public string Remote { get; } = remote;

        public End Other { get; set; } = null!;

        public IPeerConnectionHandler? Handler { get; set; }

        /// <summary>Sends, so far.</summary>
        public int Sends { get; private set; }

        /// <summary>Takes nothing more, as if its output were full.</summary>
        public bool IsFull { get; set; }

        public bool TrySend(ReadOnlySpan<byte> bytes)
        {
            if (_isClosed || IsFull)
            {
                return false;
            }

            Sends++;
            if (!network.IsCut)
            {
                var copy = bytes.ToArray();
                network.Post(() => Other.Arrive(copy));
            }

            return true;
        }

        public void Close()
        {
            if (_isClosed)
            {
                return;
            }

            _isClosed = true;
            network.Post(() => Handler?.Closed(refused: false, "closed here"));
            if (!network.IsCut)
            {
                network.Post(Other.OnClosedByOther);
            }
        }

        private void OnClosedByOther()
        {
            if (!_isClosed)
            {
                _isClosed = true;
                Handler?.Closed(refused: false, "closed there");
            }
        }

        private void Arrive(byte[] bytes)
        {
            if (_isClosed || Handler is null)
            {
                return;
            }

            // In pieces: a frame may be cut anywhere.
            foreach (var piece in bytes.Chunk(7))
            {
                _arrived.AddRange(piece);
                _arrived.RemoveRange(0, Handler.Received(_arrived.ToArray()));
            }
        }
    }
}
