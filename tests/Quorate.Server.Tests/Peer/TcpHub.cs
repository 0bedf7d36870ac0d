using System.Collections.Concurrent;
using Microsoft.Extensions.Logging;
using Quorate.Node;
using Quorate.Raft;

namespace Quorate.Server.Tests.Peer;

/// <summary>A hub over TCP with a real timer: what it told, in the order in which it came.</summary>
internal sealed class TcpHub : IPeerSink, ILogger, IRandomSource, IAsyncDisposable
{
    private readonly TcpPeerTransport _transport = TcpParts.Bind();
    private readonly Lock _ticking = new();
    private readonly ITimer _timer;
    private ulong _draws;

    public TcpHub(ulong id, UInt128 clusterId, ushort protocol = 1)
    {
        Hub = new PeerHub(
            new PeerHubOptions
            {
                Self = new NodeId(id), Name = $"n{id}", ClusterId = clusterId, DirectoryId = 0xD0 + id,
                ProtocolMin = protocol, ProtocolMax = protocol,
            },
            _transport, this, this, this, Metrics);
        Hub.Listen();
        Info = new MemberInfo(new NodeId(id), $"n{id}", [TcpParts.UrlOf(_transport)]);
        _timer = TimeProvider.System.CreateTimer(
            static hub => ((TcpHub)hub!).Tick(), this, TimeSpan.FromMilliseconds(5), TimeSpan.FromMilliseconds(5));
    }

    public PeerHub Hub { get; }

    public PeerMetrics Metrics { get; } = new(meterFactory: null);

    public MemberInfo Info { get; }

    public TcpPeerTransport Transport => _transport;

    public ConcurrentQueue<string> News { get; } = new();

    public ConcurrentQueue<string> Lines { get; } = new();

    public ConcurrentQueue<PeerMessage> Messages { get; } = new();

    /// <summary>Waits until something is so.</summary>
    public static async Task Until(Func<bool> isSo)
    {
        using var patience = new CancellationTokenSource(TcpParts.Patience);
        using var often = new PeriodicTimer(TimeSpan.FromMilliseconds(2));
        while (!isSo())
        {
            await often.WaitForNextTickAsync(patience.Token);
        }
    }

    public ulong Next() => _draws++;

    public bool TryPostFrame(NodeId from, ReadOnlySpan<byte> body)
    {
        Assert.True(PeerCodec.TryDecode(body.ToArray(), out var message));
        Messages.Enqueue(message);
        return true;
    }

    public void LinkUp(NodeId peer, PeerHello hello) => News.Enqueue($"{peer} up");

    public void LinkDown(NodeId peer, bool refused) => News.Enqueue(refused ? $"{peer} refused" : $"{peer} down");

    public void SnapshotChunk(NodeId from, in SnapshotChunk chunk) => News.Enqueue($"{from} chunk");

    public void SnapshotAck(NodeId from, in SnapshotAck ack) => News.Enqueue($"{from} ack");

    public void Probed(ulong token, in ProbeResult result) =>
        News.Enqueue($"probe {token}: {result.Found?.Name ?? result.Why}");

    public void Invited(Invitation invitation) => News.Enqueue($"invited as {invitation}");

    public void ToldRemoved() => News.Enqueue("told removed");

    public void ChangeRequested(NodeId from, ChangeRequest request) => News.Enqueue($"{from} asks");

    public void ChangeAnswered(NodeId from, ChangeAnswer answer) => News.Enqueue($"{from} answers");

    public async ValueTask DisposeAsync()
    {
        await _timer.DisposeAsync();
        Hub.Close();
        await _transport.DisposeAsync();
    }

    IDisposable? ILogger.BeginScope<TState>(TState state) => null;

    bool ILogger.IsEnabled(LogLevel logLevel) => true;

    void ILogger.Log<TState>(
        LogLevel logLevel, EventId eventId, TState state, Exception? exception,
        Func<TState, Exception?, string> formatter) => Lines.Enqueue($"{eventId.Id} {formatter(state, exception)}");

    // A timer may fire while its last call still runs; the hub is ticked by one thread at a time.
    private void Tick()
    {
        lock (_ticking)
        {
            Hub.Tick();
        }
    }
}
